// SPDX-License-Identifier: Apache-2.0
// ashlar check: whether a server's TLS is in order: connects, agrees, tells, and ends.
#include "certificates/describe.hpp"
#include "commands/commands.hpp"
#include "http/http.hpp"
#include "net/connect.hpp"
#include "net/driver.hpp"
#include "net/upgrade.hpp"
#include "options/client_setup.hpp"
#include "output/json.hpp"
#include "output/terminal.hpp"
#include "trace/messages.hpp"

#include <memory>
#include <optional>

namespace ashlar::cli {
namespace {

struct Options {
  std::string where;
  std::string name;
  std::string alpn;
  std::string starttls;
  ClientOptions connection;
  int days = 0;
  bool json = false;
  int timeout = 30;
};

// One handshake, and the end of the connection.
class Handshake : public ConnectionHandler {
 public:
  // tell: called when the handshake is done. A connection that fails later keeps nothing of its peer.
  explicit Handshake(std::function<void()> tell) : tell_(std::move(tell)) {}
  bool done = false;
  ConnectionEnd end;

  void run(asio::io_context& io, asio::ip::tcp::socket socket, const std::shared_ptr<tls::Client>& client,
           std::chrono::seconds time) {
    driver_ = std::make_shared<Driver>(std::move(socket), client, *this);
    driver_->start();
    driver_->set_deadline(time);
    io.restart();
    io.run();
  }

 private:
  void established() override {
    done = true;
    tell_();
    driver_->close();
  }
  std::size_t received(Bytes data) override { return data.size(); }
  void peer_closed() override { driver_->close(); }
  void ended(const ConnectionEnd& how) override { end = how; }

