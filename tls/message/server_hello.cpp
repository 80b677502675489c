// SPDX-License-Identifier: Apache-2.0
// ServerHello: RFC 5246 §7.4.1.3.
#include "message/fields.hpp"

namespace ashlar::tls {
namespace {

// The one protocol the server chose (RFC 7301 §3.1).
Result<std::string_view> read_alpn(Reader body) {
  ASHLAR_TRY(Reader list, body.u16_prefixed());
  ASHLAR_CHECK(body.expect_end());
  ASHLAR_TRY(Reader protocol, list.u8_prefixed());
  ASHLAR_CHECK(list.expect_end());
  if (protocol.empty()) {
    return bad_length(0);
  }
  return text_of(protocol.take_rest());
}

// A server that speaks of point formats must take uncompressed ones (RFC 8422 §5.1.2).
Result<void> read_server_point_formats(Reader body) {
  ASHLAR_TRY(const bool uncompressed, read_point_formats(body));
  if (!uncompressed) {
    return ErrorCode::unsupported_point_format;
  }
  return {};
}

Result<void> read_extension(ServerHello& hello, ExtensionType type, Reader body) {
  switch (type) {
    case ExtensionType::server_name:
      hello.acknowledges_server_name = true;
      return at(Place::server_hello_server_name, body.expect_end());
    case ExtensionType::ec_point_formats:
      hello.has_ec_point_formats = true;
      return at(Place::server_hello_ec_point_formats, read_server_point_formats(body));
    case ExtensionType::application_layer_protocol_negotiation: {
      ASHLAR_TRY(hello.alpn, at(Place::server_hello_alpn, read_alpn(body)));
      return {};
    }
    case ExtensionType::encrypt_then_mac:
      hello.encrypt_then_mac = true;
      return at(Place::server_hello_encrypt_then_mac, body.expect_end());
    case ExtensionType::extended_master_secret:
      hello.extended_master_secret = true;
      return at(Place::server_hello_extended_master_secret, body.expect_end());
    case ExtensionType::renegotiation_info:
      hello.has_renegotiation_info = true;
      return at(Place::server_hello_renegotiation_info, read_renegotiation_info(body));
    case ExtensionType::supported_groups:
    case ExtensionType::signature_algorithms:
      break;  // never in a ServerHello of TLS 1.2
  }
  return Error{ErrorCode::unsolicited_extension, Place::none, static_cast<std::uint32_t>(type)};
}

Result<ServerHello> parse_server_hello(Bytes body) {
  ServerHello hello;
  Reader reader(body);
  ASHLAR_TRY(const std::uint16_t version, reader.u16());
  hello.version = ProtocolVersion{version};
  ASHLAR_TRY(hello.random, reader.take(kRandomSize));
  ASHLAR_TRY(Reader session_id, at(Place::server_hello_session_id, reader.u8_prefixed()));
  if (session_id.remaining() > 32) {
    return bad_length(session_id.remaining()).at(Place::server_hello_session_id);
  }
  hello.session_id = session_id.take_rest();
  ASHLAR_TRY(const std::uint16_t suite, reader.u16());
  hello.suite = SuiteId{suite};
  ASHLAR_TRY(const std::uint8_t compression_method, reader.u8());
  if (compression_method != 0) {
    return Error{ErrorCode::compression_chosen, Place::server_hello_compression_method, compression_method};
  }
  ASHLAR_CHECK(at(Place::server_hello_extensions,
                  read_extensions(reader, [&hello](ExtensionType type, Reader extension) {
                    return read_extension(hello, type, extension);
                  })));
  return hello;
}

}  // namespace

Result<ServerHello> ServerHello::parse(Bytes body) {
  return at(Place::server_hello, parse_server_hello(body));
}

void ServerHello::build(Writer& writer) const {
  writer.u16(static_cast<std::uint16_t>(version));
  writer.bytes(random);
  {
    auto vector = writer.u8_scope();
    writer.bytes(session_id);
  }
  writer.u16(static_cast<std::uint16_t>(suite));
  writer.u8(0);
  if (!acknowledges_server_name && !has_ec_point_formats && alpn.empty() && !encrypt_then_mac &&
      !extended_master_secret && !has_renegotiation_info) {
    return;  // no extensions: no block either, for clients that sent none (RFC 5246 §7.4.1.3)
  }
  auto block = writer.u16_scope();
  if (acknowledges_server_name) {
    empty_extension(writer, ExtensionType::server_name);
  }
  if (has_ec_point_formats) {
    write_point_formats(writer);
  }
  if (!alpn.empty()) {
    auto extension = extension_scope(writer, ExtensionType::application_layer_protocol_negotiation);
    auto list = writer.u16_scope();
    auto protocol = writer.u8_scope();
    writer.text(alpn);
  }
  if (encrypt_then_mac) {
    empty_extension(writer, ExtensionType::encrypt_then_mac);
  }
  if (extended_master_secret) {
    empty_extension(writer, ExtensionType::extended_master_secret);
  }
  if (has_renegotiation_info) {
    write_renegotiation_info(writer);
  }
}

}  // namespace ashlar::tls
