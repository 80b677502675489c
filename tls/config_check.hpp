// SPDX-License-Identifier: Apache-2.0
// Whether a connection can work with a config at all. Client::create and Server::create ask before anything
// else: what is missing is an error that names its field, never a crash later.
#pragma once

#include "outbox.hpp"

namespace ashlar::tls {

// What fits a ClientHello beside all else.
inline constexpr std::size_t kMaxAlpnSize = 512;

// Rows of a policy that fit a ClientHello of ours.
inline constexpr std::size_t kMaxSuites = 128;
inline constexpr std::size_t kMaxGroups = 32;

// invalid_argument, with the field as its place; credential_fits_no_suite where the policy has a use for none
// of the credentials.
Result<void> check_config(const ClientConfig& config);
Result<void> check_config(const ServerConfig& config);

// What the engine needs of it.
template <class Config>
Settings settings_of(const Config& config, bool is_client) {
  return {config.policy,
          config.clock,
          config.random,
          config.memory,
          config.events,
          is_client,
          config.keep_peer_certificates};
}

}  // namespace ashlar::tls
