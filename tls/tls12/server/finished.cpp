// SPDX-License-Identifier: Apache-2.0
// The server sends and takes ChangeCipherSpec and Finished.
#include "tls12/server/server.hpp"

namespace ashlar::tls::tls12 {

// In the full handshake the server answers the client's Finished with its own (Figure 1).
Result<ServerState> ServerExpectsFinished::handle(ServerHandshake& handshake, const Input& input) {
  ASHLAR_CHECK(handshake.verify_finished(keys, *input.message));
  if (!handshake.negotiated().resumed) {
    if (handshake.gives_ticket) {
      Session session;  // an empty one says that there is no ticket after all
      if (handshake.can_make_session()) {
        ASHLAR_TRY(session, handshake.make_session(keys.master_secret, handshake.trust_id()));
      }
      ASHLAR_CHECK(handshake.send_new_session_ticket(session));
    }
    ASHLAR_CHECK(handshake.send_change_cipher_spec(keys));
    ASHLAR_CHECK(handshake.send_finished(keys));
    if (!handshake.outcome.session_id.empty() && handshake.can_make_session()) {
      const Resumption& sessions = *handshake.config.sessions;
      ASHLAR_TRY(const Session session, handshake.make_session(keys.master_secret, handshake.trust_id()));
      // If this fails, the session is not resumed. Nothing else is lost.
      (void)sessions.seal(sessions.context, session, handshake.settings.random, {});
    }
  }
  return ServerState(ServerConnected{std::move(keys.master_secret)});
}

}  // namespace ashlar::tls::tls12
