// SPDX-License-Identifier: Apache-2.0
// The server signs and sends the ServerKeyExchange (RFC 8422 §5.4).
#include "tls12/server/server.hpp"

namespace ashlar::tls::tls12 {

Result<ServerState> ServerHandshake::start_server_key_exchange(const Group& group, const Scheme& scheme) {
  ServerSignsServerKeyExchange next{
      EphemeralKey(settings.memory), Buffer(settings.memory), Buffer(settings.memory), &scheme, {}};
  ASHLAR_CHECK(make_share(group, next.ephemeral, next.share));
  std::uint8_t storage[4 + kMaxShareSize];
  Writer params{MutBytes(storage)};
  key_exchange().build_params(group, next.share.bytes(), params);
  ASHLAR_TRY(const Bytes signed_params, params.finish());
  ASHLAR_CHECK(next.message.reserve(sizeof client_random + sizeof server_random + signed_params.size()));
  for (const Bytes part : {Bytes(client_random), Bytes(server_random), signed_params}) {
    ASHLAR_CHECK(next.message.append(part));
  }
  next.digest = digest_for(scheme, next.message.bytes());
  return ServerState(std::move(next));
}

Result<void> ServerHandshake::make_share(const Group& group, EphemeralKey& ephemeral, Buffer& share) const {
  ASHLAR_CHECK(ephemeral.allocate(group.private_size));
  ASHLAR_CHECK(share.reserve(group.start_share_size));
  share.commit(group.start_share_size);
  return group.start(settings.random, ephemeral.reveal_mut(), share.bytes_mut());
}

PrivateKeyRequest ServerSignsServerKeyExchange::request(const ServerHandshake& handshake) const {
  return signature_request(handshake.credential, *scheme, message.bytes(), digest.bytes());
}

Result<ServerState> ServerSignsServerKeyExchange::handle(ServerHandshake& handshake, const Input& input) {
  ServerKeyExchange exchange;
  exchange.scheme = scheme->id;
  exchange.signature = input.bytes;
  ASHLAR_CHECK(handshake.send(HandshakeType::server_key_exchange, kMaxKeyExchangeSize, [&](Writer& writer) {
    handshake.key_exchange().build_params(*handshake.negotiated().group, share.bytes(), writer);
    exchange.build_signature(writer);
  }));
  return handshake.finish_flight(std::move(ephemeral));
}

}  // namespace ashlar::tls::tls12
