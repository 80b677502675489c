// SPDX-License-Identifier: Apache-2.0
// The server's handshake of TLS 1.2 as a Protocol, from the ClientHello to the last Finished.
#include "tls12/server/server.hpp"

#include "tls12/after_handshake.hpp"
#include "warnings.hpp"

namespace ashlar::tls {

namespace tls12 {

namespace {

ServerHandshake& handshake_of(const void* context) {
  return *static_cast<ServerHandshake*>(const_cast<void*>(context));
}

Result<Next> step(void* context, const Input& input) {
  ServerHandshake& handshake = handshake_of(context);
  ASHLAR_CHECK(step_state(handshake, handshake.state, input));
  if (state_of(handshake.state) != State::server_connected) {
    return Next{};
  }
  return after_handshake(handshake.outbox, handshake.config.sessions);
}

std::optional<PrivateKeyRequest> private_key_request(const void* context) {
  const ServerHandshake& handshake = handshake_of(context);
  if (const auto* signing = handshake.state.get_if<ServerSignsServerKeyExchange>()) {
    return signing->request(handshake);
  }
  if (const auto* decrypting = handshake.state.get_if<ServerDecryptsPremaster>()) {
    return decrypting->request(handshake);
  }
  return std::nullopt;
}

std::optional<CredentialRequest> credential_request(const void* context) {
  const ServerHandshake& handshake = handshake_of(context);
  const auto* choosing = handshake.state.get_if<ServerChoosesCredential>();
  return choosing != nullptr ? choosing->request(handshake) : std::nullopt;
}

constexpr Protocol kServerHandshake = {
    .connected = false,
    .state =
        [](const void* context) {
          return kStateNames[static_cast<std::size_t>(state_of(handshake_of(context).state))];
        },
    .accepts =
        [](const void* context, const Input& input) {
          return allowed(state_of(handshake_of(context).state), kind_of(input));
        },
    .step = step,
    .warned = [](void* context) { return count_warning(handshake_of(context).outcome); },
    .failed = [](void*, Error) {},
    .destroy = [](void* context) { destroy_in(&handshake_of(context)); },
    .private_key_request = private_key_request,
    .credential_request = credential_request,
};

Result<Next> start(const ServerConfig& config, const Outbox& outbox) {
  auto* handshake = make_in<ServerHandshake>(config.memory, outbox, config);
  if (handshake == nullptr) {
    return Error{ErrorCode::out_of_memory, Place::none, sizeof(ServerHandshake)};
  }
  return Next{&kServerHandshake, handshake};
}

}  // namespace

}  // namespace tls12

constinit const ServerVersion kTls12Server = {ProtocolVersion::tls12, tls12::start};

}  // namespace ashlar::tls
