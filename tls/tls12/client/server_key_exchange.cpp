// SPDX-License-Identifier: Apache-2.0
// The client takes the ServerKeyExchange (RFC 8422 §5.4).
#include "registry/group_versions.hpp"
#include "tls12/client/client.hpp"

namespace ashlar::tls::tls12 {

// We must have offered the group and the scheme. The signature must cover both randoms and the parameters
// (RFC 8422 §5.4).
Result<ClientState> ClientExpectsServerKeyExchange::handle(ClientHandshake& handshake, const Input& input) {
  const KeyExchange& row = handshake.key_exchange();
  if (row.by_psk()) {
    return handshake.take_psk_parameters(*input.message);
  }
  ASHLAR_TRY(ServerKeyExchange exchange,
             at(Place::server_key_exchange, row.parse_params(handshake.policy(), input.message->body)));
  ASHLAR_CHECK(exchange.parse_signature(input.message->body));
  Negotiated& negotiated = handshake.negotiated();
  const Group* group = handshake.policy().group(exchange.group);
  if (group == nullptr || !row.uses(*group)) {
    return Error{ErrorCode::group_not_offered, Place::none, static_cast<std::uint32_t>(exchange.group)};
  }
  ASHLAR_TRY(const Scheme* const scheme, handshake.peer_scheme(exchange.scheme));
  const Bytes content[] = {handshake.client_random, handshake.server_random, exchange.params};
  ASHLAR_CHECK(handshake.peer_key->verify(*scheme->algorithm, content, exchange.signature));
  negotiated.group = group;
  negotiated.server_scheme = scheme;
  ClientExpectsCertificateRequest next{ServerShare(handshake.settings.memory)};
  ASHLAR_CHECK(next.server_share.append(exchange.key_share));
  handshake.accept(*input.message);
  return ClientState(std::move(next));
}

}  // namespace ashlar::tls::tls12
