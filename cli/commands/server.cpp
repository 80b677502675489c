// SPDX-License-Identifier: Apache-2.0
// ashlar server: serves files, an echo, or a page about the connection.
#include "certificates/credentials.hpp"
#include "commands/commands.hpp"
#include "files/ticket_key_file.hpp"
#include "net/connect.hpp"
#include "options/passphrase_option.hpp"
#include "options/policy_options.hpp"
#include "output/terminal.hpp"
#include "server/serve.hpp"

#include <ashlar/tls/findings.hpp>
#include <ashlar/tls/shared_store.hpp>

#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <functional>
#include <memory>
#include <optional>
#include <thread>

namespace ashlar::cli {
namespace {

struct Options {
  std::string address = "127.0.0.1";
  int port = 0;
  int threads = 1;
  std::vector<std::string> certificates;
  std::vector<std::string> keys;
  std::vector<std::string> raw_keys;
  KeyPassphrases passphrases;
  std::vector<std::string> client_ca;
  std::string www;
  std::string alpn;
  std::string starttls;
  PolicyOptions policy;
  std::string session_cache = "memory:1024";
  std::string tickets = "on";
  std::string ticket_keys;
  std::string trace;
  std::string key_log;
  bool require_client_certificate = false;
  bool echo = false;
  bool quiet = false;
  bool verbose = false;
};

// How much memory the store of sessions gets; 0: there is none.
std::size_t session_bytes(const std::string& text) {
  constexpr std::string_view kMemory = "memory:";
  if (text == "off") {
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
                        "(1024M at most), or off",
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

tls::Credentials load_credentials(const Options& options) {
  std::vector<tls::Credential> loaded;
  KeyPassphrases passphrases = options.passphrases;
  for (std::size_t i = 0; i < options.certificates.size(); ++i) {
    loaded.push_back(load_credential(options.certificates[i], options.keys[i], passphrases));
  }
  for (const std::string& path : options.raw_keys) {
    loaded.push_back(load_raw_key(path, passphrases));
  }
  return value_of(tls::Credentials::create(loaded), "the certificates");
}

// Warns of problems that users would meet later.
void warn_of(const tls::Findings& findings, const Options& options) {
  for (const tls::Finding& finding : findings.all()) {
    // A server with one certificate leaves some suites of its policy unused. That is normal.
    if (finding.harmless && finding.error == ErrorCode::suite_fits_no_credential && !options.verbose) {
      continue;
    }
    const std::string about = finding.error == ErrorCode::suite_fits_no_credential ? std::string("policy")
                              : finding.credential < options.certificates.size()
                                  ? options.certificates[finding.credential]
                                  : options.raw_keys[finding.credential - options.certificates.size()];
    std::fprintf(stderr, "%s: %s: %s\n", finding.harmless ? "note" : "warning",
                 escape(std::string_view(about)).c_str(), sentence(finding.error).c_str());
  }
  if (findings.left_out() > 0) {
    std::fprintf(stderr, "warning: and %zu more\n", findings.left_out());
  }
}

// One event loop per thread, all accepting from the same socket.
class Workers {
 public:
  Workers(const asio::ip::tcp::endpoint& endpoint, const tls::ServerConfig& config,
          const ServeOptions& options) {
    for (int i = 0; i < options.threads; ++i) {
      loops_.push_back(std::make_unique<asio::io_context>(1));
      acceptors_.push_back(i == 0 ? std::make_unique<Acceptor>(*loops_[0], endpoint, config, options)
                                  : std::make_unique<Acceptor>(*loops_.back(), *acceptors_[0]));
      acceptors_.back()->start();
    }
  }
  asio::ip::tcp::endpoint endpoint() const { return acceptors_[0]->endpoint(); }

  // Runs until a signal comes. SIGHUP calls `reload`, if there is one.
  void run(const std::function<void()>& reload) {
    asio::signal_set signals(*loops_[0], SIGINT, SIGTERM);
    asio::signal_set hangup(*loops_[0]);
    std::function<void()> await_hangup = [&] {
      hangup.async_wait([&](SystemError stopped, int) {
        if (!stopped) {
          reload();
          await_hangup();
        }
      });
    };
    if (reload != nullptr) {
      hangup.add(SIGHUP);
      await_hangup();
    }
    asio::steady_timer last_moment(*loops_[0]);
    signals.async_wait([&](SystemError stopped, int) {
      if (stopped) {
        return;
      }
      hangup.cancel();
      for (std::size_t i = 0; i < loops_.size(); ++i) {
        asio::post(*loops_[i], [this, i] { acceptors_[i]->stop(); });
      }
      last_moment.expires_after(std::chrono::milliseconds(500));
      last_moment.async_wait([this](SystemError) { loops_[0]->stop(); });
    });
    std::vector<std::jthread> threads;
    // If the first loop ends, or a thread cannot be started, all loops end.
    struct End {
      Workers& workers;
      ~End() {
        for (const auto& loop : workers.loops_) {
          loop->stop();
        }
      }
    } const end{*this};
    for (std::size_t i = 1; i < loops_.size(); ++i) {
      threads.emplace_back([this, i] { loops_[i]->run(); });
    }
    loops_[0]->run();
  }

 private:
  std::vector<std::unique_ptr<asio::io_context>> loops_;
  std::vector<std::unique_ptr<Acceptor>> acceptors_;
};

void run(const Options& options) {
  if (options.certificates.size() != options.keys.size()) {
    throw Failure(Words{.cause = "each --cert needs its --key, in the same order",
                        .found = counted(options.certificates.size(), "--cert") + " and " +
                                 counted(options.keys.size(), "--key"),
                        .wanted = "as many of the one as of the other",
                        .next = "give --cert and --key in pairs"},
                  ExitCode::usage);
  }
  if (options.certificates.empty() && options.raw_keys.empty()) {
    throw Failure(Words{.cause = "a server needs something to show who it is",
                        .found = "neither --cert nor --raw-key",
                        .wanted = "a certificate and its key",
                        .next = "give --cert FILE and --key FILE; ashlar cert new makes them"},
                  ExitCode::usage);
  }
  if (options.echo && !options.www.empty()) {
    throw Failure(Words{.cause = "a server gives files or an echo",
                        .found = "--www and --echo",
                        .wanted = "one of them",
                        .next = "leave one out, or start two servers"},
                  ExitCode::usage);
  }
  if (options.require_client_certificate && options.client_ca.empty()) {
    throw Failure(Words{.cause = "it is not said whose client certificates are accepted",
                        .found = "--require-client-cert without --client-ca",
                        .wanted = "both",
                        .next = "name the CA of the clients: --client-ca FILE"},
                  ExitCode::usage);
  }
  if (options.tickets == "off" && !options.ticket_keys.empty()) {
    throw Failure(Words{.cause = "a server without tickets has no use for their keys",
                        .found = "--tickets off and --ticket-keys",
                        .wanted = "one of them",
                        .next = "leave one out"},
                  ExitCode::usage);
  }
  const tls::Credentials credentials = load_credentials(options);
  tls::ServerConfig config = posix::server_config(credentials);
  const ChosenPolicy policy(options.policy);
  config.policy = policy.policy();
  // Behind another protocol's beginning there is no HTTP to agree on.
  const bool http = !options.echo && options.starttls.empty();
  const std::string protocols = options.alpn.empty() && http ? "http/1.1,http/1.0" : options.alpn;
  const std::vector<std::string_view> alpn = alpn_list(protocols);
  config.alpn = alpn;
  std::unique_ptr<Trust> client_trust;
  std::vector<Bytes> client_ca_names;
  if (!options.client_ca.empty()) {
    client_trust = std::make_unique<Trust>(options.client_ca);
    client_ca_names = names_of(client_trust->anchors());
    config.verifier = client_trust->verifier();
    config.client_ca_names = client_ca_names;
    config.client_authentication = options.require_client_certificate ? tls::ClientAuthentication::require
                                                                      : tls::ClientAuthentication::request;
  }
  std::vector<std::uint8_t> session_memory(session_bytes(options.session_cache));
  tls::SharedSessionStore sessions(session_memory);
  const tls::Resumption store = sessions.resumption();
  if (!session_memory.empty()) {
    config.sessions = &store;
  }
  tls::TicketKeys ticket_keys;
  const tls::Resumption tickets = ticket_keys.resumption();
  std::function<void()> reload;
  if (!options.ticket_keys.empty()) {
    load_ticket_keys(options.ticket_keys, ticket_keys);
    reload = [&] {
      try {
        load_ticket_keys(options.ticket_keys, ticket_keys);
        std::fprintf(stderr, "ticket keys read again from %s\n",
                     escape(std::string_view(options.ticket_keys)).c_str());
      } catch (const Failure& failure) {
        std::fprintf(stderr, "warning: the ticket keys stay as they were: %s\n", failure.what());
      }
    };
  } else if (options.tickets == "on") {
    if (const auto made = ticket_keys.rotate(config.random, config.clock.now(config.clock.context)); !made) {
      throw Failure(sentence(made.error()));
    }
  }
  if (options.tickets == "on") {
    config.tickets = &tickets;
  }

  std::unique_ptr<WebRoot> root;
  ServeOptions serve;
  if (!options.www.empty()) {
    root = std::make_unique<WebRoot>(options.www);
    serve.root = root.get();
  }
  serve.threads = options.threads;
  serve.echo = options.echo;
  serve.starttls = starttls_row(options.starttls);
  serve.quiet = options.quiet;
  serve.verbose = options.verbose;
  serve.trace = trace_level(options.trace);
  std::optional<KeyLogFile> key_log;
  if (!options.key_log.empty()) {
    serve.key_log = &key_log.emplace(options.key_log);
  }

  SystemError error;
  const asio::ip::address address = asio::ip::make_address(options.address, error);
  if (error) {
    throw Failure(Words{.cause = "--address does not take this value",
                        .found = "\"" + escape(std::string_view(options.address)) + "\"",
                        .wanted = "an IP address of this machine",
                        .next = "write 127.0.0.1, ::1, or 0.0.0.0 or :: for all"},
                  ExitCode::usage);
  }
  Workers workers({address, static_cast<std::uint16_t>(options.port)}, config, serve);
  // An unusable config is reported now, not when the first client comes.
  (void)value_of(tls::Server::create(config), "the server");
  warn_of(tls::findings(config), options);
  std::printf("listening on %s\n", address_text(workers.endpoint()).c_str());
  std::fflush(stdout);
  workers.run(reload);
  if (options.verbose && config.sessions != nullptr) {
    const auto counters = sessions.counters();
    std::fprintf(
        stderr,
        "sessions: %zu kept now, in %zu bytes; %llu found, %llu not found, %llu dropped to make room\n",
        counters.sessions, counters.bytes, static_cast<unsigned long long>(counters.hits),
        static_cast<unsigned long long>(counters.misses),
        static_cast<unsigned long long>(counters.evictions));
  }
  if (!options.quiet) {
    std::fprintf(stderr, "stopped\n");
  }
}

}  // namespace

void add_server(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App* const command = app.add_subcommand("server", "Serve files, or an echo, over TLS");
  command->add_option("--port", options->port, "Port; 0: one that is free, which is printed")
      ->required()
      ->check(CLI::Range(0, 65535));
  command->add_option("--address", options->address, "Address to listen on; 0.0.0.0 or :: for all")
      ->capture_default_str();
  command->add_option("--threads", options->threads, "Threads, each with an event loop of its own")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command
      ->add_option("--cert", options->certificates,
                   "Certificate with its chain; again for more, such as one per "
                   "kind of key")
      ->allow_extra_args(false)
      ->type_name("FILE");
  command->add_option("--key", options->keys, "Its private key, in the order of the certificates")
      ->allow_extra_args(false)
      ->type_name("FILE");
  command
      ->add_option("--raw-key", options->raw_keys,
                   "Private key whose public half is shown without a certificate (RFC 7250), to clients that "
                   "take such; again for more")
      ->allow_extra_args(false)
      ->type_name("FILE");
  add_passphrase_file(*command, options->passphrases,
                      "an encrypted key; again for further ones, in the order of the keys");
  add_policy(*command, options->policy);
  command->add_option("--www", options->www, "Folder to serve; without it GET / tells about the connection")
      ->type_name("DIR");
  command->add_flag("--echo", options->echo, "Give back what comes in, instead of HTTP");
  command->add_option(
      "--alpn", options->alpn,
      "Application protocols, in order; default http/1.1,http/1.0, with --echo or --starttls none");
  add_starttls(
      *command, options->starttls,
      "Begin in the clear as a server of this protocol, and take nothing but its way to TLS. After it "
      "comes HTTP or the echo");
  command->add_option("--client-ca", options->client_ca, "Ask clients for a certificate of one of these CAs")
      ->allow_extra_args(false)
      ->type_name("FILE");
  command->add_flag("--require-client-cert", options->require_client_certificate,
                    "Refuse clients without one");
  command
      ->add_option("--session-cache", options->session_cache,
                   "Sessions to resume that the server keeps: memory:N for N of them, memory:NK or NM for so "
                   "many bytes, or off")
      ->capture_default_str();
  command
      ->add_option("--tickets", options->tickets,
                   "on: clients may keep their sessions, sealed in tickets; or off")
      ->check(CLI::IsMember(std::vector<std::string>{"on", "off"}))
      ->capture_default_str();
  command
      ->add_option(
          "--ticket-keys", options->ticket_keys,
          "Keys of the tickets, for several servers: the first line's seals, all open; SIGHUP reads them "
          "again. Without: a key of its own, renewed every 12 hours")
      ->type_name("FILE");
  command->add_flag("-q,--quiet", options->quiet, "No line per connection and request");
  command->add_flag("-v,--verbose", options->verbose,
                    "Tell also of clients that leave where nothing is lost: idle, or without a word");
  command
      ->add_option(
          "--keylog", options->key_log,
          "Append the secrets of all connections (SSLKEYLOGFILE format): whoever has the file reads them")
      ->type_name("FILE");
  add_trace(*command, options->trace);
  command->footer(
      "Prints \"listening on ADDRESS:PORT\" when it is ready; stops on Ctrl-C or SIGTERM. A folder is shown "
      "without\n"
      "what lies outside of it, links that lead out of it, and names that begin with a dot.\n\n"
      "  ashlar server --port 4433 --cert server.pem --key server.key --www .\n");
  command->callback([options] { run(*options); });
}

}  // namespace ashlar::cli
