// SPDX-License-Identifier: Apache-2.0
// A listening socket that hands on its connections one after another.
#pragma once

#include "net/asio.hpp"

#include <functional>

namespace ashlar::cli {

class Accepting {
 public:
  // has_room: whether one more may come; without room the kernel keeps the next ones until made_room. take
  // throws nothing.
  Accepting(asio::io_context& io, std::function<bool()> has_room,
            std::function<void(asio::ip::tcp::socket)> take);

  // To be opened, bound and set listening before start.
  asio::ip::tcp::acceptor& socket() { return acceptor_; }
  asio::ip::tcp::endpoint endpoint() const { return acceptor_.local_endpoint(); }
  void start();
  void stop();
  void made_room();

 private:
  asio::ip::tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  std::function<bool()> has_room_;
  std::function<void(asio::ip::tcp::socket)> take_;
  bool waiting_for_room_ = false;
};

}  // namespace ashlar::cli
