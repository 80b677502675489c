// SPDX-License-Identifier: Apache-2.0
// ServerHello: RFC 5246 §7.4.1.3. Its extensions are in extension/, one file each.
#include "extension/block.hpp"

namespace ashlar::tls {
namespace {

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
  ASHLAR_TRY(hello.extensions, read_extensions(reader, hello));
  return hello;
}

}  // namespace

Result<ServerHello> ServerHello::parse(Bytes body) {
  return at(Place::server_hello, parse_server_hello(body));
}

void ServerHello::build(Writer& writer) const {
  writer.u16(static_cast<std::uint16_t>(version));
  writer.bytes(random);
  write_u8_vector(writer, session_id);
  writer.u16(static_cast<std::uint16_t>(suite));
  writer.u8(0);
  // Without extensions their length is left out too, for clients that sent none (RFC 5246 §7.4.1.3).
  if (!extensions_of(*this).empty()) {
    write_extensions(*this, writer);
  }
}

}  // namespace ashlar::tls
