// SPDX-License-Identifier: Apache-2.0
#include "config_check.hpp"

#include "message/message.hpp"
#include "tls12/key_exchange.hpp"

namespace ashlar::tls {

namespace {

Result<void> demand(bool given, Place field) {
  return given ? Result<void>() : Error{ErrorCode::invalid_argument, field};
}

// What both sides need, and where it stands.
struct Common {
  const Policy* policy;
  const Clock& clock;
  const crypto::Random& random;
  const Memory& memory;
  std::span<const std::string_view> alpn;
};
struct Fields {
  Place policy, clock, random, memory, alpn;
};

// A policy that could agree on nothing is none.
bool is_usable(const Policy& policy) {
  bool needs_group = false;
  for (const tls12::Suite* suite : policy.suites) {
    if (suite == nullptr) {
      return false;
    }
    needs_group = needs_group || suite->key_exchange->ephemeral;
  }
  return policy.chain_keys != nullptr && !policy.suites.empty() && !policy.schemes.empty() &&
         !(needs_group && policy.groups.empty());
}

// RFC 7301 §3.1: names of 1 to 255 bytes, in a list of at most 65535.
bool are_protocols(std::span<const std::string_view> names) {
  std::size_t size = 0;
  for (const std::string_view name : names) {
    if (name.empty() || name.size() > 255) {
      return false;
    }
    size += 1 + name.size();
  }
  return size <= kMaxAlpnSize;
}

Result<void> check_common(const Common& config, const Fields& fields) {
  ASHLAR_CHECK(demand(config.policy != nullptr && is_usable(*config.policy), fields.policy));
  ASHLAR_CHECK(demand(config.clock.now != nullptr, fields.clock));
  ASHLAR_CHECK(demand(config.random.fill_function != nullptr, fields.random));
  ASHLAR_CHECK(demand(config.memory.allocate != nullptr && config.memory.free != nullptr, fields.memory));
  return demand(are_protocols(config.alpn), fields.alpn);
}

bool is_whole(const Credential& credential) {
  if (credential.chain.empty() || credential.chain.size() > kMaxCertificates) {
    return false;
  }
  for (const Bytes certificate : credential.chain) {
    if (certificate.empty()) {
      return false;
    }
  }
  return true;
}

bool are_whole(std::span<const Credential> credentials) {
  for (const Credential& credential : credentials) {
    if (!is_whole(credential)) {
      return false;
    }
  }
  return !credentials.empty();
}

bool is_whole(const Resumption& sessions) {
  return sessions.seal != nullptr && sessions.open != nullptr && sessions.forget != nullptr;
}

}  // namespace

Result<void> check_config(const ClientConfig& config) {
  ASHLAR_CHECK(
      check_common({config.policy, config.clock, config.random, config.memory, config.alpn},
                   {Place::client_config_policy, Place::client_config_clock, Place::client_config_random,
                    Place::client_config_memory, Place::client_config_alpn}));
  ASHLAR_CHECK(demand(config.verifier.verify_function != nullptr, Place::client_config_verifier));
  return demand(config.credential == nullptr || is_whole(*config.credential),
                Place::client_config_credential);
}

Result<void> check_config(const ServerConfig& config) {
  ASHLAR_CHECK(
      check_common({config.policy, config.clock, config.random, config.memory, config.alpn},
                   {Place::server_config_policy, Place::server_config_clock, Place::server_config_random,
                    Place::server_config_memory, Place::server_config_alpn}));
  ASHLAR_CHECK(demand(are_whole(config.credentials), Place::server_config_credentials));
  const bool asks = config.client_authentication != ClientAuthentication::none;
  ASHLAR_CHECK(demand(!asks || config.verifier.verify_function != nullptr, Place::server_config_verifier));
  return demand(config.sessions == nullptr || is_whole(*config.sessions), Place::server_config_sessions);
}

}  // namespace ashlar::tls
