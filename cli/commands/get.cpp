// SPDX-License-Identifier: Apache-2.0
// ashlar get: fetches over HTTPS.
#include "commands/commands.hpp"
#include "http/http.hpp"
#include "net/connect.hpp"
#include "net/driver.hpp"
#include "options/client_setup.hpp"
#include "output/terminal.hpp"

#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/write.hpp>

#include <memory>
#include <sstream>

namespace ashlar::cli {

namespace http = boost::beast::http;

namespace {

struct Options {
  std::string url;
  std::string out;
  ClientOptions connection;
  bool resume = false;
  bool early_data = false;
  bool show_head = false;
  int timeout = 30;
};

std::string request_for(const Url& url) {
  http::request_header<> head;
  head.version(11);
  head.method(http::verb::get);
  head.target(url.target);
  head.set(http::field::host, url.authority());
  head.set(http::field::user_agent, "ashlar/" ASHLAR_VERSION);
  head.set(http::field::accept, "*/*");
  head.set(http::field::accept_encoding, "identity");
  head.set(http::field::connection, "close");
  std::ostringstream text;
  text << head;
  return text.str();
}

// One request and its response, on their own connection.
class Exchange : public ConnectionHandler {
 public:
  Exchange(const Options& options, const Url& url, const ClientSetup& setup, std::function<void(Bytes)> body)
      : options_(options),
        url_(url),
        setup_(setup),
        request_(request_for(url)),
        reader_([this](const ResponseHead& head) { this->head = head; }, std::move(body)) {}

  void run(asio::io_context& io, const tls::ClientConfig& config, const tls::Session* session, Trace* trace) {
    asio::ip::tcp::socket socket =
        connect(io, url_.host, url_.port, std::chrono::seconds(options_.timeout), trace);
    client_ = std::make_shared<tls::Client>(
        value_of(tls::Client::create(config, reference_name(url_.host), session), url_.host, ExitCode::tls));
    if (client_->early_data_room() >= request_.size()) {
      sent_early_ = client_->write_early_data(bytes_of(request_)).ok();
    }
    driver_ = std::make_shared<Driver>(std::move(socket), client_, *this);
    driver_->start();
    await_progress();
    io.restart();
    try {
      io.run();
    } catch (...) {
      driver_->stop();
      throw;
    }
    judge();
  }

  tls::Client& client() { return *client_; }

  ResponseHead head;

 private:
  void await_progress() { driver_->set_deadline(std::chrono::seconds(options_.timeout)); }
  void established() override {
    established_ = true;
    await_progress();
    if (sent_early_) {
      const bool taken = client_->early_data_status() == tls::EarlyDataStatus::accepted;
      std::fprintf(stderr, "ashlar get: the request went out as early data, %s\n",
                   taken ? "and the server took it" : "which the server refused: it is sent again");
      if (taken) {
        return;
      }
    }
    driver_->write(bytes_of(request_));
  }
  std::size_t received(Bytes data) override {
    await_progress();
    reader_.feed(data);
    if (reader_.complete()) {
      driver_->close_now();
    }
    return data.size();
  }
  void peer_closed() override { driver_->close(); }
  void ended(const ConnectionEnd& end) override { end_ = end; }

  void judge() {
    if (reader_.complete()) {
      return;
    }
    const Words words = setup_.ending(url_.host + ":" + url_.port, end_, client_->negotiated(), established_);
    using Reason = ConnectionEnd::Reason;
    if (end_.reason == Reason::deadline) {
      throw Failure(words, established_ ? ExitCode::cut_body : ExitCode::unreachable);
    }
    const bool just_stopped =
        (end_.reason == Reason::failed && end_.error == ErrorCode::truncated_connection) ||
        end_.reason == Reason::network;
    if (!established_ || (end_.reason == Reason::failed && !just_stopped)) {
      throw Failure(words, ExitCode::tls);
    }
    reader_.end(!just_stopped);
  }

