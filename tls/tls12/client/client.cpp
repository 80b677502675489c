// SPDX-License-Identifier: Apache-2.0
// The client's handshake of TLS 1.2 as a Protocol, from the ServerHello to the last Finished.
#include "tls12/client/client.hpp"

#include "tls12/after_handshake.hpp"
#include "tls12/hello_request.hpp"
#include "warnings.hpp"

namespace ashlar::tls {

namespace tls12 {

ClientHandshake::ClientHandshake(const Allocation& allocation, const Outbox& engine,
                                 const ClientConfig& given, SentHello&& sent)
    : Handshake(allocation, engine),
      config(given),
      name(sent.name),
      state(ClientExpectsServerHello{std::move(sent.message), std::move(sent.session), sent.extensions}) {
  copy_bytes(client_random, sent.random);
}

namespace {

ClientHandshake& handshake_of(const void* context) {
  return *static_cast<ClientHandshake*>(const_cast<void*>(context));
}

Result<Next> step(void* context, const Input& input) {
  ClientHandshake& handshake = handshake_of(context);
  if (kind_of(input) == HandshakeType::hello_request) {
    ASHLAR_CHECK(pass_over_hello_request(handshake.outbox, *input.message));
    return Next{};
  }
  ASHLAR_CHECK(step_state(handshake, handshake.state, input));
  if (state_of(handshake.state) != State::client_connected) {
    return Next{};
  }
  return after_handshake(handshake.outbox, nullptr);
}

std::optional<PrivateKeyRequest> private_key_request(const void* context) {
  const ClientHandshake& handshake = handshake_of(context);
  const auto* signing = handshake.state.get_if<ClientSignsCertificateVerify>();
  return signing != nullptr ? std::optional(signing->request(handshake)) : std::nullopt;
}

std::optional<CredentialRequest> credential_request(const void* context) {
  const ClientHandshake& handshake = handshake_of(context);
  const auto* choosing = handshake.state.get_if<ClientChoosesCredential>();
  return choosing != nullptr ? choosing->request(handshake) : std::nullopt;
}

constexpr Protocol kClientHandshake = {
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

Result<Next> start(const ClientConfig& config, const Outbox& outbox, SentHello&& sent) {
  auto* handshake = make_in<ClientHandshake>(config.memory, outbox, config, std::move(sent));
  if (handshake == nullptr) {
    return Error{ErrorCode::out_of_memory, Place::none, sizeof(ClientHandshake)};
  }
  return Next{&kClientHandshake, handshake};
}

}  // namespace

}  // namespace tls12

constinit const ClientVersion kTls12Client = {ProtocolVersion::tls12, tls12::start,
                                              tls12::pass_over_hello_request};

}  // namespace ashlar::tls
