// SPDX-License-Identifier: Apache-2.0
// The server resumes a session (RFC 5246 §7.3, Figure 2).
#include "session/fits.hpp"
#include "tls12/server/server.hpp"

namespace ashlar::tls::tls12 {

// A session is resumed only in the context that it was made in (H09). Otherwise a full handshake follows.
Session ServerHandshake::find_session(const ClientHello& hello) const {
  Session session;
  const Resumption* sessions = config.sessions;
  if (sessions == nullptr || hello.session_id.empty() ||
      !sessions->open(sessions->context, hello.session_id, settings.now(), session)) {
    return {};
  }
  const bool fits =
      equal_public(session.id.bytes(), hello.session_id) &&
      session_fits(session, policy(), settings.now(), text_of(outcome.server_name.bytes()), trust_id()) &&
      hello.offers(session.suite) && equal_public(session.alpn.bytes(), bytes_of(outcome.negotiated.alpn)) &&
      (config.client_authentication != ClientAuthentication::require || session.client_authenticated);
  if (!fits) {
    return {};
  }
  return session;
}

// In the abbreviated handshake the server finishes first.
Result<ServerState> ServerHandshake::resume(const HandshakeMessage& message, const ClientHello& hello,
                                            Session session) {
  // RFC 7627 §5.3: a session with extended master secret is not resumed without it.
  if (!hello.extended_master_secret) {
    return ErrorCode::extended_master_secret_missing;
  }
  negotiated().suite = policy().suite(session.suite);
  negotiated().encrypt_then_mac = decide_encrypt_then_mac(suite(), hello.encrypt_then_mac);
  negotiated().resumed = true;
  negotiated().client_authenticated = session.client_authenticated;
  ASHLAR_CHECK(remember_session_id(session.id.bytes()));
  ASHLAR_CHECK(start_transcript(false));
  accept(message);
  tell_secret(false, SecretKind::client_random, client_random);
  ASHLAR_CHECK(send_server_hello(hello));
  PendingKeys keys;
  keys.master_secret = MasterSecret(session.secret.reveal().first<48>());
  expand_keys(keys);
  ASHLAR_CHECK(send_change_cipher_spec(keys));
  ASHLAR_CHECK(send_finished(keys));
  return ServerState(ServerExpectsChangeCipherSpec{std::move(keys)});
}

}  // namespace ashlar::tls::tls12
