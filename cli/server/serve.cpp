// SPDX-License-Identifier: Apache-2.0
#include "server/serve.hpp"

#include "failure/failure.hpp"
#include "fleet/fleet_sessions.hpp"
#include "net/connect.hpp"
#include "net/foreign_talk.hpp"
#include "net/upgrade.hpp"
#include "options/psk_options.hpp"
#include "output/terminal.hpp"
#include "server/web_response.hpp"
#include "trace/messages.hpp"

#include <fcntl.h>
#include <sys/resource.h>

#include <cerrno>
#include <cstdlib>
#include <optional>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace ashlar::cli {
namespace {

constexpr std::size_t kFilePiece = 64 * 1024;
constexpr std::chrono::milliseconds kTidyPause{2000};

// What to do about a client that speaks none of the server's versions.
std::string version_advice(const Error& error) {
  const auto newest = static_cast<tls::ProtocolVersion>(error.detail);
  return newest == tls::ProtocolVersion::tls13
             ? "; the client speaks TLS 1.3 alone: leave --tls 1.2 out, or name suites of TLS 1.3"
         : newest == tls::ProtocolVersion::tls12 ? "; the client speaks nothing newer than TLS 1.2: leave "
                                                   "--tls 1.3 out, or name suites of TLS 1.2"
                                                 : "; the client is too old: bring it up to date";
}

std::size_t descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) {
    return 1024;
  }
  return static_cast<std::size_t>(limit.rlim_cur);
}

// A connection may have an open file besides its socket. Each loop needs four descriptors.
std::size_t connections_per_thread(int threads) {
  const auto loops = static_cast<std::size_t>(threads);
  const std::size_t half = std::max<std::size_t>(descriptor_limit(), 128) / 2, others = 30 + 2 * loops;
  return half > others + loops ? (half - others) / loops : 1;
}

}  // namespace

class ServerConnection : public ConnectionHandler {
 public:
  ServerConnection(Acceptor& acceptor, std::uint64_t number, asio::ip::tcp::socket socket)
      : acceptor_(acceptor), number_(number), config_(acceptor.config()) {
    listeners_.level = acceptor.options().trace;
    if (listeners_.level != TraceLevel::none) {
      trace_ = std::make_unique<Trace>(listeners_.level, "#" + std::to_string(number) + " ");
      listeners_.trace = trace_.get();
    }
    if (acceptor.options().key_log != nullptr) {
      listeners_.key_log = &key_log_.emplace(*acceptor.options().key_log);
    }
    config_.events = listeners_.sink();
#ifdef ASHLAR_REDIS
    if (acceptor.redis() != nullptr) {
      fleet_.emplace(*acceptor.redis(), *acceptor.options().fleet_keys);
      fleet_resumption_ = fleet_->resumption();
      config_.sessions = &fleet_resumption_;
      config_.fetch_sessions = true;
    }
#endif
    server_ = std::make_shared<tls::Server>(value_of(tls::Server::create(config_), "a connection"));
    SystemError gone;
    const auto peer = socket.remote_endpoint(gone);
    peer_ = gone ? "a peer that is gone" : address_text(peer);
    if (const StartTls* const row = acceptor.options().starttls) {
      upgrade_ = std::make_shared<Upgrade>(
          std::move(socket), *row, true, "", trace_.get(),
          [this](asio::ip::tcp::socket given, const Upgrade::End& end) { upgraded(std::move(given), end); });
    } else {
      driver_ = std::make_shared<Driver>(std::move(socket), server_, *this);
    }
  }
  ~ServerConnection() override {
    stop();
  }

  void start() {
    if (upgrade_ != nullptr) {
      upgrade_->start(acceptor_.options().handshake_time);
    } else {
      start_tls();
    }
  }
  void close() {
    if (driver_ != nullptr) {
      driver_->close_now();
    } else {
      stop();
      acceptor_.forget(number_);
    }
  }

