// SPDX-License-Identifier: Apache-2.0
// RSA key transport: RFC 5246 §7.4.7.1. The client makes the premaster secret and encrypts it to the key of
// the server's certificate.
#include "tls12/key_exchange.hpp"

namespace ashlar::tls::tls12 {
namespace {

// The version that the ClientHello offered, and 46 random bytes.
Result<Bytes> make(const ClientExchange& exchange, MutBytes room, Premaster& premaster) {
  const x509::PublicKey& key = *exchange.server_key;
  if (key.kind().encrypt == nullptr) {
    return ErrorCode::certificate_type_mismatch;
  }
  premaster.resize(48);
  const MutBytes bytes = premaster.reveal_mut();
  ASHLAR_CHECK(exchange.random.fill(bytes));
  bytes[0] = static_cast<std::uint8_t>(static_cast<std::uint16_t>(ProtocolVersion::tls12) >> 8);
  bytes[1] = static_cast<std::uint8_t>(static_cast<std::uint16_t>(ProtocolVersion::tls12) & 0xff);
  ASHLAR_TRY(const MutBytes encrypted, key.kind().encrypt(key, exchange.random, bytes, room));
  return Bytes(encrypted);
}

}  // namespace

constinit const KeyExchange kRsa = {.name = "RSA",
                                    .authentication = Authentication::rsa,
                                    .key_usage = x509::KeyUsage::key_encipherment,
                                    .ephemeral = false,
                                    .length_size = 2,
                                    .make = make};

}  // namespace ashlar::tls::tls12
