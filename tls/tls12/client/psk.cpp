// SPDX-License-Identifier: Apache-2.0
// The client takes the hint by which it chooses its pre-shared key, and the server's share if there is one
// (RFC 4279 §2 to §4, RFC 5489 §2). No signature protects them: the Finished does.
#include "tls12/client/client.hpp"

namespace ashlar::tls::tls12 {

// A server without a hint sends no ServerKeyExchange where there is no share either.
Result<ClientState> ClientExpectsPskHint::handle(ClientHandshake& handshake, const Input& input) {
  if (kind_of(input) == HandshakeType::server_key_exchange) {
    return handshake.take_psk_parameters(*input.message);
  }
  ASHLAR_CHECK(handshake.choose_psk({}));
  return ClientExpectsServerHelloDone{ServerShare(handshake.settings.memory), nullptr}.handle(handshake,
                                                                                              input);
}

Result<ClientState> ClientHandshake::take_psk_parameters(const HandshakeMessage& message) {
  ASHLAR_TRY(const PskHint hint, PskHint::parse(message.body));
  ClientExpectsServerHelloDone next{ServerShare(settings.memory), nullptr};
  const KeyExchange& row = key_exchange();
  Bytes params;
  if (row.ephemeral) {
    ASHLAR_TRY(const ServerKeyExchange exchange,
               at(Place::server_key_exchange, row.parse_params(policy(), hint.rest)));
    const Group* const group = policy().group(exchange.group);
    if (group == nullptr || !row.uses(*group)) {
      return Error{ErrorCode::group_not_offered, Place::none, static_cast<std::uint32_t>(exchange.group)};
    }
    negotiated().group = group;
    ASHLAR_CHECK(next.server_share.append(exchange.key_share));
    params = exchange.params;
  }
  if (params.size() != hint.rest.size()) {
    const std::size_t end = message.body.size() - (hint.rest.size() - params.size());
    return Error{ErrorCode::trailing_data, Place::server_key_exchange, static_cast<std::uint32_t>(end)};
  }
  ASHLAR_CHECK(choose_psk(hint.hint));
  accept(message);
  return ClientState(std::move(next));
}

Result<void> ClientHandshake::choose_psk(Bytes hint) {
  const PskChoice& choice = config.psk_choice;
  psk = choice.choose != nullptr ? choice.choose(choice.context, hint) : &config.psks[0];
  if (psk == nullptr) {
    return ErrorCode::no_psk_for_hint;
  }
  outcome.authenticate_by_psk(psk->identity());
  return {};
}

}  // namespace ashlar::tls::tls12
