// SPDX-License-Identifier: Apache-2.0
// What every client of the tool can be told about its connection, and the configuration that comes of it.
#pragma once

#include "certificates/credentials.hpp"
#include "net/ending.hpp"
#include "options/policy_options.hpp"
#include "trace/trace.hpp"

#include <optional>

namespace ashlar::cli {

struct ClientOptions {
  std::vector<std::string> trust;
  bool insecure = false;
  PolicyOptions policy;
  std::string certificate;
  std::string key;
  KeyPassphrases passphrases;
  std::string key_log;
  std::string trace;
};
void add_client_options(CLI::App& command, ClientOptions& options);

// The options' files read and checked. It must outlive the connections that are made with its configuration.
class ClientSetup {
 public:
  explicit ClientSetup(const ClientOptions& options);
  ClientSetup(const ClientSetup&) = delete;
  ClientSetup& operator=(const ClientSetup&) = delete;

  // The trust, the policy, the credential and the listeners of the options; the rest as posix::client_config
  // has it. One that is filled in further belongs to the caller.
  tls::ClientConfig config();
  // Null unless --trace was given.
  Trace* trace() { return trace_ ? &*trace_ : nullptr; }
  // What is told of a connection of these options that ended badly. host: "HOST:PORT".
  Words ending(const std::string& host, const ConnectionEnd& end, const tls::Negotiated& negotiated,
               bool established) const;
  // Null where any certificate is accepted.
  const Trust* trust() const { return trust_ ? &*trust_ : nullptr; }

 private:
  // As `trust_` judges; what was refused is shown on standard error and kept in words.
  static Result<tls::VerifiedPeer> judge(const void* context, const tls::PeerChain& chain);

  std::optional<Trace> trace_;
  std::optional<KeyLog> key_log_;
  Listeners listeners_;
  std::optional<Trust> trust_;
  ChosenPolicy policy_;
  std::optional<tls::Credentials> credentials_;
  std::string policy_name_;
  // Written while a connection is judged, which a config holds by a pointer to const.
  mutable std::optional<Words> refusal_;
};

}  // namespace ashlar::cli
