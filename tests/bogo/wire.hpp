// SPDX-License-Identifier: Apache-2.0
// Drives a connection over the socket to the runner.
#pragma once

#include "flags.hpp"

#include <ashlar/posix.hpp>

#include <functional>
#include <optional>

namespace bogo {

class Wire {
 public:
  // slowly: the connection gets what arrives one byte at a time, each in memory lent to it for that byte.
  Wire(ashlar::tls::Connection& connection, const Flags& flags, bool slowly);
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  // Says that nothing more comes, and waits until the runner has read everything.
  ~Wire();

  // Called when a credential is needed; gives the answer to the connection.
  std::function<ashlar::Result<void>(ashlar::tls::Connection&)> choose_credential;

  // A server's early data is taken, and answered as other data is.
  ashlar::tls::Server* early_server = nullptr;

  ashlar::Result<void> handshake();
  // The same, until this is true.
  ashlar::Result<void> handshake_until(const std::function<bool()>& enough);
  // At most out.size() bytes; 0 at the end. The end is in order only if peer_closed() is true.
  ashlar::Result<std::size_t> read(ashlar::MutBytes out, bool peek_first);
  ashlar::Result<void> write(ashlar::Bytes data);
  // Seals the data and sends only the first byte of the result.
  ashlar::Result<void> begin_write(ashlar::Bytes data);
  ashlar::Result<void> flush();
  // Sends close_notify.
  ashlar::Result<void> close();
  // Reads until the peer's close_notify.
  ashlar::Result<void> wait_for_close();

 private:
  ashlar::Result<void> step();
  ashlar::Result<void> take_early_data();
  ashlar::Result<void> work();
  ashlar::Result<void> receive();
  ashlar::Result<void> send(std::size_t most);
  ashlar::Result<void> told(ashlar::Result<void> taken);

  ashlar::tls::Connection& connection_;
  ashlar::posix::Socket socket_;
  bool slowly_;
  bool hold_back_ = false;
  Octets arrived_, lent_;
  std::size_t fed_ = 0;
};

}  // namespace bogo
