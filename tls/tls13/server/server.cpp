// SPDX-License-Identifier: Apache-2.0
// The server's handshake of TLS 1.3 as a Protocol, from the ClientHello to the client's Finished.
#include "tls13/server/server.hpp"

#include "tls13/after_handshake.hpp"
#include "tls13/server/ticket.hpp"

namespace ashlar::tls {

namespace tls13 {

Result<Next> ServerHandshake::step(const Input& input) {
  if (input.kind == Input::Kind::change_cipher_spec) {
    ASHLAR_CHECK(pass_over_change_cipher_spec());
    return Next{};
  }
  ASHLAR_CHECK(step_state(*this, state, input));
  if (state_of(state) != State::server_connected) {
    return Next{};
  }
  if (tickets != 0) {
    ASHLAR_TRY(Session session, describe_session(outcome.negotiated.server_name, trust_id()));
    session.max_early_data = config.early_data != nullptr ? config.early_data->max_size : 0;
    if (!session.by_psk || !session.psk_identity.empty()) {
      for (std::uint8_t number = 0; number < tickets; ++number) {
        ASHLAR_CHECK(
            send_ticket(outbox, *resumption(), hash(), resumption_secret, session, number, config.grease));
      }
    }
  }
  return server_after_handshake(outbox, suite(), {std::move(server_traffic), std::move(client_traffic)},
                                std::move(exporter_secret));
}

namespace {

Result<Next> start(const ServerConfig& config, const Outbox& outbox) {
  return make_protocol<ServerHandshake>(outbox, config);
}

}  // namespace

}  // namespace tls13

constinit const ServerVersion kTls13Server = {ProtocolVersion::tls13, tls13::start};

}  // namespace ashlar::tls
