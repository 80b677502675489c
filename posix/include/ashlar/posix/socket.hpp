// SPDX-License-Identifier: Apache-2.0
// Sockets that close themselves, and connecting to a name.
#pragma once

#include <ashlar/posix/system.hpp>

#include <utility>

#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace ashlar::posix {

// A file descriptor that closes itself.
class Socket {
 public:
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  Socket(Socket&& other) noexcept : descriptor_(other.descriptor_) { other.descriptor_ = -1; }
  Socket& operator=(Socket&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~Socket() {
    if (descriptor_ >= 0) {
      ::close(descriptor_);
    }
  }
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

// Connects to a name or address; every address of the name is tried in turn. Reads and writes that take
// longer than `timeout_seconds` fail. host_not_found, or system_call_failed of the last address.
inline Result<Socket> dial(const char* host, const char* port, int timeout_seconds = 30) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  if (::getaddrinfo(host, port, &hints, &list) != 0) {
    return ErrorCode::host_not_found;
  }
  Error error{ErrorCode::host_not_found};
  for (const addrinfo* address = list; address != nullptr; address = address->ai_next) {
    Socket socket(::socket(address->ai_family, address->ai_socktype | SOCK_CLOEXEC, address->ai_protocol));
    const timeval timeout{timeout_seconds, 0};
    if (socket.get() >= 0 &&
        ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout) == 0 &&
        ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout) == 0 &&
        ::connect(socket.get(), address->ai_addr, address->ai_addrlen) == 0) {
      ::freeaddrinfo(list);
      return socket;
    }
    error = system_error();
  }
  ::freeaddrinfo(list);
  return error;
}

}  // namespace ashlar::posix