  void ended(const ConnectionEnd& end) override {
    using Reason = ConnectionEnd::Reason;
    if (end.reason != Reason::closed && (acceptor_.options().verbose || !is_usual(end))) {
      std::string text = peer_ + (established_ ? ": " : ": no TLS connection: ") + end.text();
      if (end.reason == Reason::failed && !(end.error == ErrorCode::peer_alert) &&
          !(end.error == ErrorCode::truncated_connection)) {
        text += "; the client was told " + std::string(tls::name(alert_of(end.error)));
        text += end.error == ErrorCode::unsupported_version ? version_advice(end.error) : "";
        const std::string talk = foreign_client_text(end.error);
        text += talk.empty() ? "" : "; " + talk;
      }
      acceptor_.log(number_, text);
    }
    acceptor_.forget(number_);
  }

 private:
  void stop() {
    if (driver_ != nullptr) {
      driver_->stop();
    } else if (upgrade_ != nullptr) {
      upgrade_->stop();
    }
  }

  // The talk before TLS has ended.
  void upgraded(asio::ip::tcp::socket socket, const Upgrade::End& end) {
    if (end.upgraded) {
      driver_ = std::make_shared<Driver>(std::move(socket), server_, *this);
      start_tls();
      return;
    }
    if (acceptor_.options().verbose || !end.usual) {
      Words words = end.words;
      words.cause = peer_ + ": no TLS connection: " + words.cause;
      acceptor_.log(number_, lines_of(words));
    }
    acceptor_.forget(number_);
  }

  void start_tls() {
    if (config_.early_data != nullptr) {
      driver_->take_early_data(*server_);
    }
    driver_->set_deadline(acceptor_.options().handshake_time);
    driver_->start();
  }

  // Endings that need no report: an idle connection ends, a client leaves without close_notify after a
  // complete exchange, or a port scan or health check sends nothing at all.
  bool is_usual(const ConnectionEnd& end) const {
    using Reason = ConnectionEnd::Reason;
    const bool left = end.reason == Reason::network ||
                      (end.reason == Reason::failed && end.error == ErrorCode::truncated_connection);
    return established_ ? (left && at_rest()) || end.reason == Reason::deadline : left && !driver_->heard();
  }

 protected:
  void established() override {
    established_ = true;
    const tls::Negotiated& agreed = server_->negotiated();
    acceptor_.log(number_,
                  peer_ + ": " + std::string(tls::name(agreed.version)) + " " + suite_text(agreed) +
                      (agreed.resumed ? ", resumed" : "") + (agreed.early_data ? ", early data taken" : "") +
                      legacy_text(agreed) +
                      (agreed.extended_master_secret ? "" : ", no extended master secret") +
                      (agreed.client_authenticated ? ", client certificate accepted" : "") +
                      (agreed.by_psk ? ", pre-shared key " + identity_text(agreed.psk_identity) : ""));
    driver_->set_deadline(acceptor_.options().request_time);
  }
  void peer_closed() override {
    driver_->close();
  }
  void rests() override {
    acceptor_.gather(driver_, *server_);
  }
#ifdef ASHLAR_REDIS
  void fetch(const tls::SessionRequest& request, std::function<void()> done) override {
    fleet_->fetch(request, done);
  }
#endif
  // Whether nothing is lost if the peer leaves now: no request is half-read, no response half-sent.
  virtual bool at_rest() const {
    return true;
  }

  Acceptor& acceptor_;
  const std::uint64_t number_;
  std::string peer_;
  tls::ServerConfig config_;
#ifdef ASHLAR_REDIS
  std::optional<FleetSessions> fleet_;
  tls::Resumption fleet_resumption_{};
#endif
  Listeners listeners_;
  std::unique_ptr<Trace> trace_;
  std::optional<KeyLog> key_log_;
  std::shared_ptr<tls::Server> server_;
  std::shared_ptr<Upgrade> upgrade_;  // with --starttls
  std::shared_ptr<Driver> driver_;    // with --starttls, from TLS on
  bool established_ = false;
};

namespace {

class EchoConnection : public ServerConnection {
 public:
  using ServerConnection::ServerConnection;

 private:
  std::size_t received(Bytes data) override {
    driver_->set_deadline(acceptor_.options().request_time);
    return driver_->write(data);
  }
  std::size_t early_data(Bytes data) override { return driver_->write(data); }
  void writable() override { driver_->resume(); }
};

class WebConnection : public ServerConnection {
 public:
  using ServerConnection::ServerConnection;

