// SPDX-License-Identifier: Apache-2.0
// ClientKeyExchange. With ECDHE it is the client's point (RFC 8422 §5.7). The point is never empty, because
// the client's key never comes from a certificate. With RSA it is the encrypted premaster secret (RFC 5246
// §7.4.7.1), The private key checks its size.
#include "message/fields.hpp"

namespace ashlar::tls {
namespace {

Result<ClientKeyExchange> parse_client_key_exchange(std::size_t length_size, Bytes body) {
  ClientKeyExchange message;
  Reader reader(body);
  ASHLAR_TRY(const Reader keys, length_size == 1 ? reader.u8_prefixed() : reader.u16_prefixed());
  ASHLAR_CHECK(reader.expect_end());
  ASHLAR_TRY(message.exchange_keys, elements(keys, 1));
  return message;
}

}  // namespace

Result<ClientKeyExchange> ClientKeyExchange::parse(std::size_t length_size, Bytes body) {
  return at(Place::client_key_exchange, parse_client_key_exchange(length_size, body));
}

void ClientKeyExchange::build(std::size_t length_size, Writer& writer) const {
  auto vector = length_size == 1 ? writer.u8_scope() : writer.u16_scope();
  writer.bytes(exchange_keys);
}

}  // namespace ashlar::tls