  std::function<void()> tell_;
  std::shared_ptr<Driver> driver_;
};

// What is wrong after the handshake: a server of TLS 1.3 refuses a client's certificate then. One that only
// leaves has nothing to say.
bool refused_late(const ConnectionEnd& end) {
  return end.reason == ConnectionEnd::Reason::failed && end.error == ErrorCode::peer_alert;
}

std::string as_text(const std::string& about, const tls::Client& client, const x509::Certificate* leaf,
                    const std::string& trust, asn1::Time now) {
  const tls::Negotiated& agreed = client.negotiated();
  std::string out;
  const auto line = [&out](std::string_view label, const std::string& text) {
    out += std::string(label) + std::string(13 - label.size(), ' ') + text + "\n";
  };
  line("Server", about);
  line("Protocol", std::string(tls::name(agreed.version)) + ", " + suite_text(agreed) +
                       (agreed.group != nullptr ? ", " + std::string(agreed.group->name) : "") +
                       legacy_text(agreed) +
                       (agreed.extended_master_secret ? "" : ", no extended master secret"));
  if (!agreed.alpn.empty()) {
    line("ALPN", escape(agreed.alpn));
  }
  if (leaf != nullptr) {
    line("Certificate", name_text(leaf->subject()) + "; " + public_key_text(*leaf));
    line("Names", joined(alt_names(*leaf)));
    line("Issuer", name_text(leaf->issuer()));
    line("Valid",
         "until " + time_text(leaf->validity().not_after) + ", " + validity_state(leaf->validity(), now));
  } else {
    line("Key", "raw, without a certificate: sha256:" + fingerprint(client.peer_raw_public_key()));
  }
  line("Trust", trust);
  return out;
}

std::string as_json(const std::string& about, const tls::Client& client, const x509::Certificate* leaf,
                    bool verified, std::int64_t days) {
  const tls::Negotiated& agreed = client.negotiated();
  Json out;
  out.begin_object().member("server", about).member("verified", verified);
  out.member("version", tls::name(agreed.version)).member("suite", agreed.suite->name);
  out.key("group");
  agreed.group != nullptr ? out.value(agreed.group->name) : out.null();
  out.member("alpn", escape(agreed.alpn));
  if (leaf != nullptr) {
    out.member("subject", name_text(leaf->subject())).key("names").begin_array();
    for (const std::string& name : alt_names(*leaf)) {
      out.value(name);
    }
    out.end_array().member("issuer", name_text(leaf->issuer()));
    out.member("not_after", time_text(leaf->validity().not_after)).member("days_left", days);
  } else {
    out.member("raw_key_sha256", fingerprint(client.peer_raw_public_key()));
  }
  out.end_object();
  return out.text() + "\n";
}

void run(const Options& options) {
  const StartTls* const starttls = starttls_row(options.starttls);
  const Url where = Url::parse(options.where, starttls != nullptr ? starttls->port : "443");
  ClientSetup setup(options.connection);
  tls::ClientConfig config = setup.config();
  const std::vector<std::string_view> alpn = alpn_list(options.alpn);
  config.alpn = alpn;
  config.keep_peer_certificates = true;

  asio::io_context io;
  const std::chrono::seconds time(options.timeout);
  const std::string about = where.host + ":" + where.port;
  const std::string name = reference_name(options.name.empty() ? where.host : options.name);
  asio::ip::tcp::socket socket = connect(io, where.host, where.port, time, setup.trace());
  if (starttls != nullptr) {
    socket = upgrade(io, std::move(socket), *starttls, about, name, time, setup.trace());
  }
  const auto client =
      std::make_shared<tls::Client>(value_of(tls::Client::create(config, name), about, ExitCode::tls));
  std::string report;
  std::int64_t days = 0;
  asn1::Time end{};
  std::optional<x509::Certificate> leaf;
  const bool pinned = !options.connection.pins.empty();
  Handshake handshake([&] {
    const asn1::Time now = posix::now();
    if (const auto chain = client->peer_certificates(); !chain.empty()) {
      leaf.emplace(parse_certificate(chain[0], about, 0));
      end = leaf->validity().not_after;
      days = (end.seconds - now.seconds) / 86400;
    }
    const std::string trust = pinned                     ? "the key is the one of --pin-key"
                              : setup.trust() == nullptr ? "NOT VERIFIED: any certificate was accepted"
                                                         : "accepted for " + escape(std::string_view(name)) +
                                                               " by " + setup.trust()->description();
    const x509::Certificate* const shown = leaf ? &*leaf : nullptr;
    report = options.json ? as_json(about, *client, shown, pinned || setup.trust() != nullptr, days)
                          : as_text(about, *client, shown, trust, now);
  });
  handshake.run(io, std::move(socket), client, time);
  if (!handshake.done || refused_late(handshake.end)) {
    const ExitCode code =
        handshake.end.reason == ConnectionEnd::Reason::deadline ? ExitCode::unreachable : ExitCode::tls;
    throw Failure(setup.ending(about, handshake.end, client->negotiated(), handshake.done), code);
  }
  std::fputs(report.c_str(), stdout);
  if (leaf && days < options.days) {
    std::fflush(stdout);
    throw Failure(Words{.cause = about + ": the certificate ends too soon",
                        .found = counted(static_cast<std::uint64_t>(std::max<std::int64_t>(days, 0)), "day") +
                                 " left, until " + time_text(end),
                        .wanted = "at least " + counted(static_cast<std::uint64_t>(options.days), "day") +
                                  ", since --days was given",
                        .next = "have it renewed at the server"});
  }
}

}  // namespace

void add_check(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App* const command =
      app.add_subcommand("check", "Whether a server's TLS and certificate are in order");
  command->add_option("where", options->where, "HOST[:PORT]")->required();
  command->add_option("--name", options->name, "Name that the server must be, if it is not HOST");
  command->add_option("--alpn", options->alpn, "Application protocols to offer, in order: http/1.1,…");
  add_starttls(*command, options->starttls, "Begin in the clear, and go over to TLS as this protocol does");
  add_client_options(*command, options->connection);
  command->add_option("--days", options->days, "Fail if the certificate ends in fewer days")
      ->check(CLI::Range(0, 100'000));
  command->add_flag("--json", options->json, "For programs");
  command
      ->add_option("--timeout", options->timeout,
                   "Seconds for the connect, for --starttls and for the handshake")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
  command->footer(
      "Shakes hands, tells what was agreed and whose certificate came, and ends the connection.\n\n"
      "  ashlar check example.com --days 14\n"
      "  ashlar check mail.example.com --starttls smtp\n\n" +
      exit_code_help());
  command->callback([options] { run(*options); });
}

}  // namespace ashlar::cli
