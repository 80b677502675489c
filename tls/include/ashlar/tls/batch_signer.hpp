// SPDX-License-Identifier: Apache-2.0
// Private-key operations of several servers side by side. With AVX-512 IFMA eight of them cost as much as two
// to four one after the other, so that one core serves more handshakes.
//
//   config.batch = true;
//   ...
//   if (server.wants().has(Want::batch)) {
//     signer.add(server);
//   }
//   ...                    // whatever else is ready: other connections may rest too
//   signer.run();          // before the loop waits for events again
//
// Whoever drives the connections decides how long to gather. A loop that runs the batch when nothing else is
// ready waits for nobody: a connection that is alone goes on at once.
#pragma once

#include <ashlar/tls/connection.hpp>

namespace ashlar::tls {

// Gathers connections of one thread that rest in Want::batch. It does signatures with RSA, ECDSA on P-256 and
// Ed25519, and key exchanges with X25519 and P-256 (of X25519MLKEM768 and SecP256r1MLKEM768 too), up to eight
// of a kind side by side, and all others one after the other.
class BatchSigner {
 public:
  static constexpr std::size_t kMost = 64;  // connections at once

  // random: for nonces, salts, blinding and fresh keys.
  explicit BatchSigner(crypto::Random random) : random_(random) {}
  BatchSigner(const BatchSigner&) = delete;
  BatchSigner& operator=(const BatchSigner&) = delete;

  // Takes a connection that rests in Want::batch. Until run() it may move, and may end only after remove().
  // False if it does not rest so, is here already, or if there is no room: call run() before.
  bool add(const Connection& connection);
  // Forgets a connection, if it is here.
  void remove(const Connection& connection);
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  bool full() const { return size_ == kMost; }

  // Does what all of them rest for, and lets each go on; afterwards none is here. What goes wrong with one
  // ends that one: Connection::error. One that rests again, as after a key exchange for its signature, may be
  // added again. Takes less than 192 KiB of stack.
  void run();

 private:
  crypto::Random random_;
  Connection::Impl* waiting_[kMost] = {};
  std::size_t size_ = 0;
};

}  // namespace ashlar::tls
