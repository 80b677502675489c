// SPDX-License-Identifier: Apache-2.0
// ChangeCipherSpec and Finished as the client sends and takes them, and what makes a Client.
#include "tls12/client.hpp"

namespace ashlar::tls {

namespace tls12 {

// In the full handshake the client is first to finish (RFC 5246 Figure 1).
Result<ClientState> ClientHandshake::finish(PendingKeys keys) {
  ASHLAR_CHECK(send_change_cipher_spec(keys));
  ASHLAR_CHECK(send_finished(keys));
  return ClientState(ClientExpectsChangeCipherSpec{std::move(keys)});
}

Result<ClientState> ClientExpectsChangeCipherSpec::handle(ClientHandshake& handshake, const Input&) {
  ASHLAR_CHECK(handshake.receive_change_cipher_spec(keys));
  return ClientState(ClientExpectsFinished{std::move(keys)});
}

// In the abbreviated handshake the client answers the server's Finished with its own (Figure 2).
Result<ClientState> ClientExpectsFinished::handle(ClientHandshake& handshake, const Input& input) {
  ASHLAR_CHECK(handshake.verify_finished(keys, *input.message));
  if (handshake.negotiated().resumed) {
    ASHLAR_CHECK(handshake.send_change_cipher_spec(keys));
    ASHLAR_CHECK(handshake.send_finished(keys));
  } else if (!handshake.engine.session_id.empty() && handshake.negotiated().extended_master_secret) {
    ASHLAR_TRY(handshake.engine.session,
               handshake.make_session(keys.master_secret, handshake.config.verifier.id));
    ASHLAR_CHECK(handshake.engine.session.server_name.assign(handshake.name.bytes()));
  }
  return ClientState(ClientConnected{});
}

Result<ClientState> ClientConnected::handle(ClientHandshake&, const Input&) {
  return ErrorCode::unexpected_message;
}

namespace {

ClientHandshake& handshake_of(const Engine& engine) {
  return *static_cast<ClientHandshake*>(engine.handshake);
}

Result<void> step(Engine& engine, const Input& input) {
  ClientHandshake& handshake = handshake_of(engine);
  return step_state(handshake, handshake.state, input);
}

std::optional<PrivateKeyRequest> request(const Engine& engine) {
  if (engine.handshake != nullptr) {
    if (const auto* signing = handshake_of(engine).state.get_if<ClientSignsCertificateVerify>()) {
      return signing->request();
    }
  }
  return std::nullopt;
}

const Credential& credential(const Engine& engine) {
  return *handshake_of(engine).config.credential;
}

void destroy(Engine& engine) {
  destroy_in(&handshake_of(engine));
  engine.handshake = nullptr;
}

}  // namespace

const Role kClientRole = {State::client_connected, step, request, credential, destroy};

}  // namespace tls12

Result<Client> Client::create(const ClientConfig& config, std::string_view name, const Session* session) {
  const Engine::Settings settings = {
      &tls12::kClientRole,           config.policy, config.clock, config.random, config.events, true,
      config.keep_peer_certificates, nullptr};
  Engine* engine = make_in<Engine>(config.memory, settings);
  if (engine == nullptr) {
    return Error{ErrorCode::out_of_memory, Place::none, sizeof(Engine)};
  }
  Client client(engine);
  ASHLAR_CHECK(engine->allocate_buffers());
  auto* handshake = make_in<tls12::ClientHandshake>(config.memory, *engine, config);
  if (handshake == nullptr) {
    return Error{ErrorCode::out_of_memory, Place::none, sizeof(tls12::ClientHandshake)};
  }
  engine->handshake = handshake;
  ASHLAR_CHECK(handshake->start(name, session));
  ASHLAR_CHECK(engine->run());
  return Result<Client>(std::move(client));
}

Result<Session> Client::session() const {
  if (impl_->error()) {
    return *impl_->error();
  }
  if (!impl_->done() || impl_->session.id.empty()) {
    return ErrorCode::no_session;
  }
  return impl_->session.clone();
}

}  // namespace ashlar::tls
