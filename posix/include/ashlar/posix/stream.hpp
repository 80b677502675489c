// SPDX-License-Identifier: Apache-2.0
// A loop that drives a connection over a blocking socket.
#pragma once

#include <ashlar/posix/socket.hpp>
#include <ashlar/tls/connection.hpp>

#include <cerrno>
#include <utility>

#include <sys/socket.h>

namespace ashlar::posix {

// Drives a Client or a Server over a blocking socket. Both must outlive it. If a private key is outside,
// calls return private_key_request_pending: answer with Connection::provide and call again. If credentials
// are chosen outside: credential_request_pending and Connection::provide_credential. If sessions are fetched
// from outside: session_request_pending and Connection::sessions_fetched.
class Stream {
 public:
  Stream(tls::Connection& connection, const Socket& socket)
      : connection_(connection), socket_(socket.get()) {}
  Stream(tls::Connection&, const Socket&&) = delete;

  // Runs until data can be written. read() and write() call it themselves.
  Result<void> handshake() {
    while (!connection_.handshake_done()) {
      ASHLAR_CHECK(flush());
      if (connection_.wants().has(tls::Want::closed)) {
        return connection_.error() ? *connection_.error() : Error{ErrorCode::not_connected};
      }
      ASHLAR_CHECK(receive());
    }
    return flush();
  }

  // Sends all of `data`.
  Result<void> write(Bytes data) {
    ASHLAR_CHECK(handshake());
    while (!data.empty()) {
      ASHLAR_TRY(const std::size_t taken, connection_.write(data));
      data = data.subspan(taken);
      ASHLAR_CHECK(flush());
    }
    return {};
  }

  // Waits for data and returns it; it is valid until the next call. Empty: the peer closed in order.
  // truncated_connection: the peer stopped, and the data may be incomplete.
  Result<Bytes> read() {
    ASHLAR_CHECK(told(connection_.consume(std::exchange(handed_out_, 0))));
    if (!connection_.handshake_done()) {
      ASHLAR_CHECK(handshake());
    }
    while (connection_.application_data().empty()) {
      if (connection_.error()) {
        return *connection_.error();
      }
      // Only answers are sent here. If that fails, the data that was read matters more.
      const Result<void> sent = flush();
      if (connection_.peer_closed() || connection_.wants().has(tls::Want::closed)) {
        return Bytes();
      }
      ASHLAR_CHECK(sent);
      ASHLAR_CHECK(receive());
    }
    handed_out_ = connection_.application_data().size();
    return connection_.application_data();
  }

  // Tells the peer that nothing more will be written. What it still sends can be read.
  Result<void> close() {
    connection_.close();
    return flush();
  }

 private:
  Result<void> flush() {
    for (Bytes out = connection_.pending_output(); !out.empty(); out = connection_.pending_output()) {
      const ssize_t count = ::send(socket_, out.data(), out.size(), MSG_NOSIGNAL);
      if (count < 0 && errno != EINTR) {
        return why_unsent(system_error());
      }
      if (count > 0) {
        connection_.sent(static_cast<std::size_t>(count));
      }
    }
    return {};
  }

  // A peer that refuses says why and closes. Its reason may still be unread when sending fails.
  Error why_unsent(Error error) {
    while (!connection_.error() && !connection_.peer_closed()) {
      const MutBytes window = connection_.receive_window();
      const ssize_t count = window.empty() ? 0 : ::recv(socket_, window.data(), window.size(), MSG_DONTWAIT);
      if (count <= 0) {
        return error;
      }
      (void)connection_.received(static_cast<std::size_t>(count));
    }
    return connection_.error() ? *connection_.error() : error;
  }

  // While the connection rests, its answer does not come over the socket.
  Result<void> receive() {
    const MutBytes window = connection_.receive_window();
    if (window.empty()) {
      return connection_.error() ? *connection_.error() : Error{pending()};
    }
    const ssize_t count = ::recv(socket_, window.data(), window.size(), 0);
    if (count < 0) {
      return errno == EINTR ? Result<void>() : system_error();
    }
    return told(count == 0 ? connection_.received_end()
                           : connection_.received(static_cast<std::size_t>(count)));
  }

  ErrorCode pending() const {
    return connection_.wants().has(tls::Want::credential) ? ErrorCode::credential_request_pending
           : connection_.wants().has(tls::Want::session)  ? ErrorCode::session_request_pending
                                                          : ErrorCode::private_key_request_pending;
  }

  // If the input was wrong, tells the peer why, if it still listens. The error itself is returned in any
  // case.
  Result<void> told(Result<void> taken) {
    if (!taken) {
      (void)flush();
    }
    return taken;
  }

  tls::Connection& connection_;
  int socket_;
  std::size_t handed_out_ = 0;
};

}  // namespace ashlar::posix
