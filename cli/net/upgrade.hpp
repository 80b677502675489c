// SPDX-License-Identifier: Apache-2.0
// STARTTLS over a socket: moves bytes between a dialogue and the peer until TLS begins. Bounded in time, in
// bytes and in units; what came too early is refused, since it came without protection.
#pragma once

#include "net/asio.hpp"
#include "starttls/dialogue.hpp"
#include "trace/trace.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace ashlar::cli {

class Upgrade : public std::enable_shared_from_this<Upgrade> {
 public:
  struct End {
    bool upgraded = false;  // the next byte in each direction is TLS
    bool usual = false;     // the peer left in order, or without a word
    bool late = false;      // nothing came in time
    Words words = {};       // why, if not upgraded
  };
  // Called once, from the event loop, unless stop() came before.
  using Done = std::function<void(asio::ip::tcp::socket socket, const End& end)>;

  // server: whether this side is the server of `row`. name: the server's, for a client.
  Upgrade(asio::ip::tcp::socket socket, const StartTls& row, bool server, const std::string& name,
          Trace* trace, Done done);
  void start(std::chrono::milliseconds time);
  // Calls nothing any more, and closes the socket.
  void stop();

 private:
  void read();
  void use_input();
  void say(Reply reply);
  void trace_line(const char* arrow, std::string_view text) const;
  void fail(Words words);
  void finish(const End& end);
  std::size_t too_early();

  asio::ip::tcp::socket socket_;
  asio::steady_timer deadline_;
  const StartTls& row_;
  const bool server_;
  const std::unique_ptr<Dialogue> dialogue_;
  Trace* trace_;
  Done done_;
  std::string in_, out_;
  std::size_t bytes_ = 0, units_ = 0;
  bool finished_ = false;
};

// A client's talk, from start to end. Failure no_starttls, or unreachable if nothing comes in time. about:
// "HOST:PORT".
asio::ip::tcp::socket upgrade(asio::io_context& io, asio::ip::tcp::socket socket, const StartTls& row,
                              const std::string& about, const std::string& name,
                              std::chrono::milliseconds time, Trace* trace);

}  // namespace ashlar::cli
