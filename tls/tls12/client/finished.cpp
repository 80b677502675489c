// SPDX-License-Identifier: Apache-2.0
// The client sends and takes ChangeCipherSpec and Finished.
#include "tls12/client/client.hpp"

namespace ashlar::tls::tls12 {

// In the full handshake the client finishes first (RFC 5246 Figure 1).
Result<ClientState> ClientHandshake::finish(PendingKeys keys) {
  ASHLAR_CHECK(send_change_cipher_spec(keys));
  ASHLAR_CHECK(send_finished(keys));
  return expect_end(std::move(keys));
}

// In the abbreviated handshake the client answers the server's Finished with its own (Figure 2).
Result<ClientState> ClientExpectsFinished::handle(ClientHandshake& handshake, const Input& input) {
  ASHLAR_CHECK(handshake.verify_finished(keys, *input.message));
  if (handshake.negotiated().resumed) {
    ASHLAR_CHECK(handshake.send_change_cipher_spec(keys));
    ASHLAR_CHECK(handshake.send_finished(keys));
  }
  ASHLAR_CHECK(handshake.keep_session(keys));
  return ClientState(ClientConnected{std::move(keys.master_secret)});
}

}  // namespace ashlar::tls::tls12
