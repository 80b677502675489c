// SPDX-License-Identifier: Apache-2.0
// The connection options of all clients of the tool, and the configuration made from them.
#pragma once

#include "certificates/credentials.hpp"
#include "net/ending.hpp"
#include "options/psk_options.hpp"
#include "trace/trace.hpp"

#include <optional>

namespace ashlar::cli {

struct ClientOptions {
  std::vector<std::string> trust;
  std::vector<std::string> pins;
  bool insecure = false;
  std::uint32_t minimum_rsa = 0;
  PolicyOptions policy;
  PskOptions psk;
  std::string certificate;
  std::string key;
  KeyPassphrases passphrases;
  std::string ocsp = "off";
  std::optional<std::uint32_t> tickets;  // to ask for
  std::string key_log;
  std::string trace;
};
void add_client_options(CLI::App& command, ClientOptions& options);
// Those of them that say who is trusted.
void add_trust_options(CLI::App& command, ClientOptions& options);

// Reads and checks the files of the options. It must outlive the connections made with its configuration.
class ClientSetup {
 public:
  explicit ClientSetup(ClientOptions options);
  ClientSetup(const ClientSetup&) = delete;
  ClientSetup& operator=(const ClientSetup&) = delete;

  // The trust, the policy, the credential and the listeners of the options; the rest as in
  // posix::client_config. The caller may change its copy.
  tls::ClientConfig config();
  // Null without --trace.
  Trace* trace() { return trace_ ? &*trace_ : nullptr; }
  // The report about a connection with these options that ended badly. host: "HOST:PORT".
  Words ending(const std::string& host, const ConnectionEnd& end, const tls::Negotiated& negotiated,
               bool established) const;
  // Null if any certificate is accepted, or none, or raw public keys are expected.
  const Trust* trust() const { return trust_ ? &*trust_ : nullptr; }

 private:
  // Judges as `trust_` does. Shows a refused certificate on standard error and keeps the words.
  static Result<tls::VerifiedPeer> judge(const void* context, const tls::PeerChain& chain);

  std::optional<Trace> trace_;
  std::optional<KeyLogFile> key_log_file_;
  std::optional<KeyLog> key_log_;
  Listeners listeners_;
  std::optional<Trust> trust_;
  std::vector<tls::KeyPin> pins_;
  std::optional<tls::PinnedKeys> pinned_;
  std::vector<tls::PreSharedKey> psks_;
  ChosenPolicy policy_;
  const tls::StapleJudge* staples_ = nullptr;
  std::optional<tls::TicketRequest> tickets_;
  std::optional<tls::Credentials> credentials_;
  std::string policy_name_;
  std::uint32_t minimum_rsa_;
  // Mutable: written while a connection is judged, but a config points to const.
  mutable std::optional<Words> refusal_;
};

}  // namespace ashlar::cli
