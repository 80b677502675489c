// SPDX-License-Identifier: Apache-2.0
// ClientHello: RFC 5246 §7.4.1.2, and the extensions of RFC 5246 §7.4.1.4.1, 5746, 6066 §3, 7301, 7366, 7627
// and 8422 §5.1.
#include "message/fields.hpp"

namespace ashlar::tls {
namespace {

constexpr bool is_host_character(std::uint8_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

// Labels of 1 to 63 letters, digits, hyphens and (as people use them) underscores, without a trailing dot;
// 253 bytes at most. NUL, spaces, and the colons of IPv6 addresses are thereby refused.
bool is_host_name(Bytes name) {
  std::size_t label = 0;
  for (const std::uint8_t c : name) {
    if (c == '.') {
      if (label == 0) {
        return false;
      }
      label = 0;
    } else if (!is_host_character(c) || ++label > 63) {
      return false;
    }
  }
  return label != 0 && name.size() <= 253;
}

// ServerNameList with exactly one entry, a host_name (RFC 6066 §3).
Result<std::string_view> read_server_name(Reader body) {
  ASHLAR_TRY(Reader list, body.u16_prefixed());
  ASHLAR_CHECK(body.expect_end());
  ASHLAR_TRY(const std::uint8_t name_type, list.u8());
  if (name_type != 0) {
    return ErrorCode::bad_server_name;
  }
  ASHLAR_TRY(Reader name_reader, list.u16_prefixed());
  const Bytes name = name_reader.take_rest();
  if (!list.empty() || !is_host_name(name)) {
    return ErrorCode::bad_server_name;
  }
  return text_of(name);
}

// A list of 16-bit numbers with a 16-bit length, alone in its extension.
Result<Bytes> read_number_list(Reader body) {
  ASHLAR_TRY(const Reader list, body.u16_prefixed());
  ASHLAR_CHECK(body.expect_end());
  return elements(list, 2);
}

// ProtocolNameList: at least one name, none of them empty (RFC 7301 §3.1).
Result<Bytes> read_alpn(Reader body) {
  ASHLAR_TRY(Reader list, body.u16_prefixed());
  ASHLAR_CHECK(body.expect_end());
  const Bytes content = list.peek();
  if (content.empty()) {
    return bad_length(0);
  }
  while (!list.empty()) {
    ASHLAR_TRY(const Reader protocol, list.u8_prefixed());
    if (protocol.empty()) {
      return bad_length(0);
    }
  }
  return content;
}

Result<void> read_extension(ClientHello& hello, ExtensionType type, Reader body) {
  switch (type) {
    case ExtensionType::server_name: {
      ASHLAR_TRY(hello.server_name, at(Place::client_hello_server_name, read_server_name(body)));
      return {};
    }
    case ExtensionType::supported_groups: {
      ASHLAR_TRY(hello.supported_groups, at(Place::client_hello_supported_groups, read_number_list(body)));
      return {};
    }
    case ExtensionType::ec_point_formats: {
      hello.has_ec_point_formats = true;
      ASHLAR_TRY(hello.offers_uncompressed_points,
                 at(Place::client_hello_ec_point_formats, read_point_formats(body)));
      return {};
    }
    case ExtensionType::signature_algorithms: {
      ASHLAR_TRY(hello.signature_algorithms,
                 at(Place::client_hello_signature_algorithms, read_number_list(body)));
      return {};
    }
    case ExtensionType::application_layer_protocol_negotiation: {
      ASHLAR_TRY(hello.alpn, at(Place::client_hello_alpn, read_alpn(body)));
      return {};
    }
    case ExtensionType::encrypt_then_mac:
      hello.encrypt_then_mac = true;
      return at(Place::client_hello_encrypt_then_mac, body.expect_end());
    case ExtensionType::extended_master_secret:
      hello.extended_master_secret = true;
      return at(Place::client_hello_extended_master_secret, body.expect_end());
    case ExtensionType::renegotiation_info:
      hello.has_renegotiation_info = true;
      return at(Place::client_hello_renegotiation_info, read_renegotiation_info(body));
  }
  return {};
}

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
  ASHLAR_CHECK(at(Place::client_hello_extensions,
                  read_extensions(reader, [&hello](ExtensionType type, Reader extension) {
                    return read_extension(hello, type, extension);
                  })));
  hello.has_renegotiation_info = hello.has_renegotiation_info || hello.offers(kEmptyRenegotiationInfoScsv);
  hello.offers_fallback_scsv = hello.offers(kFallbackScsv);
  return hello;
}

void write_number_list(Writer& writer, ExtensionType type, Bytes list) {
  if (!list.empty()) {
    auto body = extension_scope(writer, type);
    auto vector = writer.u16_scope();
    writer.bytes(list);
  }
}

}  // namespace

Result<ClientHello> ClientHello::parse(Bytes body) {
  return at(Place::client_hello, parse_client_hello(body));
}

void ClientHello::build(Writer& writer) const {
  writer.u16(static_cast<std::uint16_t>(version));
  writer.bytes(random);
  {
    auto vector = writer.u8_scope();
    writer.bytes(session_id);
  }
  {
    auto vector = writer.u16_scope();
    writer.bytes(cipher_suites);
  }
  {
    auto vector = writer.u8_scope();
    writer.bytes(compression_methods);
  }
  if (!has_extensions) {
    return;
  }
  auto block = writer.u16_scope();
  if (!server_name.empty()) {
    auto extension = extension_scope(writer, ExtensionType::server_name);
    auto list = writer.u16_scope();
    writer.u8(0);
    auto name = writer.u16_scope();
    writer.text(server_name);
  }
  write_number_list(writer, ExtensionType::supported_groups, supported_groups);
  if (has_ec_point_formats) {
    write_point_formats(writer);
  }
  write_number_list(writer, ExtensionType::signature_algorithms, signature_algorithms);
  if (!alpn.empty()) {
    auto extension = extension_scope(writer, ExtensionType::application_layer_protocol_negotiation);
    auto list = writer.u16_scope();
    writer.bytes(alpn);
  }
  if (encrypt_then_mac) {
    empty_extension(writer, ExtensionType::encrypt_then_mac);
  }
  if (extended_master_secret) {
    empty_extension(writer, ExtensionType::extended_master_secret);
  }
  if (has_renegotiation_info && !offers(kEmptyRenegotiationInfoScsv)) {
    write_renegotiation_info(writer);
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
