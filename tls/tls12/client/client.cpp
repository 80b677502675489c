// SPDX-License-Identifier: Apache-2.0
// The client's handshake of TLS 1.2 as a Protocol, from the ServerHello to the last Finished.
#include "tls12/client/client.hpp"

#include "tls12/after_handshake.hpp"
#include "tls12/hello_request.hpp"

namespace ashlar::tls {

namespace tls12 {

ClientHandshake::ClientHandshake(const Allocation& allocation, const Outbox& engine,
                                 const ClientConfig& given, SentHello&& sent)
    : SideOf(allocation, engine,
             ClientExpectsServerHello{std::move(sent.message), std::move(sent.session), sent.extensions}),
      config(given),
      name(sent.name),
      ticket(engine.settings.memory) {
  copy_bytes(client_random, sent.random);
}

Result<Next> ClientHandshake::step(const Input& input) {
  if (kind_of(input) == HandshakeType::hello_request) {
    ASHLAR_CHECK(pass_over_hello_request(outbox, *input.message));
    return Next{};
  }
  ASHLAR_CHECK(step_state(*this, state, input));
  auto* const connected = state.get_if<ClientConnected>();
  return connected != nullptr
             ? after_handshake(outbox, nullptr, make_exporter(std::move(connected->master_secret)))
             : Next{};
}

namespace {

Result<Next> start(const ClientConfig& config, const Outbox& outbox, SentHello&& sent) {
  return make_protocol<ClientHandshake>(outbox, config, std::move(sent));
}

}  // namespace

}  // namespace tls12

constinit const ClientVersion kTls12Client = {ProtocolVersion::tls12, tls12::start,
                                              tls12::pass_over_hello_request};

}  // namespace ashlar::tls
