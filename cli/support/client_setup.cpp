// SPDX-License-Identifier: Apache-2.0
#include "support/client_setup.hpp"

#include "support/failure.hpp"

namespace ashlar::cli {

void add_client_options(CLI::App& command, ClientOptions& options) {
  command
      .add_option("--trust", options.trust,
                  "Roots to trust instead of the system's (PEM or DER); again for more")
      ->allow_extra_args(false)
      ->type_name("FILE");
  command.add_flag("--insecure-no-verify", options.insecure,
                   "Accept any certificate: whoever is in between reads and changes everything");
  add_policy(command, options.policy);
  CLI::Option* const certificate =
      command
          .add_option("--cert", options.certificate, "Client certificate with its chain, if the server asks")
          ->type_name("FILE");
  CLI::Option* const key = command.add_option("--key", options.key, "Its private key")->type_name("FILE");
  certificate->needs(key);
  key->needs(certificate);
  command.add_option("--keylog", options.key_log, "Append the connection's secrets (SSLKEYLOGFILE format)")
      ->type_name("FILE");
  add_trace(command, options.trace);
}

ClientSetup::ClientSetup(const ClientOptions& options) : policy_(options.policy) {
  listeners_.level = trace_level(options.trace);
  if (listeners_.level != TraceLevel::none) {
    listeners_.trace = &trace_.emplace(listeners_.level);
  }
  if (!options.key_log.empty()) {
    listeners_.key_log = &key_log_.emplace(options.key_log);
  }
  if (!options.insecure) {
    trust_.emplace(options.trust);
  }
  if (!options.certificate.empty()) {
    credential_ = own_.emplace(options.certificate, options.key).credential();
  }
}

tls::ClientConfig ClientSetup::config() {
  tls::ClientConfig config =
      posix::client_config(trust_ ? trust_->verifier() : tls::dangerous_accept_any_certificate());
  config.policy = policy_.policy();
  config.events = listeners_.sink();
  config.credential = own_ ? &credential_ : nullptr;
  return config;
}

}  // namespace ashlar::cli
