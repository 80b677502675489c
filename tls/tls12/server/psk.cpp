// SPDX-License-Identifier: Apache-2.0
// The server of an exchange with a pre-shared key: its hint and share, and the key of the client's identity
// (RFC 4279 §2 to §4, RFC 5489 §2).
#include "tls12/server/server.hpp"

namespace ashlar::tls::tls12 {

Result<ServerState> ServerHandshake::send_psk_parameters() {
  EphemeralKey ephemeral(settings.memory);
  Buffer share(settings.memory);
  if (key_exchange().ephemeral) {
    ASHLAR_CHECK(make_share(*negotiated().group, ephemeral, share));
  } else if (config.psk_hint.empty()) {
    return finish_flight(std::move(ephemeral));
  }
  ASHLAR_CHECK(send(HandshakeType::server_key_exchange, 2 + config.psk_hint.size() + kMaxKeyExchangeSize,
                    [&](Writer& writer) {
                      {
                        const auto hint = writer.u16_scope();
                        writer.bytes(config.psk_hint);
                      }
                      if (key_exchange().ephemeral) {
                        key_exchange().build_params(*negotiated().group, share.bytes(), writer);
                      }
                    }));
  return finish_flight(std::move(ephemeral));
}

// A random key is drawn in any case, so that known and unknown identities take the same way. With it the
// client's Finished does not open.
Result<void> ServerHandshake::add_psk_of(Bytes identity, Premaster& premaster) {
  ASHLAR_CHECK(outcome.keep_psk_identity(identity));
  Psk psk, known;
  psk.key.resize(32);
  ASHLAR_CHECK(settings.random.fill(psk.key.reveal_mut()));
  if (config.psks.find(config.psks.context, identity, known) && !known.key.empty()) {
    psk.key.assign(known.key.reveal());
  } else if (config.tell_unknown_psk) {
    return ErrorCode::unknown_psk_identity;
  }
  add_psk(identity, psk, premaster);
  return {};
}

}  // namespace ashlar::tls::tls12