 private:
  std::size_t received(Bytes data) override { return take(data, false); }
  std::size_t early_data(Bytes data) override { return take(data, true); }

  // early: it may be a replay (RFC 8470 §3).
  std::size_t take(Bytes data, bool early) {
    if (ends_) {
      return data.size();
    }
    if (response_) {
      return 0;  // the next request waits
    }
    if (skip_ > 0) {
      const auto skipped = static_cast<std::size_t>(std::min<std::uint64_t>(skip_, data.size()));
      skip_ -= skipped;
      if (skip_ == 0) {
        driver_->resume();
      }
      return skipped;
    }
    if (head_.empty() && established_) {
      driver_->set_deadline(acceptor_.options().request_time);
    }
    early_ = early_ || early;
    const std::size_t before = head_.size();
    head_ += text_of(data);
    const auto size = head_size(head_);
    if (!size && head_.size() <= kMaxRequestHead) {
      return data.size();
    }
    try {
      if (!size || *size > kMaxRequestHead) {
        throw RequestError{431,
                           "the request's head is longer than " + std::to_string(kMaxRequestHead) + " bytes"};
      }
      Request request = parse_request(std::string_view(head_).substr(0, *size));
      request.early = early_;
      constexpr std::uint64_t kMostSkipped = 1U << 20;
      if (request.body_size > kMostSkipped) {
        throw RequestError{413, "request bodies are not taken here"};
      }
      request_line_ = request.method + " " + request.target;
      skip_ = request.body_size;
      response_ = respond(request, acceptor_.options().root, server_->negotiated());
    } catch (const RequestError& error) {
      request_line_ = "(not a request)";
      response_ = respond_error(error.status, error.text);
    }
    head_.clear();
    early_ = false;
    offset_ = response_->file_offset;
    body_size_ = offset_ + response_->file_size;
    send();
    return size ? *size - before : data.size();
  }

  bool at_rest() const override { return head_.empty() && skip_ == 0 && !response_; }

  void writable() override {
    if (response_) {
      if (established_) {
        driver_->set_deadline(acceptor_.options().request_time);
      }
      send();
    }
  }

  // Sends as much of the response as there is room for.
  void send() {
    while (true) {
      if (text_at_ < response_->text.size()) {
        text_at_ += driver_->write(bytes_of(response_->text).subspan(text_at_));
        if (text_at_ < response_->text.size()) {
          return;
        }
      }
      if (offset_ == body_size_) {
        break;
      }
      response_->text.resize(kFilePiece);
      const std::size_t wanted =
          static_cast<std::size_t>(std::min<std::uint64_t>(kFilePiece, body_size_ - offset_));
      const std::size_t count =
          response_->file->read(offset_, {reinterpret_cast<std::uint8_t*>(response_->text.data()), wanted});
      if (count == 0) {
        // The file became shorter: the announced length cannot be kept, and the client must notice the cut.
        acceptor_.log(number_, escape(std::string_view(request_line_)) + ": the file became shorter");
        driver_->abort();
        return;
      }
      response_->text.resize(count);
      text_at_ = 0;
      offset_ += count;
    }
    acceptor_.log(number_, escape(std::string_view(request_line_)) + " " + std::to_string(response_->status));
    const bool keep_alive = response_->keep_alive;
    response_.reset();
    text_at_ = 0;
    if (!established_) {  // the handshake goes on, and its deadline stands
      ends_ = !keep_alive;
      driver_->resume();
    } else if (keep_alive) {
      driver_->set_deadline(acceptor_.options().idle_time);
      driver_->resume();
    } else {
      driver_->set_deadline(acceptor_.options().request_time);
      driver_->close();
    }
  }

  // A response to early data that was the last one has been sent.
  void established() override {
    ServerConnection::established();
    if (ends_) {
      driver_->close();
    }
  }

  std::string head_;
  bool early_ = false;  // some of it came as early data
  bool ends_ = false;   // nothing more is answered
  std::string request_line_;
  std::optional<WebResponse> response_;
  std::size_t text_at_ = 0;
  std::uint64_t offset_ = 0, body_size_ = 0, skip_ = 0;
};

}  // namespace

