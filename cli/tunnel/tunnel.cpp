// SPDX-License-Identifier: Apache-2.0
#include "tunnel/tunnel.hpp"

#include "failure/failure.hpp"
#include "net/connect.hpp"
#include "output/terminal.hpp"
#include "trace/messages.hpp"

#include <cstdio>

namespace ashlar::cli {
namespace {

constexpr std::size_t kPiece = 16 * 1024;
// How long the plain side's rest is awaited when TLS has ended in order, so that nothing sent to it is lost.
constexpr std::chrono::seconds kLinger{2};

}  // namespace

// One accepted connection and its counterpart. At most one piece waits in each direction.
class Joined : public ConnectionHandler, public std::enable_shared_from_this<Joined> {
 public:
  Joined(Tunnel& tunnel, std::uint64_t number, asio::ip::tcp::socket accepted)
      : tunnel_(tunnel), number_(number), plain_(accepted.get_executor()), timer_(accepted.get_executor()) {
    SystemError gone;
    const auto peer = accepted.remote_endpoint(gone);
    peer_ = gone ? "a peer that is gone" : address_text(peer);
    connection_ = tunnel.options().connection();
    if (tunnel.options().client) {
      plain_ = std::move(accepted);
    } else {
      driver_ = std::make_shared<Driver>(std::move(accepted), connection_, *this);
    }
  }
  ~Joined() override {
    if (driver_ != nullptr) {
      driver_->stop();
    }
  }

  void start() {
    if (driver_ != nullptr) {
      start_tls();
    } else {
      connect(0, std::make_shared<asio::ip::tcp::socket>(plain_.get_executor()));
    }
  }

  // Ends in order.
  void stop() {
    if (driver_ != nullptr && !tls_ended_) {
      driver_->close_now();
    } else {
      end_plain(false);
    }
  }

 private:
  const TunnelOptions& options() const { return tunnel_.options(); }

  void start_tls() {
    driver_->set_deadline(options().patience);
    driver_->start();
  }

  // ---- connecting ----

  void connect(std::size_t index, const std::shared_ptr<asio::ip::tcp::socket>& socket) {
    timer_.expires_after(options().patience);
    timer_.async_wait([socket](SystemError stopped) {
      if (!stopped) {
        SystemError ignored;
        socket->close(ignored);
      }
    });
    socket->async_connect(options().targets[index], [self = shared_from_this(), index,
                                                     socket](SystemError error) {
      self->timer_.cancel();
      if (self->plain_ended_ || self->tls_ended_) {
        return;
      }
      if (!error) {
        self->connected(std::move(*socket));
        return;
      }
      SystemError ignored;
      socket->close(ignored);
      if (index + 1 < self->options().targets.size()) {
        self->connect(index + 1, socket);
        return;
      }
      const std::string text =
          error == asio::error::operation_aborted ? "no answer in time" : error.message();
      self->say(lines_of({.cause = self->peer_ + ": the other end cannot be reached: " + text,
                          .found = address_text(self->options().targets[index]) + ": " + text,
                          .wanted = "a service that takes connections there",
                          .next = "check --connect, and that the service runs (ss -ltn on its machine)"}));
      self->cut();
    });
  }

  void connected(asio::ip::tcp::socket socket) {
    if (options().client) {
      driver_ = std::make_shared<Driver>(std::move(socket), connection_, *this);
      start_tls();
      return;
    }
    plain_ = std::move(socket);
    begin();
  }

  // Both ends are there.
  void begin() {
    SystemError ignored;
    plain_.non_blocking(true, ignored);
    plain_.set_option(asio::ip::tcp::no_delay(true), ignored);
    ready_ = true;
    driver_->resume();
    pass_on_end();  // it may have come before the other end was there
    read_plain();
  }

