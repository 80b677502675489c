// SPDX-License-Identifier: Apache-2.0
#include "wire.hpp"

#include "identity.hpp"
#include "report.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <algorithm>

namespace bogo {

using namespace ashlar;

namespace {

// Shorter than the runner's own limit, so that a stalled connection is reported as stalled.
constexpr int kPatience = 12;

posix::Socket dial_runner(const Flags& flags) {
  const std::string port = std::to_string(flags.port);
  auto socket = need(posix::dial(flags.ipv6 ? "::1" : "127.0.0.1", port.c_str(), kPatience), "the runner");
  const int yes = 1;
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  std::uint8_t id[8];
  for (std::size_t i = 0; i < sizeof id; ++i) {
    id[i] = static_cast<std::uint8_t>(flags.shim_id >> (8 * i));
  }
  if (::send(socket.get(), id, sizeof id, MSG_NOSIGNAL) != sizeof id) {
    throw Failed(posix::system_error(), "the runner");
  }
  return socket;
}

}  // namespace

Wire::Wire(tls::Connection& connection, const Flags& flags, bool slowly)
    : connection_(connection), socket_(dial_runner(flags)), slowly_(slowly) {}

Wire::~Wire() {
  ::shutdown(socket_.get(), SHUT_WR);
  std::uint8_t rest[4096];
  while (::recv(socket_.get(), rest, sizeof rest, 0) > 0) {
  }
}

Result<void> Wire::send(std::size_t most) {
  for (Bytes out = connection_.pending_output(); !out.empty() && most != 0;
       out = connection_.pending_output()) {
    const ssize_t count = ::send(socket_.get(), out.data(), std::min(out.size(), most), MSG_NOSIGNAL);
    if (count < 0 && errno != EINTR) {
      return posix::system_error();
    }
    if (count > 0) {
      connection_.sent(static_cast<std::size_t>(count));
      most -= static_cast<std::size_t>(count);
    }
  }
  return {};
}

Result<void> Wire::flush() {
  return hold_back_ ? Result<void>() : send(~std::size_t{0});
}

// If the connection refused its input, tells the peer why.
Result<void> Wire::told(Result<void> taken) {
  if (!taken) {
    (void)send(~std::size_t{0});
  }
  return taken;
}

Result<void> Wire::receive() {
  if (fed_ < arrived_.size()) {
    const std::size_t count = slowly_ ? 1 : arrived_.size() - fed_;
    const auto taken = connection_.feed(Bytes(arrived_).subspan(fed_, count));
    fed_ += taken ? *taken : 0;
    return told(taken ? Result<void>() : Result<void>(taken.error()));
  }
  if (slowly_) {
    arrived_.resize(4096);
    fed_ = 0;
    const ssize_t count = ::recv(socket_.get(), arrived_.data(), arrived_.size(), 0);
    arrived_.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    if (count < 0) {
      return posix::system_error();
    }
    return count == 0 ? told(connection_.received_end()) : Result<void>();
  }
  const MutBytes window = connection_.receive_window();
  if (window.empty()) {
    return connection_.error() ? *connection_.error() : Error{ErrorCode::internal_mistake};
  }
  const ssize_t count = ::recv(socket_.get(), window.data(), window.size(), 0);
  if (count < 0) {
    return posix::system_error();
  }
  return told(count == 0 ? connection_.received_end()
                         : connection_.received(static_cast<std::size_t>(count)));
}

// Sends what is waiting, answers requests, and reads once.
Result<void> Wire::work() {
  if (connection_.wants().has(tls::Want::credential)) {
    return told(choose_credential(connection_));
  }
  if (const auto request = connection_.private_key_request()) {
    return told(connection_.provide(Identity::answer(*request)));
  }
  // A peer that refuses says why and closes. Its alert may still be unread when sending fails.
  if (const auto sent = flush(); !sent) {
    const auto received = receive();
    return received ? sent : received;
  }
  if (connection_.wants().has(tls::Want::closed)) {
    return connection_.error() ? *connection_.error() : Error{ErrorCode::not_connected};
  }
  return receive();
}

Result<void> Wire::step() {
  if (!slowly_) {
    return work();
  }
  lent_.resize(tls::Connection::kLentSize);
  ASHLAR_CHECK(connection_.lend(lent_));
  const Result<void> worked = work();
  const Result<void> returned = connection_.return_lent();
  // The lent memory no longer belongs to the connection.
  std::fill(lent_.begin(), lent_.end(), std::uint8_t{0xaa});
  return worked ? returned : worked;
}

Result<void> Wire::handshake() {
  ASHLAR_CHECK(handshake_until([] { return false; }));
  return flush();
}

Result<void> Wire::handshake_until(const std::function<bool()>& enough) {
  while (!connection_.handshake_done() && !enough()) {
    if (early_server != nullptr && !early_server->early_data().empty()) {
      ASHLAR_CHECK(take_early_data());
    } else {
      ASHLAR_CHECK(step());
    }
  }
  return {};
}

Result<void> Wire::take_early_data() {
  const Bytes data = early_server->early_data();
  Octets answer(data.begin(), data.end());
  for (std::uint8_t& octet : answer) {
    octet = static_cast<std::uint8_t>(~octet);
  }
  for (Bytes rest = answer; !rest.empty();) {
    ASHLAR_TRY(const std::size_t taken, connection_.write(rest));
    rest = rest.subspan(taken);
    ASHLAR_CHECK(flush());
  }
  return told(early_server->consume_early_data(data.size()));
}

Result<std::size_t> Wire::read(MutBytes out, bool peek_first) {
  while (connection_.application_data().empty()) {
    if (connection_.error()) {
      return *connection_.error();
    }
    if (connection_.peer_closed()) {
      return std::size_t{0};
    }
    ASHLAR_CHECK(step());
  }
  const Bytes data = connection_.application_data();
  const std::size_t count = std::min(out.size(), data.size());
  copy_bytes(out, data.first(count));
  if (peek_first && !equal_public(connection_.application_data(), data)) {
    throw Unexpected("looking at the data has changed it");
  }
  hold_back_ = false;
  ASHLAR_CHECK(told(connection_.consume(count)));
  return count;
}

Result<void> Wire::write(Bytes data) {
  ASHLAR_CHECK(handshake());
  hold_back_ = false;
  while (!data.empty()) {
    ASHLAR_TRY(const std::size_t taken, connection_.write(data));
    data = data.subspan(taken);
    ASHLAR_CHECK(flush());
  }
  return {};
}

Result<void> Wire::begin_write(Bytes data) {
  ASHLAR_CHECK(handshake());
  ASHLAR_TRY(const std::size_t taken, connection_.write(data));
  if (taken != data.size()) {
    throw Unexpected("a short text was not taken whole");
  }
  ASHLAR_CHECK(send(1));
  hold_back_ = true;
  return {};
}

Result<void> Wire::close() {
  hold_back_ = false;
  connection_.close();
  return flush();
}

Result<void> Wire::wait_for_close() {
  while (!connection_.peer_closed()) {
    if (connection_.error()) {
      return *connection_.error();
    }
    if (!connection_.application_data().empty()) {
      ASHLAR_CHECK(told(connection_.consume(connection_.application_data().size())));
    } else {
      ASHLAR_CHECK(receive());
    }
  }
  return {};
}

}  // namespace bogo
