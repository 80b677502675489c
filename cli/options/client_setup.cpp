// SPDX-License-Identifier: Apache-2.0
#include "options/client_setup.hpp"

#include "certificates/describe.hpp"
#include "certificates/refusal.hpp"
#include "failure/failure.hpp"
#include "options/passphrase_option.hpp"

#include <cstdio>
#include <utility>

namespace ashlar::cli {
namespace {

// Shows the certificate that an error is about.
void show_refused(std::span<const Bytes> chain, const Error& error, asn1::Time now) {
  const ErrorRow* const row = error_row(error.code);
  const bool indexed = row != nullptr && row->detail == Detail::index && error.detail < chain.size();
  const std::size_t index = indexed ? error.detail : 0;
  const auto certificate = x509::Certificate::parse(chain[index]);
  if (!certificate) {
    return;
  }
  const std::string names = joined(alt_names(*certificate));
  const std::string which =
      index == 0 ? "the server's certificate" : "its certificate " + std::to_string(index);
  std::fprintf(stderr, "Refused: %s, %s\n  for %s\n  issuer %s\n  valid %s to %s (%s)\n", which.c_str(),
               name_text(certificate->subject()).c_str(), names.empty() ? "no name" : names.c_str(),
               name_text(certificate->issuer()).c_str(),
               time_text(certificate->validity().not_before).c_str(),
               time_text(certificate->validity().not_after).c_str(),
               validity_state(certificate->validity(), now).c_str());
}

}  // namespace

void add_trust_options(CLI::App& command, ClientOptions& options) {
  command
      .add_option(
          "--trust", options.trust,
          "Roots to trust instead of the system's, PEM or DER; a folder: all in it; again for more. Without: "
          "SSL_CERT_FILE and SSL_CERT_DIR if they are set")
      ->allow_extra_args(false)
      ->type_name("FILE|DIR");
  command
      .add_option(
          "--pin-key", options.pins,
          "Take a raw public key (RFC 7250) from the server instead of certificates, if it is this one: "
          "sha256:HEX, or a certificate with the key; again for more")
      ->allow_extra_args(false)
      ->type_name("sha256:HEX|FILE")
      ->excludes("--trust");
  command.add_flag("--insecure-no-verify", options.insecure,
                   "Accept any certificate: whoever is in between reads and changes everything");
  add_minimum_rsa(command, options.minimum_rsa);
}

void add_client_options(CLI::App& command, ClientOptions& options) {
  add_trust_options(command, options);
  add_policy(command, options.policy);
  add_psk(command, options.psk);
  CLI::Option* const certificate =
      command
          .add_option("--cert", options.certificate, "Client certificate with its chain, if the server asks")
          ->type_name("FILE");
  CLI::Option* const key = command.add_option("--key", options.key, "Its private key")->type_name("FILE");
  certificate->needs(key);
  key->needs(certificate);
  add_passphrase_file(command, options.passphrases, "the key")->needs(key);
  command
      .add_option(
          "--ocsp", options.ocsp,
          "OCSP responses that servers staple to their certificates: off, stapled (ask for one and judge "
          "what comes), or demanded (refuse a server without a good one)")
      ->check(CLI::IsMember(std::vector<std::string>{"off", "stapled", "demanded"}))
      ->capture_default_str();
  command
      .add_option("--ask-tickets", options.tickets,
                  "TLS 1.3: ask the server for so many tickets (RFC 9149); at most 8 are kept")
      ->check(CLI::Range(0, 255))
      ->type_name("N");
  command.add_option("--keylog", options.key_log, "Append the connection's secrets (SSLKEYLOGFILE format)")
      ->type_name("FILE");
  add_trace(command, options.trace);
}

// With a pre-shared key no certificate will do, unless it is said which roots are trusted.
ClientSetup::ClientSetup(ClientOptions options)
    : psks_(load_psks(options.psk, options.policy)),
      policy_(options.policy),
      policy_name_(options.policy.name),
      minimum_rsa_(options.minimum_rsa) {
  listeners_.level = trace_level(options.trace);
  if (listeners_.level != TraceLevel::none) {
    listeners_.trace = &trace_.emplace(listeners_.level);
  }
  if (!options.key_log.empty()) {
    listeners_.key_log = &key_log_.emplace(key_log_file_.emplace(options.key_log));
  }
  for (const std::string& pin : options.pins) {
    pins_.push_back(pin_of_text(pin));
  }
  if (!pins_.empty()) {
    pinned_.emplace(pins_);
  } else if (!options.insecure && (psks_.empty() || !options.trust.empty())) {
    trust_.emplace(options.trust);
  }
  if (options.ocsp != "off") {
    if (!trust_) {
      throw Failure(Words{.cause = "--ocsp has nobody whose responses to judge",
                          .found = "--ocsp " + options.ocsp +
                                   " where no certificate is judged (--pin-key, "
                                   "--insecure-no-verify or --psk-key)",
                          .wanted = "roots that the server's certificate is judged by",
                          .next = "leave --ocsp out, or name the roots: --trust FILE"},
                    ExitCode::usage);
    }
    staples_ = options.ocsp == "demanded" ? &tls::kStaplesDemanded : &tls::kStaplesJudged;
  }
  if (options.tickets) {
    const auto count = static_cast<std::uint8_t>(*options.tickets);
    tickets_ = tls::TicketRequest{count, count};
  }
  if (!options.certificate.empty()) {
    KeyPassphrases passphrases = options.passphrases;
    tls::Credential loaded = load_credential(options.certificate, options.key, passphrases);
    check(loaded.compress(policy_.policy()->certificate_compressions), options.certificate);
    credentials_.emplace(value_of(tls::Credentials::create(std::move(loaded)), options.certificate));
  }
}

Result<tls::VerifiedPeer> ClientSetup::judge(const void* context, const tls::PeerChain& chain) {
  const ClientSetup& self = *static_cast<const ClientSetup*>(context);
  const tls::Verifier verifier = self.trust_->verifier();
  const ChosenKeys keys(*chain.keys, self.minimum_rsa_);
  tls::PeerChain judged = chain;
  judged.keys = keys.keys();
  auto verdict = verifier.verify_function(verifier.context, judged);
  if (!verdict) {
    show_refused(chain.certificates, verdict.error(), chain.now);
    self.refusal_ = refusal_words({.about = {},
                                   .chain = chain.certificates,
                                   .trust = self.trust_->description(),
                                   .anchors = self.trust_->anchors(),
                                   .name = std::string(chain.name),
                                   .now = chain.now},
                                  verdict.error());
  }
  return verdict;
}

Words ClientSetup::ending(const std::string& host, const ConnectionEnd& end,
                          const tls::Negotiated& negotiated, bool established) const {
  if (refusal_ && !established && end.reason == ConnectionEnd::Reason::failed) {
    Words words = *std::exchange(refusal_, std::nullopt);
    words.cause = host + ": no TLS connection" + words.cause;
    return words;
  }
  return ending_words(host, {.end = end,
                             .negotiated = negotiated,
                             .established = established,
                             .has_credential = credentials_.has_value(),
                             .policy_name = policy_name_,
                             .policy = *policy_.policy()});
}

tls::ClientConfig ClientSetup::config() {
  tls::ClientConfig config = posix::client_config(trust_ ? tls::Verifier{&judge, this, trust_->verifier().id}
                                                  : psks_.empty() ? tls::dangerous_accept_any_certificate()
                                                                  : tls::Verifier{});
  config.psks = psks_;
  config.request_status = staples_ != nullptr;
  config.staples = staples_;
  config.tickets = tickets_;
  config.policy = policy_.policy();
  if (pinned_) {
    config.accepted.keys = &*pinned_;
    config.verifier = {};
  }
  config.events = listeners_.sink();
  config.credentials = credentials_ ? &*credentials_ : nullptr;
  return config;
}

}  // namespace ashlar::cli
