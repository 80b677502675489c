// SPDX-License-Identifier: Apache-2.0
// The server's side of many connections at once: accepting, deadlines, and answers. An acceptor and its
// connections live on one thread; several acceptors may share a listening socket.
#pragma once

#include "fleet/redis.hpp"
#include "net/accept.hpp"
#include "net/driver.hpp"
#include "server/web_root.hpp"
#include "starttls/dialogue.hpp"
#include "trace/trace.hpp"

#include <ashlar/tls/batch_signer.hpp>
#include <ashlar/tls/ticket_keys.hpp>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ashlar::cli {

struct ServeOptions {
  const WebRoot* root = nullptr;       // files; null: a page about the connection
  bool echo = false;                   // sends back what it gets, instead of HTTP
  int threads = 1;                     // they share the descriptors of this process
  const StartTls* starttls = nullptr;  // what passes before TLS; null: nothing
  bool quiet = false;
  bool verbose = false;  // also reports peers that leave without losing anything
  TraceLevel trace = TraceLevel::none;
  const KeyLogFile* key_log = nullptr;    // of all connections; null: none
  const RedisAddress* redis = nullptr;    // has the sessions of the fleet; null: none
  tls::TicketKeys* fleet_keys = nullptr;  // they are sealed under these
  std::chrono::milliseconds handshake_time{10'000};
  std::chrono::milliseconds request_time{30'000};  // for a whole request head, and for progress of a response
  std::chrono::milliseconds idle_time{15'000};     // between requests of one connection
};

// One accepted connection: TLS around a Talker.
class ServerConnection;

class Acceptor {
 public:
  // `config` without its events, which are each connection's own.
  Acceptor(asio::io_context& io, const asio::ip::tcp::endpoint& endpoint, const tls::ServerConfig& config,
           const ServeOptions& options);
  // Another acceptor for another thread, which accepts from the same socket. `first` must outlive it.
  Acceptor(asio::io_context& io, Acceptor& first);
  ~Acceptor();
  asio::ip::tcp::endpoint endpoint() const { return accepting_.endpoint(); }
  void start();
  // Accepts no more connections and sends close_notify on the existing ones.
  void stop();

  const tls::ServerConfig& config() const { return config_; }
  const ServeOptions& options() const { return options_; }
#ifdef ASHLAR_REDIS
  Redis* redis() const {
    return redis_.get();
  }  // null: none
#endif
  void forget(std::uint64_t number);
  // Does what the connection rests for with that of others which rest too once all that is ready now was
  // looked at. With nothing else to do that is at once.
  void gather(const std::shared_ptr<Driver>& driver, const tls::Connection& connection);
  void log(std::uint64_t number, const std::string& text) const;

 private:
  void take(asio::ip::tcp::socket socket);
  void tidy_soon();
  void await_batch();
  void run_batch();
  void meet_fleet();

  asio::io_context& io_;
  Accepting accepting_{io_, [this] { return connections_.size() < most_connections_; },
                       [this](asio::ip::tcp::socket socket) { take(std::move(socket)); }};
  asio::steady_timer tidy_;
  const tls::ServerConfig& config_;
  const ServeOptions& options_;
#ifdef ASHLAR_REDIS
  std::unique_ptr<Redis> redis_;  // outlives the connections
#endif
  std::map<std::uint64_t, std::unique_ptr<ServerConnection>> connections_;
  // Shared by all acceptors of a socket, so that each connection has its own number.
  std::shared_ptr<std::atomic<std::uint64_t>> next_number_;
  std::size_t most_connections_;  // of this acceptor
  tls::BatchSigner signer_;
  std::vector<std::shared_ptr<Driver>> resting_;  // of those in the batch
  bool will_tidy_ = false, will_run_batch_ = false;
};

}  // namespace ashlar::cli
