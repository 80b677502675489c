// SPDX-License-Identifier: Apache-2.0
#include "net/upgrade.hpp"

#include "output/terminal.hpp"

#include <algorithm>
#include <optional>

namespace ashlar::cli {
namespace {

// Longer than any real line or message before TLS, and than a whole talk of them.
constexpr std::size_t kLongestUnit = 8 * 1024, kMostBytes = 64 * 1024, kMostUnits = 256;
constexpr std::size_t kPiece = 1024;

}  // namespace

Upgrade::Upgrade(asio::ip::tcp::socket socket, const StartTls& row, bool server, const std::string& name,
                 Trace* trace, Done done)
    : socket_(std::move(socket)),
      deadline_(socket_.get_executor()),
      row_(row),
      server_(server),
      dialogue_(server ? row.server() : row.client(name)),
      trace_(trace),
      done_(std::move(done)) {
  SystemError ignored;
  socket_.non_blocking(true, ignored);
}

void Upgrade::start(std::chrono::milliseconds time) {
  deadline_.expires_after(time);
  deadline_.async_wait([self = shared_from_this()](SystemError stopped) {
    if (stopped) {
      return;
    }
    End end;
    end.late = true;
    const bool silent = self->bytes_ == 0;
    end.words = {
        .cause = "nothing came in time before TLS",
        .usual = self->server_ ? "The client waits for something else, or hangs."
                 : silent      ? "The port speaks TLS from its first byte, or another protocol."
                               : "The server is busy or hangs.",
        .found = silent ? "no byte" : counted(self->bytes_, "byte") + ", and then nothing",
        .wanted = std::string(self->row_.said) + " [" + std::string(self->row_.clause) + "]",
        .next = self->server_ ? "give the client --starttls " + std::string(self->row_.name) + " or its like"
                : silent ? "leave --starttls out, or check the port: " + std::string(self->row_.protocol) +
                               " has " + std::string(self->row_.port)
                         : "try again, or wait longer: --timeout SECONDS"};
    self->finish(end);
  });
  say({dialogue_->opening()});
}

void Upgrade::stop() {
  done_ = nullptr;
  finished_ = true;
  deadline_.cancel();
  SystemError ignored;
  socket_.close(ignored);
}

void Upgrade::trace_line(const char* arrow, std::string_view text) const {
  if (trace_ != nullptr && !text.empty()) {
    while (text.ends_with('\n') || text.ends_with('\r')) {
      text.remove_suffix(1);
    }
    trace_->note(std::string(arrow) + " " + std::string(row_.protocol) + ", in the clear: " + escape(text));
  }
}

// Reads no further than one piece, and not at all while the peer need not have answered.
void Upgrade::read() {
  socket_.async_wait(asio::ip::tcp::socket::wait_read, [self = shared_from_this()](SystemError error) {
    if (self->finished_) {
      return;
    }
    char piece[kPiece];
    std::size_t size = 0;
    if (!error) {
      size = self->socket_.read_some(asio::buffer(piece), error);
    }
    if (error == asio::error::would_block) {
      self->read();
      return;
    }
    if (error) {
      End end;
      end.usual = self->bytes_ == 0 && self->server_;
      end.words = {
          .cause = std::string(self->server_ ? "the client" : "the server") +
                   " closed the connection before TLS (" + error.message() + ")",
          .usual =
              self->server_ ? "" : "The port is another protocol's, or the server turns this client away.",
          .found = self->in_.empty()
                       ? "an end after " + counted(self->bytes_, "byte")
                       : "an end in the middle of a line: \"" + escape(std::string_view(self->in_)) + "\"",
          .wanted = std::string(self->row_.said) + " [" + std::string(self->row_.clause) + "]",
          .next = self->server_ ? "look at what the client says: it gave up by itself"
                                : "check host, port and protocol; the server's log may say more"};
      self->finish(end);
      return;
    }
    self->in_.append(piece, size);
    self->bytes_ += size;
    self->use_input();
  });
}

void Upgrade::use_input() {
  try {
    const std::size_t size = dialogue_->unit_size(in_);
    if (size > kLongestUnit || (size == 0 && in_.size() >= kLongestUnit) || bytes_ > kMostBytes ||
        units_ > kMostUnits) {
      fail({.cause = std::string(server_ ? "the client" : "the server") + " says too much before TLS",
            .usual = "The port is another protocol's, or somebody wants this program to hang.",
            .found = counted(bytes_, "byte") + " in " + counted(units_, "line") + " so far",
            .wanted = "at most " + std::to_string(kLongestUnit) + " bytes a line, " +
                      std::to_string(kMostBytes) + " bytes and " + std::to_string(kMostUnits) +
                      " lines in all",
            .next = "check the port and the protocol"});
      return;
    }
    if (size == 0) {
      read();
      return;
    }
    ++units_;
    const std::string unit = in_.substr(0, size);
    in_.erase(0, size);
    trace_line("<-", unit);
    say(dialogue_->take(unit));
  } catch (const TalkFailure& failure) {
    fail(failure.words);
  }
}

// How many bytes came before TLS began.
std::size_t Upgrade::too_early() {
  SystemError ignored;
  return in_.size() + socket_.available(ignored);
}

void Upgrade::say(Reply reply) {
  const Reply::Then then = reply.then;
  // Bytes that follow the agreement in the clear may be anybody's. Taken for bytes under TLS they would be
  // commands or answers that nobody protected (CVE-2011-0411, CVE-2021-23222).
  if (const std::size_t count = then == Reply::Then::upgrade ? too_early() : 0; count > 0) {
    fail({.cause =
              server_ ? "the client sent bytes before TLS began" : "the server sent bytes before TLS began",
          .usual = "Somebody in between put them there, or the peer does not wait for its turn.",
          .found = counted(count, "byte") + " after " +
                   (server_ ? "the request for TLS" : "the agreement to TLS") +
                   (in_.empty() ? "" : ": \"" + escape(std::string_view(in_).substr(0, 80)) + "\""),
          .wanted = "nothing in between: what comes without protection must not pass for protected [" +
                    std::string(row_.clause) + "]",
          .next = "do not go on over this network; where it is the same elsewhere, report it to the peer's "
                  "makers"});
    return;
  }
  trace_line("->", reply.say);
  out_ = std::move(reply.say);
  asio::async_write(socket_, asio::buffer(out_),
                    [self = shared_from_this(), then](SystemError error, std::size_t) {
                      if (self->finished_) {
                        return;
                      }
                      if (error && then != Reply::Then::listen) {
                        self->fail({.cause = "the connection was cut before TLS: " + error.message(),
                                    .found = "an end after " + counted(self->bytes_, "byte"),
                                    .wanted = std::string(self->row_.said),
                                    .next = "try again"});
                        return;
                      }
                      if (then == Reply::Then::upgrade) {
                        End end;
                        end.upgraded = true;
                        self->finish(end);
                      } else if (then == Reply::Then::end) {
                        End end;
                        end.usual = true;
                        end.words = {.cause = "the client said goodbye before TLS",
                                     .found = "its goodbye",
                                     .wanted = std::string(self->row_.said),
                                     .next = "look at what the client says: it ended by itself"};
                        self->finish(end);
                      } else if (self->in_.empty()) {
                        self->read();  // after a failed write it tells the end, and what the peer said before
                      } else {
                        self->use_input();
                      }
                    });
}

void Upgrade::fail(Words words) {
  // The goodbye is a courtesy: it is said only if the socket takes it at once.
  const std::string goodbye = dialogue_->farewell();
  trace_line("->", goodbye);
  SystemError ignored;
  socket_.write_some(asio::buffer(goodbye), ignored);
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  // A socket that is closed with unread input resets the connection, and the reset can overtake the goodbye.
  char away[kPiece];
  for (std::size_t i = 0; i < kMostBytes / kPiece && socket_.read_some(asio::buffer(away), ignored) > 0;
       ++i) {
  }
  End end;
  end.words = std::move(words);
  finish(end);
}

void Upgrade::finish(const End& end) {
  if (finished_) {
    return;
  }
  finished_ = true;
  deadline_.cancel();
  const std::shared_ptr<Upgrade> self = shared_from_this();
  if (const Done done = std::exchange(done_, nullptr)) {
    done(std::move(socket_), end);
  }
}

asio::ip::tcp::socket upgrade(asio::io_context& io, asio::ip::tcp::socket socket, const StartTls& row,
                              const std::string& about, const std::string& name,
                              std::chrono::milliseconds time, Trace* trace) {
  std::optional<asio::ip::tcp::socket> result;
  Upgrade::End how;
  const auto talk = std::make_shared<Upgrade>(std::move(socket), row, false, name, trace,
                                              [&](asio::ip::tcp::socket given, const Upgrade::End& end) {
                                                result.emplace(std::move(given));
                                                how = end;
                                              });
  talk->start(time);
  io.restart();
  io.run();
  if (!how.upgraded) {
    Words words = how.words;
    words.cause = about + ": no TLS connection: " + words.cause;
    throw Failure(words, how.late ? ExitCode::unreachable : ExitCode::no_starttls);
  }
  return std::move(*result);
}

}  // namespace ashlar::cli
