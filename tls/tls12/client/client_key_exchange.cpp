// SPDX-License-Identifier: Apache-2.0
// The client answers the ServerHelloDone: its Certificate, if one was asked for, and the ClientKeyExchange
// (RFC 5246 §7.4.6, §7.4.7).
#include <ashlar/crypto/rsa.hpp>

#include "tls12/client/client.hpp"

namespace ashlar::tls::tls12 {

Result<ClientState> ClientHandshake::answer(const ServerShare& server_share, bool certificate_requested,
                                            const Scheme* scheme) {
  if (scheme == nullptr) {
    transcript.keep_only(*suite().prf_hash);
  }
  if (certificate_requested) {
    ASHLAR_CHECK(send_certificate(scheme != nullptr ? config.credential->chain : std::span<const Bytes>{}));
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
  const KeyExchange kind = suite().key_exchange;
  SecretBuffer<kMaxSharedSecretSize> shared;
  Secret<48> transported;
  Bytes premaster;
  std::uint8_t exchange_keys[crypto::kRsaMaxSize];
  ClientKeyExchange exchange;
  if (kind == KeyExchange::ecdhe) {
    const Group& group = *negotiated().group;
    SecretBuffer<32> private_key;
    const auto share = MutBytes(exchange_keys).first(group.key_share_size);
    ASHLAR_CHECK(group.generate(settings.random, private_key, share));
    ASHLAR_CHECK(group.agree(private_key, server_share.bytes(), shared));
    exchange.exchange_keys = share;
    premaster = shared.reveal();
  } else {
    // RFC 5246 §7.4.7.1: the version that the ClientHello offered, and 46 random bytes.
    const MutBytes bytes = transported.reveal_mut();
    ASHLAR_CHECK(settings.random.fill(bytes));
    bytes[0] = static_cast<std::uint8_t>(static_cast<std::uint16_t>(ProtocolVersion::tls12) >> 8);
    bytes[1] = static_cast<std::uint8_t>(static_cast<std::uint16_t>(ProtocolVersion::tls12) & 0xff);
    ASHLAR_TRY(exchange.exchange_keys,
               peer_key->kind().encrypt(*peer_key, settings.random, bytes, MutBytes(exchange_keys)));
    premaster = bytes;
  }
  ASHLAR_CHECK(send(HandshakeType::client_key_exchange, kMaxKeyExchangeSize,
                    [&](Writer& writer) { exchange.build(kind, writer); }));
  return derive_keys(premaster);
}

}  // namespace ashlar::tls::tls12
