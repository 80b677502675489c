// SPDX-License-Identifier: Apache-2.0
// Checks whether a connection can work with a config. Client::create and Server::create ask this first. A
// missing field is an error that names it, and never a crash later.
#pragma once

#include "outbox.hpp"

namespace ashlar::tls {

// As much as fits into a ClientHello beside everything else.
inline constexpr std::size_t kMaxAlpnSize = 512;

// The most suites of a policy that fit into our ClientHello.
inline constexpr std::size_t kMaxSuites = 128;
inline constexpr std::size_t kMaxGroups = 32;

// Fails with invalid_argument, with the field as its place. credential_fits_no_suite: the policy can use none
// of the credentials.
Result<void> check_config(const ClientConfig& config);
Result<void> check_config(const ServerConfig& config);

// Only a server's config has the field.
inline bool batches(const ClientConfig&) {
  return false;
}
inline bool batches(const ServerConfig& config) {
  return config.batch;
}

// The part of a config that the engine needs.
template <class Config>
Settings settings_of(const Config& config, bool is_client) {
  return {config.policy,
          config.clock,
          config.random,
          config.memory,
          config.events,
          is_client,
          config.keep_peer_certificates,
          config.export_keys,
          config.record_padding,
          config.half_close,
          batches(config)};
}

}  // namespace ashlar::tls