  const Options& options_;
  const Url& url_;
  const ClientSetup& setup_;
  const std::string request_;
  ResponseReader reader_;
  std::shared_ptr<tls::Client> client_;
  std::shared_ptr<Driver> driver_;
  ConnectionEnd end_;
  bool established_ = false;
  bool sent_early_ = false;
};

void print_head(const ResponseHead& head) {
  std::fprintf(stderr, "HTTP/1.%d %d %s\n", head.minor, head.status,
               escape(std::string_view(head.reason)).c_str());
  for (const Field& field : head.fields) {
    std::fprintf(stderr, "%s: %s\n", escape(std::string_view(field.name)).c_str(),
                 escape(std::string_view(field.value)).c_str());
  }
}

// The address that a Location means, which may be a part of one (RFC 3986 §5.2).
std::string resolved(const Url& url, const std::string& location) {
  const std::string base = "https://" + url.authority();
  const std::string path = url.target.substr(0, url.target.find('?'));
  if (location.starts_with("//")) {
    return "https:" + location;
  }
  if (location.starts_with('/')) {
    return base + location;
  }
  const std::size_t end = location.find_first_of(":/?#");
  if (end != std::string::npos && location[end] == ':') {
    return location;
  }
  return base + (location.starts_with('?') ? path : path.substr(0, path.rfind('/') + 1)) + location;
}

void judge_status(const ResponseHead& head, const Url& url) {
  const std::string status =
      std::to_string(head.status) + (head.reason.empty() ? "" : " " + escape(std::string_view(head.reason)));
  if (head.status >= 400) {
    throw Failure(Words{.cause = "the server answered " + status,
                        .found = "the status " + status + "; the body that came with it was written out",
                        .wanted = "a status below 400",
                        .next = head.status < 500 ? "check the address, and what the server allows you"
                                                  : "try later: the server says that the fault is its own"},
                  ExitCode::http_error);
  }
  if (head.status >= 300 && head.status != 304) {
    const auto location = find_field(head.fields, "Location");
    const std::string where = location ? escape(std::string_view(resolved(url, *location))) : "nowhere";
    throw Failure(Words{.cause = "the server answered " + status + ": it redirects, which is not followed",
                        .found = "a redirect to " + where,
                        .wanted = "the page itself",
                        .next = !location ? "ask the server's owner for the right address"
                                : where.starts_with("https://")
                                    ? "ashlar get " + quoted(where)
                                    : "fetch it by another program: only https is spoken here"},
                  ExitCode::redirect);
  }
}

void run(const Options& options) {
  const Url url = Url::parse(options.url);
  ClientSetup setup(options.connection);
  if (!options.connection.pins.empty()) {
    std::fprintf(stderr, "ashlar get: expecting %s\n",
                 counted(options.connection.pins.size(), "raw public key").c_str());
  } else if (setup.trust() == nullptr) {
    std::fprintf(stderr, "ashlar get: accepting any certificate\n");
  } else if (options.connection.trust.empty()) {
    std::fprintf(stderr, "ashlar get: trusting %s\n", setup.trust()->description().c_str());
  }
  tls::ClientConfig config = setup.config();
  const std::string_view alpn[] = {"http/1.1"};
  config.alpn = alpn;
  config.early_data = options.early_data ? &tls::kClientEarlyData : nullptr;

  asio::io_context io;
  std::optional<tls::Session> session;
  if (options.resume) {
    Exchange first(options, url, setup, [](Bytes) {});
    first.run(io, config, nullptr, setup.trace());
    auto given = first.client().session();
    if (!given) {
      throw Failure(Words{.cause = url.host + ": the server gave no session that could be resumed",
                          .usual = "It keeps none, or the connection has no extended master secret.",
                          .found = "a full handshake without a ticket or a session ID",
                          .wanted = "a session to resume, since --resume was given",
                          .next = "turn tickets or sessions on at the server (ashlar server: --tickets on)"},
                    ExitCode::not_resumed);
    }
    session.emplace(std::move(*given));
    const std::string kept = session->ticket.empty()
                                 ? "session " + hex(session->id.bytes()).substr(0, 16)
                                 : "ticket of " + counted(session->ticket.bytes().size(), "byte");
    std::fprintf(stderr, "ashlar get: fetched once by a full handshake, %s; now again\n", kept.c_str());
  }

  // The file is not touched until there is something to write.
  std::unique_ptr<Output> output;
  const auto body = [&](Bytes piece) {
    if (output == nullptr) {
      output = std::make_unique<Output>(options.out);
    }
    output->write(piece);
  };
  Exchange exchange(options, url, setup, body);
  exchange.run(io, config, session ? &*session : nullptr, setup.trace());
  body({});
  output->close();
  if (options.show_head) {
    print_head(exchange.head);
  }
  if (options.resume) {
    if (!exchange.client().negotiated().resumed) {
      throw Failure(Words{.cause = url.host + ": the server did not resume the session",
                          .usual = "It forgot the session, or several machines answer for this name.",
                          .found = "a full handshake once more",
                          .wanted = "the short handshake of a resumed session, since --resume was given",
                          .next = "try again; look at what the server keeps, and for how long"},
                    ExitCode::not_resumed);
    }
    const bool tls13 = exchange.client().negotiated().version == tls::ProtocolVersion::tls13;
    std::fprintf(stderr, "ashlar get: the second fetch resumed the session: no certificate%s\n",
                 tls13 ? "" : ", no key exchange");
  }
  judge_status(exchange.head, url);
}

}  // namespace

void add_get(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App* const command = app.add_subcommand("get", "Fetch over HTTPS");
  command->add_option("url", options->url, "https://HOST[:PORT]/PATH")->required();
  command->add_option("-o,--out", options->out, "File for the body; none or - is standard output")
      ->type_name("FILE");
  add_client_options(*command, options->connection);
  CLI::Option* const resume =
      command->add_flag("--resume", options->resume, "Fetch twice, the second time on the resumed session");
  command
      ->add_flag("--early-data", options->early_data,
                 "Send the second request as early data (0-RTT), if the server takes it: whoever sees it can "
                 "send it again")
      ->needs(resume);
  command->add_flag("--head", options->show_head, "Print the response's status and fields to standard error");
  command->add_option("--timeout", options->timeout, "Seconds without progress after which to give up")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
  command->footer(
      "Every address of the name is tried. The body goes to standard output, all else to standard "
      "error.\n\n" +
      exit_code_help() +
      "\n  ashlar get https://example.com/ -o page.html\n"
      "  ashlar get --trust ca.pem --trace https://localhost:4433/\n");
  command->callback([options] { run(*options); });
}

}  // namespace ashlar::cli
