// SPDX-License-Identifier: Apache-2.0
// The options of all servers of the tool, and the configuration made from them.
#pragma once

#include "certificates/credentials.hpp"
#include "fleet/redis.hpp"
#include "options/psk_options.hpp"

#include <ashlar/tls/findings.hpp>
#include <ashlar/tls/shared_store.hpp>
#include <ashlar/tls/ticket_keys.hpp>

#include <CLI/CLI.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ashlar::cli {

struct ServerOptions {
  std::vector<std::string> certificates;
  std::vector<std::string> keys;
  std::vector<std::string> ocsp;  // in the order of the certificates
  std::vector<std::string> raw_keys;
  KeyPassphrases passphrases;
  PolicyOptions policy;
  PskOptions psk;
  std::string psk_hint;
  std::vector<std::string> client_ca;
  bool require_client_certificate = false;
  std::string session_cache = "memory:1024";
  std::string tickets = "on";
  std::string ticket_keys;
  std::uint32_t max_tickets = 4;
  std::string redis_password_file;
  std::uint32_t early_data = 0;  // bytes that are taken; 0: none
};
void add_server_options(CLI::App& command, ServerOptions& options);

// Reads and checks the files of the options. It must outlive the connections made with its configuration.
class ServerSetup {
 public:
  explicit ServerSetup(const ServerOptions& options);
  ServerSetup(const ServerSetup&) = delete;
  ServerSetup& operator=(const ServerSetup&) = delete;

  // The credentials, the policy, the clients' trust and what resumes of the options; the rest as in
  // posix::server_config. The caller may change its copy.
  tls::ServerConfig config() const { return config_; }
  // Warns of problems that users would meet later.
  void warn(const tls::ServerConfig& config, bool verbose) const;
  // Reads the ticket keys again, and says so; null: there is no file of them.
  std::function<void()> reload();
  // Where the fleet's sessions are; null: nowhere. They are sealed under the ticket keys.
  const RedisAddress* redis() const { return redis_ ? &*redis_ : nullptr; }
  tls::TicketKeys& ticket_keys() { return ticket_keys_; }
  // Null without a store of sessions.
  tls::SharedSessionStore* sessions() { return config_.sessions != nullptr ? &sessions_ : nullptr; }

 private:
  ServerOptions options_;
  std::optional<RedisAddress> redis_;
  // Keys choose the policy where none is named, and it says how certificates are compressed.
  std::vector<tls::PreSharedKey> psks_;
  tls::PskTable psk_table_;
  ChosenPolicy policy_;
  std::optional<tls::Credentials> credentials_;
  std::unique_ptr<Trust> client_trust_;
  std::vector<Bytes> client_ca_names_;
  std::vector<std::uint8_t> session_memory_;
  tls::SharedSessionStore sessions_;
  tls::Resumption store_;
  tls::TicketKeys ticket_keys_;
  tls::Resumption tickets_;
  std::vector<tls::ReplayCache::Slot> early_slots_;
  std::optional<tls::ReplayCache> replay_cache_;
  tls::ServerEarlyData early_data_;
  tls::ServerConfig config_{};
};

}  // namespace ashlar::cli
