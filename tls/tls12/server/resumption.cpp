// SPDX-License-Identifier: Apache-2.0
// The server resumes a session (RFC 5246 §7.3, Figure 2).
#include "psk/psk.hpp"
#include "session/fits.hpp"
#include "tls12/server/server.hpp"

namespace ashlar::tls::tls12 {

// A session is resumed only in the context that it was made in (H09). Otherwise a full handshake follows. A
// client that shows a ticket means that, whatever its session ID says (RFC 5077 §3.4).
bool ServerHandshake::find_session(const ClientHello& hello, Session& session) const {
  const bool shows_ticket = !hello.session_ticket.empty();
  const Resumption* const kept = shows_ticket ? config.tickets : config.sessions;
  const Bytes handle = shows_ticket ? hello.session_ticket : hello.session_id;
  if (kept == nullptr || handle.empty() || !kept->open(kept->context, handle, settings.now(), session)) {
    return false;
  }
  const auto judge = !takes_certificates() || session.by_psk
                         ? std::optional(std::uint64_t{0})
                         : judge_of(config.accepted, config.verifier, session.client_certificate_type);
  return judge &&
         (session.by_psk || takes_type(hello.server_certificate_types, session.server_certificate_type)) &&
         (shows_ticket || equal_public(session.id.bytes(), hello.session_id)) &&
         session_fits(session, ProtocolVersion::tls12, policy(), settings.now(),
                      text_of(outcome.server_name.bytes()), *judge) &&
         hello.offers(session.suite) &&
         equal_public(session.alpn.bytes(), bytes_of(outcome.negotiated.alpn)) &&
         (config.client_authentication != ClientAuthentication::require || session.client_authenticated ||
          session.by_psk) &&
         has_psk_of(session, config.psks);
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
  negotiated().server_certificate_type = session.server_certificate_type;
  negotiated().client_certificate_type = session.client_certificate_type;
  if (session.by_psk) {
    ASHLAR_CHECK(outcome.keep_psk_identity(session.psk_identity.bytes()));
  }
  // A client that shows a ticket knows by its own ID that it is resumed (RFC 5077 §3.4).
  ASHLAR_CHECK(remember_session_id(hello.session_id));
  const Resumption* const tickets = hello.session_ticket.empty() ? nullptr : config.tickets;
  by_ticket = tickets != nullptr;
  gives_ticket = tickets != nullptr && tickets->is_stale != nullptr &&
                 tickets->is_stale(tickets->context, hello.session_ticket);
  ASHLAR_CHECK(start_transcript(false));
  accept(message);
  tell_secret(false, SecretKind::client_random, client_random);
  ASHLAR_CHECK(send_server_hello(hello));
  PendingKeys keys;
  keys.master_secret = MasterSecret(session.secret.reveal().first<48>());
  expand_keys(keys);
  if (gives_ticket) {
    ASHLAR_CHECK(send_new_session_ticket(session));
  }
  ASHLAR_CHECK(send_change_cipher_spec(keys));
  ASHLAR_CHECK(send_finished(keys));
  return ServerState(ServerExpectsChangeCipherSpec{std::move(keys)});
}

}  // namespace ashlar::tls::tls12
