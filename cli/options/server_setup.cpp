// SPDX-License-Identifier: Apache-2.0
#include "options/server_setup.hpp"

#include "certificates/refusal.hpp"
#include "failure/failure.hpp"
#include "files/ticket_key_file.hpp"
#include "options/passphrase_option.hpp"
#include "output/terminal.hpp"

#include <cstdio>

namespace ashlar::cli {
namespace {

bool is_redis(const std::string& text) {
  return text.rfind("redis:", 0) == 0;
}

// How much memory the store of sessions gets; 0: there is none.
std::size_t session_bytes(const std::string& text) {
  constexpr std::string_view kMemory = "memory:";
  if (text == "off" || is_redis(text)) {
    return 0;
  }
  std::string count = text.substr(std::min(text.size(), kMemory.size()));
  // A session takes about as much with names in it.
  std::size_t unit = tls::SharedSessionStore::kTypicalSize + 64;
  if (!count.empty() && (count.back() == 'K' || count.back() == 'M')) {
    unit = count.back() == 'K' ? 1024 : 1024 * 1024;
    count.pop_back();
  }
  const bool digits =
      !count.empty() && count.size() <= 6 && count.find_first_not_of("0123456789") == std::string::npos;
  const std::uint64_t bytes = digits ? std::uint64_t{std::stoul(count)} * unit : 0;
  if (text.substr(0, kMemory.size()) != kMemory || !digits || bytes > std::uint64_t{1} << 30) {
    throw Failure(
        Words{.cause = "--session-cache does not take this value",
              .found = "\"" + escape(std::string_view(text)) + "\"",
              .wanted = "memory:N for N sessions, N up to 999999, memory:NK or memory:NM for so many bytes "
                        "(1024M at most), redis://HOST[:PORT] for a fleet, or off",
              .next = "write --session-cache memory:1024"},
        ExitCode::usage);
  }
  return bytes == 0 ? 0 : tls::SharedSessionStore::kMinSize + static_cast<std::size_t>(bytes);
}

// The names of issuers that the server sends to clients.
std::vector<Bytes> names_of(const x509::AnchorIndex& anchors) {
  std::vector<Bytes> names;
  for (const x509::TrustAnchor& anchor : anchors.all()) {
    names.push_back(anchor.subject());
  }
  return names;
}

// Nothing if there are only pre-shared keys.
std::optional<tls::Credentials> load_credentials(const ServerOptions& options, const tls::Policy& policy) {
  if (options.certificates.empty() && options.raw_keys.empty()) {
    return std::nullopt;
  }
  std::vector<tls::Credential> loaded;
  KeyPassphrases passphrases = options.passphrases;
  for (std::size_t i = 0; i < options.certificates.size(); ++i) {
    loaded.push_back(load_credential(options.certificates[i], options.keys[i], passphrases,
                                     options.certificates,
                                     i < options.ocsp.size() ? options.ocsp[i] : std::string()));
  }
  for (const std::string& path : options.raw_keys) {
    loaded.push_back(load_raw_key(path, passphrases));
  }
  for (tls::Credential& each : loaded) {
    check(each.compress(policy.certificate_compressions), "the certificates");
  }
  return std::optional(value_of(tls::Credentials::create(loaded), "the certificates"));
}

// What no server can do, told before any file is read.
const ServerOptions& checked(const ServerOptions& options) {
  if (options.certificates.empty() && options.raw_keys.empty() && options.psk.keys.empty()) {
    throw Failure(Words{.cause = "a server needs something to show who it is",
                        .found = "neither --cert nor --raw-key nor --psk-key",
                        .wanted = "a certificate and its key",
                        .next = "give --cert FILE and --key FILE; ashlar cert new makes them"},
                  ExitCode::usage);
  }
  if (options.certificates.size() != options.keys.size()) {
    throw Failure(Words{.cause = "each --cert needs its --key, in the same order",
                        .found = counted(options.certificates.size(), "--cert") + " and " +
                                 counted(options.keys.size(), "--key"),
                        .wanted = "as many of the one as of the other",
                        .next = "give --cert and --key in pairs"},
                  ExitCode::usage);
  }
  if (options.ocsp.size() > options.certificates.size()) {
    throw Failure(Words{.cause = "each --ocsp goes with a --cert, in the same order",
                        .found = counted(options.certificates.size(), "--cert") + " and " +
                                 counted(options.ocsp.size(), "--ocsp"),
                        .wanted = "at most as many of the one as of the other",
                        .next = "name the certificates with a response first"},
                  ExitCode::usage);
  }
  if (options.require_client_certificate && options.client_ca.empty()) {
    throw Failure(Words{.cause = "it is not said whose client certificates are accepted",
                        .found = "--require-client-cert without --client-ca",
                        .wanted = "both",
                        .next = "name the CA of the clients: --client-ca FILE"},
                  ExitCode::usage);
  }
  if (is_redis(options.session_cache) && options.ticket_keys.empty()) {
    throw Failure(Words{.cause = "sessions in Redis are sealed under a key that the whole fleet has",
                        .found = "--session-cache redis:// without --ticket-keys",
                        .wanted = "both",
                        .next = "make a key by ashlar key new ticket -o FILE, and give each server "
                                "--ticket-keys FILE"},
                  ExitCode::usage);
  }
  if (!options.redis_password_file.empty() && !is_redis(options.session_cache)) {
    throw Failure(Words{.cause = "there is no Redis to show the password to",
                        .found = "--redis-password-file without --session-cache redis://",
                        .wanted = "both",
                        .next = "leave it out, or name the server: --session-cache redis://HOST"},
                  ExitCode::usage);
  }
  if (options.tickets == "off" && !options.ticket_keys.empty() && !is_redis(options.session_cache)) {
    throw Failure(Words{.cause = "a server without tickets has no use for their keys",
                        .found = "--tickets off and --ticket-keys",
                        .wanted = "one of them",
                        .next = "leave one out"},
                  ExitCode::usage);
  }
  if (options.early_data != 0 && (is_redis(options.session_cache) || !options.ticket_keys.empty())) {
    const bool redis = is_redis(options.session_cache);
    throw Failure(
        Words{.cause = "early data could be replayed at every other server that has these sessions "
                       "[RFC 9846 §8]",
              .found =
                  std::string("--early-data and ") + (redis ? "--session-cache redis://" : "--ticket-keys"),
              .wanted = "one of them: each server knows only what it has taken itself",
              .next = redis ? "leave --early-data out, or keep sessions here: --session-cache memory:N"
                            : "leave --early-data out, or --ticket-keys: the server makes keys of its "
                              "own"},
        ExitCode::usage);
  }
  if (options.early_data != 0 && options.tickets == "off" && session_bytes(options.session_cache) == 0) {
    throw Failure(
        Words{.cause = "early data comes with sessions that are resumed, and this server resumes none",
              .found = "--early-data, --tickets off and --session-cache off",
              .wanted = "tickets or a store of sessions",
              .next = "leave --tickets off out"},
        ExitCode::usage);
  }
  return options;
}

}  // namespace

ServerSetup::ServerSetup(const ServerOptions& options)
    : options_(checked(options)),
      redis_(is_redis(options.session_cache) ? std::optional(redis_address(options.session_cache))
                                             : std::nullopt),
      psks_(load_psks(options_.psk, options_.policy)),
      psk_table_(psks_),
      policy_(options_.policy),
      credentials_(load_credentials(options, *policy_.policy())),
      session_memory_(session_bytes(options.session_cache)),
      sessions_(session_memory_),
      store_(sessions_.resumption()),
      tickets_(ticket_keys_.resumption()) {
  config_ = credentials_ ? posix::server_config(*credentials_) : posix::server_config(psk_table_.lookup());
  config_.policy = policy_.policy();
  config_.max_tickets = static_cast<std::uint8_t>(options.max_tickets);
  if (!psks_.empty()) {
    config_.psks = psk_table_.lookup();
  }
  const Bytes hint = bytes_of(options_.psk_hint);
  config_.psk_hint = hint;
  if (!options.client_ca.empty()) {
    client_trust_ = std::make_unique<Trust>(options.client_ca);
    client_ca_names_ = names_of(client_trust_->anchors());
    config_.verifier = client_trust_->verifier();
    config_.client_ca_names = client_ca_names_;
    config_.client_authentication = options.require_client_certificate ? tls::ClientAuthentication::require
                                                                       : tls::ClientAuthentication::request;
  }
  if (redis_) {
    redis_->password_file = options.redis_password_file;
  }
  if (!session_memory_.empty()) {
    config_.sessions = &store_;
  }
  if (!options.ticket_keys.empty()) {
    load_ticket_keys(options.ticket_keys, ticket_keys_);
  } else if (options.tickets == "on") {
    if (const auto made = ticket_keys_.rotate(config_.random, config_.clock.now(config_.clock.context));
        !made) {
      throw Failure(sentence(made.error()));
    }
  }
  if (options.tickets == "on") {
    config_.tickets = &tickets_;
  }
  if (options.early_data != 0) {
    // No process before this one had the keys of its tickets.
    constexpr asn1::Time kAlways{0};
    constexpr std::size_t kEarlySlots = 1U << 16;
    early_slots_.resize(kEarlySlots);
    early_data_ = {options.early_data, replay_cache_.emplace(early_slots_, kAlways).guard()};
    config_.early_data = &early_data_;
  }
}

std::function<void()> ServerSetup::reload() {
  if (options_.ticket_keys.empty()) {
    return nullptr;
  }
  return [this] {
    try {
      load_ticket_keys(options_.ticket_keys, ticket_keys_);
      std::fprintf(stderr, "ticket keys read again from %s\n",
                   escape(std::string_view(options_.ticket_keys)).c_str());
    } catch (const Failure& failure) {
      std::fprintf(stderr, "warning: the ticket keys stay as they were: %s\n", failure.what());
    }
  };
}

void ServerSetup::warn(const tls::ServerConfig& config, bool verbose) const {
  const tls::Findings findings = tls::findings(config);
  for (const tls::Finding& finding : findings.all()) {
    // A server with one certificate leaves some suites of its policy unused. That is normal.
    if (finding.harmless && finding.error == ErrorCode::suite_fits_no_credential && !verbose) {
      continue;
    }
    const std::string about =
        escape(std::string_view(finding.error == ErrorCode::suite_fits_no_credential ? std::string("policy")
                                : finding.credential < options_.certificates.size()
                                    ? options_.certificates[finding.credential]
                                    : options_.raw_keys[finding.credential - options_.certificates.size()]));
    Words words = words_of(about, finding.error);
    const tls::Credential* const credential =
        config.credentials != nullptr && finding.credential < config.credentials->size()
            ? &(*config.credentials)[finding.credential]
            : nullptr;
    if (finding.error != ErrorCode::suite_fits_no_credential && credential != nullptr) {
      std::vector<Bytes> chain;
      for (std::size_t i = 0; i < credential->size(); ++i) {
        chain.push_back(credential->certificate(i).der());
      }
      if (!chain.empty()) {
        words = refusal_words(
            {.about = about, .chain = chain, .trust = {}, .anchors = {}, .name = {}, .now = posix::now()},
            finding.error);
      }
    }
    std::fprintf(stderr, "%s: %s\n", finding.harmless ? "note" : "warning", lines_of(words).c_str());
  }
  if (findings.left_out() > 0) {
    std::fprintf(stderr, "warning: and %zu more\n", findings.left_out());
  }
}

void add_server_options(CLI::App& command, ServerOptions& options) {
  command
      .add_option("--cert", options.certificates,
                  "Certificate with its chain; again for more, such as one per "
                  "kind of key")
      ->allow_extra_args(false)
      ->type_name("FILE");
  command.add_option("--key", options.keys, "Its private key, in the order of the certificates")
      ->allow_extra_args(false)
      ->type_name("FILE");
  command
      .add_option(
          "--ocsp", options.ocsp,
          "OCSP response in DER to staple to the certificate, in the order of the certificates; openssl "
          "ocsp -respout fetches one")
      ->allow_extra_args(false)
      ->type_name("FILE");
  command
      .add_option("--raw-key", options.raw_keys,
                  "Private key whose public half is shown without a certificate (RFC 7250), to clients that "
                  "take such; again for more")
      ->allow_extra_args(false)
      ->type_name("FILE");
  add_passphrase_file(command, options.passphrases,
                      "an encrypted key; again for further ones, in the order of the keys");
  add_policy(command, options.policy);
  CLI::Option* const psk = add_psk(command, options.psk);
  command
      .add_option("--psk-hint", options.psk_hint, "In TLS 1.2 a hint for clients that have several such keys")
      ->needs(psk)
      ->type_name("TEXT");
  command.add_option("--client-ca", options.client_ca, "Ask clients for a certificate of one of these CAs")
      ->allow_extra_args(false)
      ->type_name("FILE");
  command.add_flag("--require-client-cert", options.require_client_certificate, "Refuse clients without one");
  command
      .add_option("--session-cache", options.session_cache,
                  "Sessions to resume that the server keeps: memory:N for N of them, memory:NK or NM for so "
                  "many bytes; redis://HOST[:PORT][/DB] for servers that share them, sealed under "
                  "--ticket-keys; or off")
      ->capture_default_str();
  command
      .add_option("--redis-password-file", options.redis_password_file, "Its first line is Redis's password")
      ->type_name("FILE");
  command
      .add_option("--tickets", options.tickets,
                  "on: clients may keep their sessions, sealed in tickets; or off")
      ->check(CLI::IsMember(std::vector<std::string>{"on", "off"}))
      ->capture_default_str();
  command
      .add_option("--max-tickets", options.max_tickets,
                  "TLS 1.3: the most tickets for a client that asks for several (RFC 9149)")
      ->check(CLI::Range(0, 16))
      ->capture_default_str();
  command
      .add_option(
          "--ticket-keys", options.ticket_keys,
          "Keys of the tickets, for several servers: the first line's seals, all open; SIGHUP reads them "
          "again. Without: a key of its own, renewed every 12 hours")
      ->type_name("FILE");
}

}  // namespace ashlar::cli