Acceptor::Acceptor(asio::io_context& io, const asio::ip::tcp::endpoint& endpoint,
                   const tls::ServerConfig& config, const ServeOptions& options)
    : io_(io),
      tidy_(io),
      config_(config),
      options_(options),
      next_number_(std::make_shared<std::atomic<std::uint64_t>>(1)),
      most_connections_(connections_per_thread(options.threads)),
      signer_(config.random) {
  listen_on(accepting_.socket(), endpoint, "--port");
  meet_fleet();
}

Acceptor::Acceptor(asio::io_context& io, Acceptor& first)
    : io_(io),
      tidy_(io),
      config_(first.config_),
      options_(first.options_),
      next_number_(first.next_number_),
      most_connections_(first.most_connections_),
      signer_(first.config_.random) {
  const int socket = ::fcntl(first.accepting_.socket().native_handle(), F_DUPFD_CLOEXEC, 0);
  if (socket < 0) {
    throw Failure(system_words("the listening socket", errno));
  }
  accepting_.socket().assign(first.endpoint().protocol(), socket);
  meet_fleet();
}

// Each loop has a connection of its own to Redis. The first tells of it.
void Acceptor::meet_fleet() {
#ifdef ASHLAR_REDIS
  if (options_.redis != nullptr) {
    const bool first = next_number_.use_count() == 1;
    redis_ = std::make_unique<Redis>(io_, *options_.redis, [first](const std::string& text) {
      if (first) {
        std::fprintf(stderr, "%s\n", text.c_str());
      }
    });
  }
#endif
}

Acceptor::~Acceptor() = default;

void Acceptor::start() {
  accepting_.start();
}

void Acceptor::take(asio::ip::tcp::socket socket) {
  const std::uint64_t number = (*next_number_)++;
  try {
    std::unique_ptr<ServerConnection> connection;
    if (options_.echo) {
      connection = std::make_unique<EchoConnection>(*this, number, std::move(socket));
    } else {
      connection = std::make_unique<WebConnection>(*this, number, std::move(socket));
    }
    ServerConnection& started = *connection;
    connections_.emplace(number, std::move(connection));
    started.start();
  } catch (const Failure& failure) {
    log(number, failure.what());
  }
}

void Acceptor::stop() {
  accepting_.stop();
  tidy_.cancel();
  for (const auto& [number, connection] : connections_) {
    connection->close();
  }
}

// Malloc keeps the memory that connections freed, mostly between live blocks. Some time after connections
// have ended, free pages go back to the system.
void Acceptor::tidy_soon() {
#ifdef __GLIBC__
  if (will_tidy_) {
    return;
  }
  will_tidy_ = true;
  tidy_.expires_after(kTidyPause);
  tidy_.async_wait([this](SystemError stopped) {
    will_tidy_ = false;
    if (!stopped) {
      ::malloc_trim(0);
    }
  });
#endif
}

// The event loop calls what was posted after the handlers that are ready. By then all that came with the same
// turn of the loop rest too. A driver that ends meanwhile keeps its connection until the batch is done.
void Acceptor::gather(const std::shared_ptr<Driver>& driver, const tls::Connection& connection) {
  if (signer_.full()) {
    run_batch();
  }
  if (!signer_.add(connection)) {
    return;  // it is there already
  }
  resting_.push_back(driver);
  if (!will_run_batch_) {
    will_run_batch_ = true;
    await_batch();
  }
}

// Goes on looking as long as there are more of them.
void Acceptor::await_batch() {
  asio::post(io_, [this, before = signer_.size()] {
    if (signer_.size() > before && !signer_.full()) {
      await_batch();
      return;
    }
    will_run_batch_ = false;
    run_batch();
  });
}

void Acceptor::run_batch() {
  signer_.run();
  for (const std::shared_ptr<Driver>& driver : std::exchange(resting_, {})) {
    driver->proceed();
  }
}

// Called from inside the connection, so the connection is destroyed later.
void Acceptor::forget(std::uint64_t number) {
  asio::post(io_, [this, number] {
    connections_.erase(number);
    tidy_soon();
    accepting_.made_room();
  });
}

void Acceptor::log(std::uint64_t number, const std::string& text) const {
  if (!options_.quiet) {
    std::fprintf(stderr, "#%llu %s\n", static_cast<unsigned long long>(number), text.c_str());
  }
}

}  // namespace ashlar::cli
