// SPDX-License-Identifier: Apache-2.0
// A fake peer: a thread that treats its connections as a test says.
#pragma once

#include <ashlar/posix.hpp>

#include <netinet/in.h>

#include <functional>
#include <stdexcept>
#include <string>
#include <thread>

namespace ashlar::test {

// Ends its own output, and reads and drops what the peer still sends.
inline void end_in_order(const posix::Socket& socket) {
  ::shutdown(socket.get(), SHUT_WR);
  char rest[4096];
  while (::recv(socket.get(), rest, sizeof rest, 0) > 0) {
  }
}

// Listens on a free port of loopback and serves one connection after the other.
class LoopbackServer {
 public:
  explicit LoopbackServer(std::function<void(const posix::Socket&)> serve)
      : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), serve_(std::move(serve)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_.get(), generic, size) != 0 || ::listen(listener_.get(), 5) != 0 ||
        ::getsockname(listener_.get(), generic, &size) != 0) {
      throw std::runtime_error("no listener");
    }
    port = std::to_string(ntohs(address.sin_port));
    thread_ = std::thread([this] {
      while (true) {
        const posix::Socket socket(::accept(listener_.get(), nullptr, nullptr));
        if (socket.get() < 0) {
          return;
        }
        serve_(socket);
      }
    });
  }
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;
  ~LoopbackServer() {
    ::shutdown(listener_.get(), SHUT_RDWR);
    thread_.join();
  }
  std::string port;

 private:
  posix::Socket listener_;
  std::function<void(const posix::Socket&)> serve_;
  std::thread thread_;
};

}  // namespace ashlar::test