  void established() override {
    established_ = true;
    const tls::Negotiated& agreed = connection_->negotiated();
    say(peer_ + ": " + std::string(tls::name(agreed.version)) + " " + suite_text(agreed) +
        (agreed.resumed ? ", resumed" : "") + legacy_text(agreed));
    driver_->no_deadline();
    active();
    if (options().client) {
      begin();
    } else {
      connect(0, std::make_shared<asio::ip::tcp::socket>(plain_.get_executor()));
    }
  }

  void active() {
    if (options().idle.count() > 0 && established_) {
      driver_->set_deadline(options().idle);
    }
  }

  // ---- from plain to TLS ----

  void read_plain() {
    if (reading_ || plain_over_ || plain_ended_ || !ready_ || to_tls_at_ < to_tls_.size()) {
      return;
    }
    reading_ = true;
    // A piece is allocated only when there is something to read.
    plain_.async_wait(asio::ip::tcp::socket::wait_read, [self = shared_from_this()](SystemError error) {
      self->reading_ = false;
      if (self->plain_ended_ || self->tls_ended_) {
        return;
      }
      self->to_tls_at_ = 0;
      self->to_tls_.resize(kPiece);
      const std::size_t count = error ? 0 : self->plain_.read_some(asio::buffer(self->to_tls_), error);
      self->to_tls_.resize(count);
      if (error == asio::error::would_block) {
        self->read_plain();
      } else if (error == asio::error::eof) {
        // The end of this direction: close_notify, behind all that was written.
        self->plain_over_ = true;
        self->driver_->close();
      } else if (error) {
        self->say(self->peer_ + ": the plain side was cut: " + error.message());
        self->cut();
      } else {
        self->active();
        self->write_tls();
      }
    });
  }

  void write_tls() {
    const Bytes rest = Bytes(to_tls_).subspan(to_tls_at_);
    const std::size_t taken = driver_->write(rest);
    to_tls_at_ += taken;
    sent_ += taken;
    if (taken == rest.size()) {
      to_tls_ = {};
      to_tls_at_ = 0;
      read_plain();
    }
  }
  void writable() override {
    if (to_tls_at_ < to_tls_.size()) {
      write_tls();
    }
  }

  // ---- from TLS to plain ----

  std::size_t received(Bytes data) override {
    if (!ready_ || writing_ || plain_ended_) {
      return 0;
    }
    active();
    received_ += data.size();
    to_plain_.assign(data.begin(), data.end());
    writing_ = true;
    asio::async_write(plain_, asio::buffer(to_plain_),
                      [self = shared_from_this()](SystemError error, std::size_t) {
                        self->writing_ = false;
                        self->to_plain_ = {};
                        if (self->plain_ended_) {
                          return;
                        }
                        if (error) {
                          self->say(self->peer_ + ": the plain side was cut: " + error.message());
                          self->cut();
                        } else if (self->tls_ended_) {
                          self->end_plain(false);
                        } else {
                          self->pass_on_end();
                          self->driver_->resume();
                        }
                      });
    return data.size();
  }

  void peer_closed() override {
    tls_over_ = true;
    pass_on_end();
  }
  // close_notify becomes the end of the plain direction, behind all that came before it.
  void pass_on_end() {
    if (tls_over_ && !writing_ && ready_) {
      SystemError ignored;
      plain_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    }
  }

  // ---- the end ----

  void ended(const ConnectionEnd& end) override {
    using Reason = ConnectionEnd::Reason;
    tls_ended_ = true;
    const bool idle = established_ && end.reason == Reason::deadline;
    if (idle) {
      say(peer_ + ": idle for too long");
    } else if (end.reason != Reason::closed && !cut_) {
      Words words =
          options().ending != nullptr
              ? options().ending(end, *connection_, established_)
              : Words{.cause = std::string(established_ ? "" : "no TLS connection: ") + end.text(),
                      .found = established_
                                   ? "a TLS connection that ended without close_notify, or by an error"
                                   : "a handshake that did not end",
                      .wanted = established_ ? "close_notify at the end" : "a handshake of TLS",
                      .next = established_ ? "take what came for a part: the plain side was reset"
                                           : "look at the client: its own message says more"};
      words.cause = peer_ + ": " + words.cause;
      say(lines_of(words));
    }
    if (end.reason == Reason::closed || idle) {
      say(peer_ + ": closed, " + counted(received_, "byte") + " from TLS, " + counted(sent_, "byte") +
          " to it");
      if (!writing_) {
        end_plain(false);
      }
    } else {
      end_plain(true);
    }
  }

