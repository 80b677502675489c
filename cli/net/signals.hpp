// SPDX-License-Identifier: Apache-2.0
// What signals do to a program that serves.
#pragma once

#include "net/asio.hpp"

#include <boost/asio/signal_set.hpp>

#include <functional>

namespace ashlar::cli {

// SIGINT and SIGTERM call `stop` once, and half a second later they end the loop, whatever is still open.
// SIGHUP calls `reload` each time; without one it ends the process as ever.
class Signals {
 public:
  Signals(asio::io_context& io, std::function<void()> reload, std::function<void()> stop);

 private:
  void await_hangup();

  asio::io_context& io_;
  asio::signal_set hangup_, end_;
  asio::steady_timer last_moment_;
  std::function<void()> reload_, stop_;
};

}  // namespace ashlar::cli
