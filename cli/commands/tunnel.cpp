// SPDX-License-Identifier: Apache-2.0
// ashlar tunnel: TLS around any TCP service, on the server's side or on the client's.
#include "tunnel/tunnel.hpp"
#include "commands/commands.hpp"
#include "http/http.hpp"
#include "net/connect.hpp"
#include "net/signals.hpp"
#include "options/client_setup.hpp"
#include "options/server_setup.hpp"
#include "output/terminal.hpp"

#include <cstdio>
#include <memory>
#include <optional>

namespace ashlar::cli {
namespace {

struct Options {
  std::string listen;
  std::string connect;
  bool client = false;
  std::string name;
  std::string alpn;
  ClientOptions client_side;
  ServerOptions server_side;
  int timeout = 30;
  int idle = 0;
  int most = 256;
  bool quiet = false;
};

// "PORT", "ADDRESS:PORT" or "[ADDRESS]:PORT"; without an address it is loopback.
asio::ip::tcp::endpoint parse_listen(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  std::string address = colon == std::string::npos ? "127.0.0.1" : text.substr(0, colon);
  const std::string port = colon == std::string::npos ? text : text.substr(colon + 1);
  if (address.size() > 2 && address.front() == '[' && address.back() == ']') {
    address = address.substr(1, address.size() - 2);
  }
  SystemError error;
  const asio::ip::address parsed = asio::ip::make_address(address, error);
  const bool digits =
      !port.empty() && port.size() <= 5 && port.find_first_not_of("0123456789") == std::string::npos;
  if (error || !digits || std::stoul(port) > 65535) {
    throw Failure(
        Words{.cause = "--listen does not take this value",
              .found = "\"" + escape(std::string_view(text)) + "\"",
              .wanted = "PORT, or ADDRESS:PORT with an IP address of this machine; port 0 takes a free one",
              .next = "write --listen 4433, --listen 0.0.0.0:4433 or --listen [::]:4433"},
        ExitCode::usage);
  }
  return {parsed, static_cast<std::uint16_t>(std::stoul(port))};
}

[[noreturn]] void misuse(const std::string& cause, const std::string& found, const std::string& wanted,
                         const std::string& next) {
  throw Failure(Words{.cause = cause, .found = found, .wanted = wanted, .next = next}, ExitCode::usage);
}

void run(const CLI::App& command, const Options& options) {
  const asio::ip::tcp::endpoint listen = parse_listen(options.listen);
  const Url where = Url::parse(options.connect);
  if (options.connect.find(':') == std::string::npos) {
    misuse("--connect has no port", "\"" + escape(std::string_view(options.connect)) + "\"", "HOST:PORT",
           "write the service's port behind a colon");
  }
  for (const char* const name : {"--trust", "--name", "--insecure-no-verify", "--min-rsa", "--pin-key"}) {
    if (!options.client && command.count(name) > 0) {
      misuse("this option is of a TLS client, and the tunnel is a TLS server", name,
             "it with --client, which accepts plain connections and connects by TLS",
             "add --client, or leave it out");
    }
  }
  for (const char* const name : {"--client-ca", "--require-client-cert", "--raw-key", "--session-cache",
                                 "--redis-password-file", "--tickets", "--ticket-keys"}) {
    if (options.client && command.count(name) > 0) {
      misuse("this option is of a TLS server, and --client makes the tunnel a TLS client", name,
             "it without --client", "leave one of them out");
    }
  }

  if (options.server_side.session_cache.rfind("redis:", 0) == 0) {
    misuse("a tunnel keeps its sessions itself", "--session-cache redis://", "memory:N or off",
           "share tickets between tunnels: --ticket-keys FILE");
  }

  asio::io_context io;
  TunnelOptions tunnel;
  tunnel.client = options.client;
  tunnel.patience = std::chrono::seconds(options.timeout);
  tunnel.idle = std::chrono::seconds(options.idle);
  tunnel.most_connections = static_cast<std::size_t>(options.most);
  tunnel.quiet = options.quiet;

  const std::vector<std::string_view> alpn = alpn_list(options.alpn);
  std::optional<ServerSetup> server;
  std::optional<ClientSetup> client;
  tls::ServerConfig server_config{};
  tls::ClientConfig client_config{};
  std::function<void()> reload;
  const std::string about = where.host + ":" + where.port;
  const std::string name = reference_name(options.name.empty() ? where.host : options.name);
  if (options.client) {
    ClientOptions chosen = options.client_side;
    chosen.policy = options.server_side.policy;
    chosen.certificate = options.server_side.certificates.empty() ? "" : options.server_side.certificates[0];
    chosen.key = options.server_side.keys.empty() ? "" : options.server_side.keys[0];
    chosen.passphrases = options.server_side.passphrases;
    if (options.server_side.certificates.size() > 1) {
      misuse("a TLS client shows one certificate", counted(options.server_side.certificates.size(), "--cert"),
             "one, or none", "leave the others out");
    }
    client.emplace(chosen);
    client_config = client->config();
    client_config.alpn = alpn;
    client_config.half_close = true;
    (void)value_of(tls::Client::create(client_config, name), about);
    tunnel.connection = [&] {
      return std::make_shared<tls::Client>(value_of(tls::Client::create(client_config, name), about));
    };
    tunnel.ending = [&](const ConnectionEnd& end, const tls::Connection& connection, bool established) {
      return client->ending(about, end, connection.negotiated(), established);
    };
  } else {
    server.emplace(options.server_side);
    server_config = server->config();
    server_config.alpn = alpn;
    server_config.half_close = true;
    (void)value_of(tls::Server::create(server_config), "the server");
    server->warn(server_config, false);
    tunnel.connection = [&] {
      return std::make_shared<tls::Server>(value_of(tls::Server::create(server_config), "a connection"));
    };
    reload = server->reload();
  }

  tunnel.targets = resolve(io, where.host, where.port);
  Tunnel running(io, listen, std::move(tunnel));
  std::printf("listening on %s, %s, to %s, %s\n", address_text(running.endpoint()).c_str(),
              options.client ? "plain" : "TLS", about.c_str(), options.client ? "TLS" : "plain");
  std::fflush(stdout);
  running.start();

  const Signals signals(io, reload, [&running] { running.stop(); });
  io.run();
}

}  // namespace

void add_tunnel(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App* const command = app.add_subcommand("tunnel", "TLS around any TCP service");
  command
      ->add_option("--listen", options->listen, "Where to accept: PORT or ADDRESS:PORT; port 0: a free one")
      ->required()
      ->type_name("[ADDRESS:]PORT");
  command->add_option("--connect", options->connect, "Where to connect each accepted connection to")
      ->required()
      ->type_name("HOST:PORT");
  command->add_flag("--client", options->client,
                    "Accept plain connections and connect by TLS; without: accept TLS and connect plain");
  command->add_option("--alpn", options->alpn, "Application protocols, in order");
  add_server_options(*command, options->server_side);
  command->add_option("--name", options->name,
                      "With --client: name that the server must be, if it is not HOST");
  add_trust_options(*command, options->client_side);
  command->add_option("--timeout", options->timeout, "Seconds for the connect and for the handshake")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
  command
      ->add_option("--idle", options->idle, "Seconds without a byte after which a connection ends; 0: never")
      ->check(CLI::Range(0, 86400))
      ->capture_default_str();
  command->add_option("--max-connections", options->most, "Connections at once; further ones wait")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  command->add_flag("-q,--quiet", options->quiet, "No line per connection");
  command->footer(
      "The end of one direction is passed on as such, and the other goes on: close_notify becomes the end of "
      "the\n"
      "plain direction, and the other way round. With TLS 1.2 a close_notify ends both (RFC 5246 §7.2.1). "
      "Where TLS\n"
      "is cut the plain side is reset, so that nobody takes a part for the whole; and the other way "
      "round.\n\n"
      "  ashlar tunnel --listen 6380 --connect localhost:6379 --cert server.pem --key server.key\n"
      "  ashlar tunnel --client --listen 6379 --connect redis.example:6380 --trust ca.pem\n");
  command->callback([options, command] { run(*command, *options); });
}

}  // namespace ashlar::cli