  // Ends both sides so that both notice: TLS without close_notify, plain by a reset.
  void cut() {
    cut_ = true;
    if (driver_ != nullptr && !tls_ended_) {
      driver_->abort();  // ended() follows
    } else {
      end_plain(true);
    }
  }

  // reset: what came may be incomplete, and a plain end would look like the end of the data.
  void end_plain(bool reset) {
    if (plain_ended_) {
      return;
    }
    plain_ended_ = true;
    timer_.cancel();
    SystemError ignored;
    if (reset) {
      plain_.set_option(asio::socket_base::linger(true, 0), ignored);
    }
    if (reset || plain_over_ || !plain_.is_open() || !ready_) {
      plain_.close(ignored);
      tunnel_.forget(number_);
      return;
    }
    // Unread input would turn the end into a reset.
    plain_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    timer_.expires_after(kLinger);
    timer_.async_wait([self = shared_from_this()](SystemError) {
      SystemError closing;
      self->plain_.close(closing);
      self->tunnel_.forget(self->number_);
    });
    plain_.cancel(ignored);
    drain();
  }
  void drain() {
    plain_.async_wait(asio::ip::tcp::socket::wait_read, [self = shared_from_this()](SystemError error) {
      std::uint8_t away[4096];
      while (!error) {
        self->plain_.read_some(asio::buffer(away), error);
      }
      if (error == asio::error::would_block) {
        self->drain();
      } else {
        self->timer_.cancel();  // this closes the socket
      }
    });
  }

  void say(const std::string& text) const { tunnel_.log(number_, text); }

  Tunnel& tunnel_;
  const std::uint64_t number_;
  std::string peer_;
  asio::ip::tcp::socket plain_;
  asio::steady_timer timer_;
  std::shared_ptr<tls::Connection> connection_;
  std::shared_ptr<Driver> driver_;
  std::vector<std::uint8_t> to_tls_, to_plain_;
  std::size_t to_tls_at_ = 0;
  std::uint64_t sent_ = 0, received_ = 0;
  bool established_ = false, ready_ = false;    // TLS is there; both ends are
  bool reading_ = false, writing_ = false;      // on the plain side
  bool plain_over_ = false, tls_over_ = false;  // that direction's end has come
  bool plain_ended_ = false, tls_ended_ = false, cut_ = false;
};

Tunnel::Tunnel(asio::io_context& io, const asio::ip::tcp::endpoint& listen, TunnelOptions options)
    : io_(io), options_(std::move(options)) {
  listen_on(accepting_.socket(), listen, "--listen");
}

Tunnel::~Tunnel() = default;

void Tunnel::take(asio::ip::tcp::socket socket) {
  const std::uint64_t number = next_number_++;
  try {
    const auto joined = std::make_shared<Joined>(*this, number, std::move(socket));
    joined_.emplace(number, joined);
    joined->start();
  } catch (const Failure& failure) {
    log(number, failure.what());
  }
}

void Tunnel::stop() {
  accepting_.stop();
  const auto all = joined_;
  for (const auto& [number, joined] : all) {
    joined->stop();
  }
}

// Called from inside the connection, so it is destroyed later.
void Tunnel::forget(std::uint64_t number) {
  asio::post(io_, [this, number] {
    joined_.erase(number);
    accepting_.made_room();
  });
}

void Tunnel::log(std::uint64_t number, const std::string& text) const {
  if (!options_.quiet) {
    std::fprintf(stderr, "#%llu %s\n", static_cast<unsigned long long>(number), text.c_str());
  }
}

}  // namespace ashlar::cli
