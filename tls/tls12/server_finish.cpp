// SPDX-License-Identifier: Apache-2.0
// ChangeCipherSpec and Finished as the server sends and takes them, and what makes a Server.
#include "tls12/server.hpp"

namespace ashlar::tls {

namespace tls12 {

// In the abbreviated handshake the server is first to finish (RFC 5246 Figure 2).
Result<ServerState> ServerHandshake::resume(Session session) {
  PendingKeys keys;
  keys.master_secret = std::move(session.master_secret);
  transcript.keep_only(*suite().prf_hash);
  expand_keys(keys);
  ASHLAR_CHECK(send_change_cipher_spec(keys));
  ASHLAR_CHECK(send_finished(keys));
  return ServerState(ServerExpectsChangeCipherSpec{std::move(keys)});
}

Result<ServerState> ServerExpectsChangeCipherSpec::handle(ServerHandshake& handshake, const Input&) {
  ASHLAR_CHECK(handshake.receive_change_cipher_spec(keys));
  return ServerState(ServerExpectsFinished{std::move(keys)});
}

// In the full handshake the server answers the client's Finished with its own (Figure 1).
Result<ServerState> ServerExpectsFinished::handle(ServerHandshake& handshake, const Input& input) {
  ASHLAR_CHECK(handshake.verify_finished(keys, *input.message));
  if (!handshake.negotiated().resumed) {
    ASHLAR_CHECK(handshake.send_change_cipher_spec(keys));
    ASHLAR_CHECK(handshake.send_finished(keys));
    if (!handshake.engine.session_id.empty()) {
      const SessionStore& store = *handshake.config.sessions;
      ASHLAR_TRY(const Session session, handshake.make_session(keys.master_secret, handshake.trust_id()));
      store.put(store.context, session);
    }
  }
  return ServerState(ServerConnected{});
}

Result<ServerState> ServerConnected::handle(ServerHandshake&, const Input&) {
  return ErrorCode::unexpected_message;
}

namespace {

ServerHandshake& handshake_of(const Engine& engine) {
  return *static_cast<ServerHandshake*>(engine.handshake);
}

Result<void> step(Engine& engine, const Input& input) {
  ServerHandshake& handshake = handshake_of(engine);
  return step_state(handshake, handshake.state, input);
}

std::optional<PrivateKeyRequest> request(const Engine& engine) {
  if (engine.handshake != nullptr) {
    const ServerHandshake& handshake = handshake_of(engine);
    if (const auto* signing = handshake.state.get_if<ServerSignsServerKeyExchange>()) {
      return signing->request(handshake);
    }
    if (const auto* decrypting = handshake.state.get_if<ServerDecryptsPremaster>()) {
      return decrypting->request(handshake);
    }
  }
  return std::nullopt;
}

const Credential& credential(const Engine& engine) {
  return handshake_of(engine).own();
}

void destroy(Engine& engine) {
  destroy_in(&handshake_of(engine));
  engine.handshake = nullptr;
}

}  // namespace

const Role kServerRole = {State::server_connected, step, request, credential, destroy};

}  // namespace tls12

Result<Server> Server::create(const ServerConfig& config) {
  const Engine::Settings settings = {
      &tls12::kServerRole,           config.policy,  config.clock, config.random, config.events, false,
      config.keep_peer_certificates, config.sessions};
  Engine* engine = make_in<Engine>(config.memory, settings);
  if (engine == nullptr) {
    return Error{ErrorCode::out_of_memory, Place::none, sizeof(Engine)};
  }
  Server server(engine);
  ASHLAR_CHECK(engine->allocate_buffers());
  auto* handshake = make_in<tls12::ServerHandshake>(config.memory, *engine, config);
  if (handshake == nullptr) {
    return Error{ErrorCode::out_of_memory, Place::none, sizeof(tls12::ServerHandshake)};
  }
  engine->handshake = handshake;
  return Result<Server>(std::move(server));
}

}  // namespace ashlar::tls
