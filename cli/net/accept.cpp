// SPDX-License-Identifier: Apache-2.0
#include "net/accept.hpp"

#include <chrono>
#include <utility>

namespace ashlar::cli {

Accepting::Accepting(asio::io_context& io, std::function<bool()> has_room,
                     std::function<void(asio::ip::tcp::socket)> take)
    : acceptor_(io), pause_(io), has_room_(std::move(has_room)), take_(std::move(take)) {}

void Accepting::start() {
  if (!has_room_()) {
    waiting_for_room_ = true;
    return;
  }
  acceptor_.async_accept([this](SystemError error, asio::ip::tcp::socket socket) {
    if (error == asio::error::operation_aborted) {
      return;
    }
    if (error) {
      // Probably out of descriptors: try again later, when some may have been closed.
      pause_.expires_after(std::chrono::milliseconds(100));
      pause_.async_wait([this](SystemError stopped) {
        if (!stopped) {
          start();
        }
      });
      return;
    }
    take_(std::move(socket));
    start();
  });
}

void Accepting::stop() {
  SystemError ignored;
  acceptor_.close(ignored);
  pause_.cancel();
}

void Accepting::made_room() {
  if (waiting_for_room_ && acceptor_.is_open()) {
    waiting_for_room_ = false;
    start();
  }
}

}  // namespace ashlar::cli
