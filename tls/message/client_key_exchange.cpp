// SPDX-License-Identifier: Apache-2.0
// ClientKeyExchange. With ECDHE it is the client's point (RFC 8422 §5.7). The point is never empty, because
// the client's key never comes from a certificate. With RSA it is the encrypted premaster secret (RFC 5246
// §7.4.7.1), The private key checks its size. With a pre-shared key its identity comes first (RFC 4279 §2 to
// §4, RFC 5489 §2), and any bytes are one, also none.
#include "message/fields.hpp"

namespace ashlar::tls {
namespace {

Result<ClientKeyExchange> parse_client_key_exchange(std::size_t length_size, Bytes body, bool by_psk) {
  ClientKeyExchange message;
  Reader reader(body);
  if (by_psk) {
    ASHLAR_TRY(Reader identity, reader.u16_prefixed());
    message.psk_identity = identity.take_rest();
  }
  if (length_size == 0) {
    ASHLAR_CHECK(reader.expect_end());
    return message;
  }
  ASHLAR_TRY(const Reader keys, length_size == 1 ? reader.u8_prefixed() : reader.u16_prefixed());
  ASHLAR_CHECK(reader.expect_end());
  ASHLAR_TRY(message.exchange_keys, elements(keys, 1));
  return message;
}

}  // namespace

Result<ClientKeyExchange> ClientKeyExchange::parse(std::size_t length_size, Bytes body, bool by_psk) {
  return at(Place::client_key_exchange, parse_client_key_exchange(length_size, body, by_psk));
}

void ClientKeyExchange::build(std::size_t length_size, Writer& writer, bool by_psk) const {
  if (by_psk) {
    write_u16_vector(writer, psk_identity);
  }
  if (length_size == 0) {
    return;
  }
  auto vector = length_size == 1 ? writer.u8_scope() : writer.u16_scope();
  writer.bytes(exchange_keys);
}

}  // namespace ashlar::tls
