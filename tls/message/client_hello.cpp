// SPDX-License-Identifier: Apache-2.0
// ClientHello: RFC 5246 §7.4.1.2. Its extensions are in extension/, one file each.
#include "extension/block.hpp"

namespace ashlar::tls {
namespace {

constexpr std::uint8_t kZero[] = {0};

Result<ClientHello> parse_client_hello(Bytes body) {
  ClientHello hello;
  Reader reader(body);
  ASHLAR_TRY(const std::uint16_t version, reader.u16());
  hello.version = ProtocolVersion{version};
  ASHLAR_TRY(hello.random, reader.take(kRandomSize));
  ASHLAR_TRY(Reader session_id, at(Place::client_hello_session_id, reader.u8_prefixed()));
  if (session_id.remaining() > 32) {
    return bad_length(session_id.remaining()).at(Place::client_hello_session_id);
  }
  hello.session_id = session_id.take_rest();
  ASHLAR_TRY(const Reader suites, at(Place::client_hello_cipher_suites, reader.u16_prefixed()));
  ASHLAR_TRY(hello.cipher_suites, at(Place::client_hello_cipher_suites, elements(suites, 2)));
  ASHLAR_TRY(const Reader methods, at(Place::client_hello_compression_methods, reader.u8_prefixed()));
  ASHLAR_TRY(hello.compression_methods, at(Place::client_hello_compression_methods, elements(methods, 1)));
  bool offers_null = false;
  for (const std::uint8_t method : hello.compression_methods) {
    offers_null = offers_null || method == 0;
  }
  if (!offers_null) {
    return Error{ErrorCode::null_compression_missing, Place::client_hello_compression_methods};
  }
  hello.has_extensions = !reader.empty();
  ASHLAR_CHECK(read_extensions(reader, hello));
  // Binders are proofs over all that is before them: they end the message (RFC 9846 §4.2.11).
  if (!hello.binders.empty() && hello.binders.data() + hello.binders.size() != body.data() + body.size()) {
    return Error{ErrorCode::pre_shared_key_not_last, Place::client_hello_pre_shared_key};
  }
  hello.has_renegotiation_info = hello.has_renegotiation_info || hello.offers(kEmptyRenegotiationInfoScsv);
  hello.offers_fallback_scsv = hello.offers(kFallbackScsv);
  return hello;
}

// The first of the extensions that mean nothing is empty, the other has a byte: as others do it.
void write_grease(const ClientHello& hello, std::size_t which, Writer& writer) {
  if (hello.grease_extensions[which] != 0) {
    writer.u16(hello.grease_extensions[which]);
    write_u16_vector(writer, Bytes(kZero).first(which));
  }
}

void write_in_order(const ClientHello& hello, Writer& writer) {
  const ExtensionSet present = extensions_of(hello);
  auto block = writer.u16_scope();
  write_grease(hello, 0, writer);
  for (std::size_t place = 0; place < std::size(kExtensions); ++place) {
    if (place == std::size(kExtensions) - 1) {
      write_grease(hello, 1, writer);
    }
    const std::size_t row = hello.extension_order.empty() ? place : hello.extension_order[place];
    if (present.has(row)) {
      write_extension(row, hello, writer);
    }
  }
}

}  // namespace

Result<ClientHello> ClientHello::parse(Bytes body) {
  return at(Place::client_hello, parse_client_hello(body));
}

void ClientHello::build(Writer& writer) const {
  writer.u16(static_cast<std::uint16_t>(version));
  writer.bytes(random);
  write_u8_vector(writer, session_id);
  write_u16_vector(writer, cipher_suites);
  write_u8_vector(writer, compression_methods);
  if (has_extensions) {
    write_in_order(*this, writer);
  }
}

bool ClientHello::offers(SuiteId suite) const {
  return list_holds(cipher_suites, suite);
}
bool ClientHello::offers(GroupId group) const {
  return list_holds(supported_groups, group);
}
bool ClientHello::offers(SchemeId scheme) const {
  return list_holds(signature_algorithms, scheme);
}

}  // namespace ashlar::tls
