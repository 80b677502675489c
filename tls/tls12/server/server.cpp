// SPDX-License-Identifier: Apache-2.0
// The server's handshake of TLS 1.2 as a Protocol, from the ClientHello to the last Finished.
#include "tls12/server/server.hpp"

#include "tls12/after_handshake.hpp"

namespace ashlar::tls {

namespace tls12 {

Result<Next> ServerHandshake::step(const Input& input) {
  ASHLAR_CHECK(step_state(*this, state, input));
  // A session ID that came with a ticket is the client's own, and none of the store's.
  auto* const connected = state.get_if<ServerConnected>();
  return connected != nullptr ? after_handshake(outbox, by_ticket ? nullptr : config.sessions,
                                                make_exporter(std::move(connected->master_secret)))
                              : Next{};
}

namespace {

Result<Next> start(const ServerConfig& config, const Outbox& outbox) {
  return make_protocol<ServerHandshake>(outbox, config);
}

}  // namespace

}  // namespace tls12

constinit const ServerVersion kTls12Server = {ProtocolVersion::tls12, tls12::start};

}  // namespace ashlar::tls
