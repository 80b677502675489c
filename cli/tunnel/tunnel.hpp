// SPDX-License-Identifier: Apache-2.0
// TLS around a TCP service: each accepted connection is joined with one of its own, plain on one side and TLS
// on the other. What arrives at one end leaves at the other; each end of a direction is passed on as what it
// was.
#pragma once

#include "failure/failure.hpp"
#include "net/accept.hpp"
#include "net/driver.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ashlar::cli {

struct TunnelOptions {
  // Makes the TLS side of a connection. Throws Failure.
  std::function<std::shared_ptr<tls::Connection>()> connection;
  bool client = false;  // accepts plain and connects with TLS; else accepts TLS and connects plain
  // Where to connect; each in turn until one answers.
  std::vector<asio::ip::tcp::endpoint> targets;
  std::chrono::milliseconds patience{30'000};  // for the connect, and for the handshake
  std::chrono::milliseconds idle{0};           // without a byte in either direction; 0: for ever
  std::size_t most_connections = 1;            // at once; further ones wait
  // The words of a failed client, if there are better ones than the error's.
  std::function<Words(const ConnectionEnd& end, const tls::Connection& connection, bool established)> ending;
  bool quiet = false;
};

class Joined;

class Tunnel {
 public:
  Tunnel(asio::io_context& io, const asio::ip::tcp::endpoint& listen, TunnelOptions options);
  ~Tunnel();
  asio::ip::tcp::endpoint endpoint() const { return accepting_.endpoint(); }
  void start() { accepting_.start(); }
  // Accepts no more, and ends the connections: TLS with close_notify, plain ones in order.
  void stop();

  const TunnelOptions& options() const { return options_; }
  void forget(std::uint64_t number);
  void log(std::uint64_t number, const std::string& text) const;

 private:
  void take(asio::ip::tcp::socket socket);

  asio::io_context& io_;
  Accepting accepting_{io_, [this] { return joined_.size() < options_.most_connections; },
                       [this](asio::ip::tcp::socket socket) { take(std::move(socket)); }};
  TunnelOptions options_;
  std::map<std::uint64_t, std::shared_ptr<Joined>> joined_;
  std::uint64_t next_number_ = 1;
};

}  // namespace ashlar::cli
