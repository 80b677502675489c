// SPDX-License-Identifier: Apache-2.0
// The server takes the ClientKeyExchange, and decrypts or computes the premaster secret (RFC 5246
// §7.4.7).
#include "tls12/server/server.hpp"

namespace ashlar::tls::tls12 {

Result<ServerState> ServerExpectsClientKeyExchange::handle(ServerHandshake& handshake, const Input& input) {
  ASHLAR_TRY(const ClientKeyExchange exchange,
             ClientKeyExchange::parse(handshake.key_exchange().length_size, input.message->body,
                                      handshake.key_exchange().by_psk()));
  if (!handshake.key_exchange().ephemeral && !handshake.key_exchange().by_psk()) {
    handshake.accept(*input.message);
    ServerDecryptsPremaster next;
    const std::size_t size = (handshake.credential->signer().bits + 7) / 8;
    if (exchange.exchange_keys.size() != size || !next.ciphertext.assign(exchange.exchange_keys)) {
      // It is wrong and must be treated like any other wrong ciphertext (RFC 5246 §7.4.7.1; R04). The number
      // 1 replaces it: it decrypts to bad padding, and so a random premaster secret is used.
      next.ciphertext.resize(size);
      wipe(next.ciphertext.bytes_mut());
      next.ciphertext.bytes_mut()[size - 1] = 1;
    }
    return ServerState(std::move(next));
  }
  Premaster premaster;
  if (handshake.key_exchange().ephemeral) {
    ASHLAR_CHECK(handshake.key_exchange().finish(*handshake.negotiated().group, ephemeral.reveal(),
                                                 exchange.exchange_keys, premaster));
  }
  if (handshake.key_exchange().by_psk()) {
    ASHLAR_CHECK(handshake.add_psk_of(exchange.psk_identity, premaster));
  }
  handshake.accept(*input.message);
  ASHLAR_TRY(PendingKeys keys, handshake.derive_keys(premaster.reveal()));
  return handshake.keys_known(std::move(keys));
}

PrivateKeyRequest ServerDecryptsPremaster::request(const ServerHandshake& handshake) const {
  return {PrivateKeyRequest::Kind::decrypt_premaster,
          handshake.credential,
          nullptr,
          {},
          {},
          ciphertext.bytes(),
          handshake.client_version};
}

// This does not know whether the premaster secret is the client's or a random one instead. The client's
// Finished tells (RFC 5246 §7.4.7.1).
Result<ServerState> ServerDecryptsPremaster::handle(ServerHandshake& handshake, const Input& input) {
  ASHLAR_TRY(PendingKeys keys, handshake.derive_keys(input.bytes));
  return handshake.keys_known(std::move(keys));
}

Result<ServerState> ServerHandshake::keys_known(PendingKeys keys) {
  if (peer_key) {
    return ServerState(ServerExpectsCertificateVerify{std::move(keys)});
  }
  return ServerState(ServerExpectsChangeCipherSpec{std::move(keys)});
}

}  // namespace ashlar::tls::tls12
