// SPDX-License-Identifier: Apache-2.0
// The client's handshake of TLS 1.3 as a Protocol, from the ServerHello to its own Finished.
#include "tls13/client/client.hpp"

#include "tls13/after_handshake.hpp"
#include "tls13/client/resumption.hpp"

namespace ashlar::tls {

namespace tls13 {

ClientHandshake::ClientHandshake(const Allocation& allocation, const Outbox& engine,
                                 const ClientConfig& given, SentHello&& sent)
    : SideOf(allocation, engine, ClientExpectsServerHello{std::move(sent)}),
      config(given),
      request_memory(engine.settings.memory) {
  const SentHello& kept = state.get_if<ClientExpectsServerHello>()->sent;
  name = kept.name;
  compatibility = !kept.session_id.empty();
  copy_bytes(client_random, kept.random);
  if (kept.early_data) {
    note_change_cipher_spec();
  }
}

namespace {

// One, or as many as it has asked for.
std::uint8_t most_kept(const ClientConfig& config) {
  const TicketRequest wanted = config.tickets.value_or(TicketRequest{});
  const std::uint8_t most = wanted.new_session > wanted.resumption ? wanted.new_session : wanted.resumption;
  return most == 0 ? 1 : most < kMaxKeptSessions ? most : kMaxKeptSessions;
}

}  // namespace

Result<Next> ClientHandshake::step(const Input& input) {
  if (input.kind == Input::Kind::change_cipher_spec) {
    ASHLAR_CHECK(pass_over_change_cipher_spec());
    return Next{};
  }
  ASHLAR_CHECK(step_state(*this, state, input));
  if (state_of(state) != State::client_connected) {
    return Next{};
  }
  const auto judge = judge_of(config, outcome.negotiated.server_certificate_type);
  ASHLAR_TRY(Session session, describe_session(text_of(name.bytes()), judge.value_or(0)));
  return client_after_handshake(outbox, suite(), {std::move(client_traffic), std::move(server_traffic)},
                                std::move(exporter_secret), std::move(resumption_secret), std::move(session),
                                most_kept(config));
}

namespace {

Result<Next> start(const ClientConfig& config, const Outbox& outbox, SentHello&& sent) {
  return make_protocol<ClientHandshake>(outbox, config, std::move(sent));
}

}  // namespace

}  // namespace tls13

constinit const ClientVersion kTls13Client = {ProtocolVersion::tls13, tls13::start, nullptr, tls13::prepare};

}  // namespace ashlar::tls
