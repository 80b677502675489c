// SPDX-License-Identifier: Apache-2.0
// Randomness that fails once, and a handshake of which one flight is changed on its way.
#pragma once

#include "tls/support/pipe.hpp"

namespace ashlar::test {

// Fails at one draw.
struct FailsOnce {
  crypto::Random source;
  std::size_t draws = 0;
  std::size_t fail_at = ~std::size_t{0};
  crypto::Random random() {
    return {[](void* context, MutBytes out) -> Result<void> {
              auto& self = *static_cast<FailsOnce*>(context);
              if (self.draws++ == self.fail_at) {
                wipe(out);
                return ErrorCode::random_unavailable;
              }
              return self.source.fill(out);
            },
            this};
  }
};

// Whether both sides think that the handshake is done, after a change to the bytes of one flight.
template <class Change>
bool survives(tls::Client client, tls::Server server, std::size_t flight, const Change& change) {
  for (std::size_t i = 0; i < 6; ++i) {
    tls::Connection& from = i % 2 == 0 ? static_cast<tls::Connection&>(client) : server;
    tls::Connection& to = i % 2 == 0 ? static_cast<tls::Connection&>(server) : client;
    Buffer bytes = drain(from);
    if (i == flight) {
      change(bytes);
    }
    (void)feed_all(to, bytes);
  }
  return client.handshake_done() && server.handshake_done() && !client.error() && !server.error();
}

}  // namespace ashlar::test
