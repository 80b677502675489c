// SPDX-License-Identifier: Apache-2.0
// Redis, without ever waiting for it long: a client around hiredis in an event loop.
#pragma once

#include "net/asio.hpp"

#include <ashlar/base/bytes.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace ashlar::cli {

struct RedisAddress {
  std::string host = "127.0.0.1";
  std::string port = "6379";
  int database = 0;
  std::string password_file;  // empty: no password
};
// redis://HOST[:PORT][/DATABASE]. A Failure says what is wrong with it, or that this build has no hiredis.
RedisAddress redis_address(const std::string& url);

// Keys and values in Redis, for one event loop. While Redis cannot be reached, nothing is found and nothing
// is kept. A command that is not answered in time ends the connection to Redis, and another is tried later:
// so a slow Redis holds up few callers, and each for kPatience at most.
class Redis {
 public:
  static constexpr std::chrono::milliseconds kPatience{100};
  static constexpr std::chrono::milliseconds kPause{1000};  // between two tries to connect
  static constexpr std::size_t kMostPending = 4096;         // commands without an answer yet

  // tell: is told when it can no longer be reached, and why, and when it can be again.
  Redis(asio::io_context& io, const RedisAddress& address, std::function<void(const std::string&)> tell);
  Redis(const Redis&) = delete;
  Redis& operator=(const Redis&) = delete;
  ~Redis();

  // `found` is called once, later, with the value. It is empty if there is none, or none in time.
  void get(const std::string& key, std::function<void(std::string)> found);
  void set(const std::string& key, Bytes value, std::int64_t seconds);
  void remove(const std::string& key);

 private:
  struct Client;
  std::shared_ptr<Client> client_;
};

}  // namespace ashlar::cli
