// SPDX-License-Identifier: Apache-2.0
// Configs with the system's clock, randomness and memory.
#pragma once

#include <ashlar/posix/system.hpp>
#include <ashlar/tls/connection.hpp>

namespace ashlar::posix {

// A config with the system's clock, randomness and memory, and nothing that says who is who.
template <class Config, class Versions>
Config config_of_system(const tls::Policy& policy, Versions versions) {
  Config config{};
  config.policy = &policy;
  config.versions = versions;
  config.clock = system_clock();
  config.random = crypto::system_random();
  config.memory = tls::system_memory();
  return config;
}
// A client with this verifier and the system's clock, randomness and memory. A program that names a policy
// and its versions does not link the default ones.
inline tls::ClientConfig client_config(
    tls::Verifier verifier, const tls::Policy& policy = tls::policy::modern,
    tls::LastingSpan<const tls::ClientVersion*> versions = tls::kClientVersions) {
  auto config = config_of_system<tls::ClientConfig>(policy, versions);
  config.verifier = verifier;
  return config;
}
// A server with these credentials. It asks for no client certificate and resumes no sessions. The credentials
// must outlive the config. Policy and versions as a client's.
inline tls::ServerConfig server_config(
    const tls::Credentials& credentials, const tls::Policy& policy = tls::policy::modern,
    tls::LastingSpan<const tls::ServerVersion*> versions = tls::kServerVersions) {
  auto config = config_of_system<tls::ServerConfig>(policy, versions);
  config.credentials = &credentials;
  return config;
}
tls::ServerConfig server_config(const tls::Credentials&&) = delete;
// A server of pre-shared keys alone, without a certificate. What the lookup points to must outlive the
// config.
inline tls::ServerConfig server_config(
    tls::PskLookup psks, const tls::Policy& policy = tls::policy::psk,
    tls::LastingSpan<const tls::ServerVersion*> versions = tls::kServerVersions) {
  auto config = config_of_system<tls::ServerConfig>(policy, versions);
  config.psks = psks;
  return config;
}

}  // namespace ashlar::posix
