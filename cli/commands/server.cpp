// SPDX-License-Identifier: Apache-2.0
// ashlar server: serves files, an echo, or a page about the connection.
#include "commands/commands.hpp"
#include "net/connect.hpp"
#include "net/signals.hpp"
#include "options/server_setup.hpp"
#include "output/terminal.hpp"
#include "server/serve.hpp"

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
  ServerOptions server;
  std::string www;
  std::string alpn;
  std::string starttls;
  std::string trace;
  std::string key_log;
  bool batch = false;
  bool echo = false;
  bool quiet = false;
  bool verbose = false;
};

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
    const Signals signals(*loops_[0], reload, [this] {
      for (std::size_t i = 0; i < loops_.size(); ++i) {
        asio::post(*loops_[i], [this, i] { acceptors_[i]->stop(); });
      }
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
  if (options.echo && !options.www.empty()) {
    throw Failure(Words{.cause = "a server gives files or an echo",
                        .found = "--www and --echo",
                        .wanted = "one of them",
                        .next = "leave one out, or start two servers"},
                  ExitCode::usage);
  }
  ServerSetup setup(options.server);
  tls::ServerConfig config = setup.config();
  // Behind another protocol's beginning there is no HTTP to agree on.
  const bool http = !options.echo && options.starttls.empty();
  const std::string protocols = options.alpn.empty() && http ? "http/1.1,http/1.0" : options.alpn;
  const std::vector<std::string_view> alpn = alpn_list(protocols);
  config.alpn = alpn;
  config.batch = options.batch;

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
  serve.redis = setup.redis();
  serve.fleet_keys = &setup.ticket_keys();
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
  setup.warn(config, options.verbose);
  std::printf("listening on %s\n", address_text(workers.endpoint()).c_str());
  std::fflush(stdout);
  workers.run(setup.reload());
  if (auto* const sessions = setup.sessions(); options.verbose && sessions != nullptr) {
    const auto counters = sessions->counters();
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
  add_server_options(*command, options->server);
  command->add_option("--www", options->www, "Folder to serve; without it GET / tells about the connection")
      ->type_name("DIR");
  command->add_flag("--batch", options->batch,
                    "Do the signatures and key exchanges of clients that come at the same time side by side. "
                    "Nobody waits for a later client");
  command->add_flag("--echo", options->echo, "Give back what comes in, instead of HTTP");
  command->add_option(
      "--alpn", options->alpn,
      "Application protocols, in order; default http/1.1,http/1.0, with --echo or --starttls none");
  add_starttls(
      *command, options->starttls,
      "Begin in the clear as a server of this protocol, and take nothing but its way to TLS. After it "
      "comes HTTP or the echo");
  command
      ->add_option(
          "--early-data", options->server.early_data,
          "TLS 1.3: take so many bytes of early data (0-RTT) of clients that come again. It may be a "
          "replay: only GET and HEAD are answered, others get 425")
      ->check(CLI::Range(1, 1 << 24))
      ->type_name("BYTES");
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
