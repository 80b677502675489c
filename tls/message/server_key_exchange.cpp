// SPDX-License-Identifier: Apache-2.0
// ServerKeyExchange for ECDHE: RFC 8422 §5.4, with the signature of RFC 5246 §4.7. The identity hint before
// it: RFC 5489 §2.
#include "message/fields.hpp"

namespace ashlar::tls {
namespace {

constexpr std::uint8_t kNamedCurve = 3;

Result<ServerKeyExchange> parse_curve_params(Bytes body) {
  ServerKeyExchange message;
  Reader reader(body);
  ASHLAR_TRY(const std::uint8_t curve_type, reader.u8());
  if (curve_type != kNamedCurve) {
    return Error{ErrorCode::unsupported_curve_type, Place::server_key_exchange_params, curve_type};
  }
  ASHLAR_TRY(const std::uint16_t group, at(Place::server_key_exchange_params, reader.u16()));
  message.group = GroupId{group};
  ASHLAR_TRY(const Reader point, at(Place::server_key_exchange_params, reader.u8_prefixed()));
  ASHLAR_TRY(message.key_share, at(Place::server_key_exchange_params, elements(point, 1)));
  message.params = body.first(reader.offset());
  return message;
}

Result<void> read_signature(ServerKeyExchange& message, Bytes body) {
  Reader reader(body);
  ASHLAR_CHECK(reader.take(message.params.size()));
  ASHLAR_TRY(const std::uint16_t scheme, at(Place::server_key_exchange_signature, reader.u16()));
  message.scheme = SchemeId{scheme};
  ASHLAR_TRY(Reader signature, at(Place::server_key_exchange_signature, reader.u16_prefixed()));
  message.signature = signature.take_rest();
  return reader.expect_end();
}

}  // namespace

Result<ServerKeyExchange> ServerKeyExchange::parse_params(Bytes body) {
  return at(Place::server_key_exchange, parse_curve_params(body));
}
Result<void> ServerKeyExchange::parse_signature(Bytes body) {
  return at(Place::server_key_exchange, read_signature(*this, body));
}
Result<ServerKeyExchange> ServerKeyExchange::parse(Bytes body) {
  ASHLAR_TRY(ServerKeyExchange message, parse_params(body));
  ASHLAR_CHECK(message.parse_signature(body));
  return message;
}

Result<PskHint> PskHint::parse(Bytes body) {
  Reader reader(body);
  ASHLAR_TRY(Reader hint, at(Place::server_key_exchange, reader.u16_prefixed()));
  return PskHint{hint.take_rest(), reader.take_rest()};
}

void ServerKeyExchange::build_params(Writer& writer) const {
  writer.u8(kNamedCurve);
  writer.u16(static_cast<std::uint16_t>(group));
  auto point = writer.u8_scope();
  writer.bytes(key_share);
}

void ServerKeyExchange::build(Writer& writer) const {
  build_params(writer);
  build_signature(writer);
}

void ServerKeyExchange::build_signature(Writer& writer) const {
  writer.u16(static_cast<std::uint16_t>(scheme));
  auto vector = writer.u16_scope();
  writer.bytes(signature);
}

}  // namespace ashlar::tls
