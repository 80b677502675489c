// SPDX-License-Identifier: Apache-2.0
// The client answers the ServerHelloDone: its Certificate, if the server asked for one, and the
// ClientKeyExchange (RFC 5246 §7.4.6, §7.4.7).
#include "tls12/client/client.hpp"

namespace ashlar::tls::tls12 {

Result<ClientState> ClientHandshake::answer(const ServerShare& server_share, const Scheme* scheme) {
  if (scheme == nullptr) {
    transcript.keep_only(*suite().hash);
  }
  if (negotiated().client_certificate_requested) {
    ASHLAR_CHECK(send_certificate(credential));
  }
  ASHLAR_TRY(PendingKeys keys, send_client_key_exchange(server_share));
  if (scheme == nullptr) {
    return finish(std::move(keys));
  }
  negotiated().client_scheme = scheme;
  ASHLAR_TRY(const crypto::Digest digest, transcript.digest(*scheme->algorithm->hash));
  return ClientState(ClientSignsCertificateVerify{std::move(keys), scheme, digest});
}

Result<PendingKeys> ClientHandshake::send_client_key_exchange(const ServerShare& server_share) {
  Premaster premaster;
  std::uint8_t room[kMaxExchangeKeysSize];
  const ClientExchange from = {settings.random, negotiated().group, server_share.bytes(),
                               peer_key ? &*peer_key : nullptr};
  ClientKeyExchange exchange;
  ASHLAR_TRY(exchange.exchange_keys, key_exchange().make(from, MutBytes(room), premaster));
  const std::size_t length_size = key_exchange().length_size;
  const bool by_psk = key_exchange().by_psk();
  if (by_psk) {
    exchange.psk_identity = psk->identity();
    add_psk(psk->identity(), psk->secret(), premaster);
  }
  ASHLAR_CHECK(send(HandshakeType::client_key_exchange,
                    2 + exchange.psk_identity.size() + length_size + exchange.exchange_keys.size(),
                    [&](Writer& writer) { exchange.build(length_size, writer, by_psk); }));
  return derive_keys(premaster.reveal());
}

}  // namespace ashlar::tls::tls12
