// SPDX-License-Identifier: Apache-2.0
#include "net/signals.hpp"

#include <chrono>
#include <csignal>
#include <utility>

namespace ashlar::cli {

Signals::Signals(asio::io_context& io, std::function<void()> reload, std::function<void()> stop)
    : io_(io),
      hangup_(io),
      end_(io, SIGINT, SIGTERM),
      last_moment_(io),
      reload_(std::move(reload)),
      stop_(std::move(stop)) {
  if (reload_ != nullptr) {
    hangup_.add(SIGHUP);
    await_hangup();
  }
  end_.async_wait([this](SystemError stopped, int) {
    if (stopped) {
      return;
    }
    hangup_.cancel();
    stop_();
    last_moment_.expires_after(std::chrono::milliseconds(500));
    last_moment_.async_wait([this](SystemError) { io_.stop(); });
  });
}

void Signals::await_hangup() {
  hangup_.async_wait([this](SystemError stopped, int) {
    if (!stopped) {
      reload_();
      await_hangup();
    }
  });
}

}  // namespace ashlar::cli
