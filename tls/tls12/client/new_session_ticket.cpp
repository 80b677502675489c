// SPDX-License-Identifier: Apache-2.0
// The client takes the NewSessionTicket that the ServerHello spoke of (RFC 5077 §3.3).
#include "tls12/client/client.hpp"

namespace ashlar::tls::tls12 {

// An empty ticket: the server has changed its mind.
Result<ClientState> ClientExpectsNewSessionTicket::handle(ClientHandshake& handshake, const Input& input) {
  ASHLAR_TRY(const NewSessionTicket given, NewSessionTicket::parse(input.message->body));
  handshake.accept(*input.message);
  handshake.ticket.release();
  ASHLAR_CHECK(handshake.ticket.append(given.ticket));
  handshake.ticket_lifetime = given.lifetime;
  return ClientState(ClientExpectsChangeCipherSpec{std::move(keys)});
}

ClientState ClientHandshake::expect_end(PendingKeys keys) const {
  if (ticket_announced) {
    return ClientState(ClientExpectsNewSessionTicket{std::move(keys)});
  }
  return ClientState(ClientExpectsChangeCipherSpec{std::move(keys)});
}

// The session to resume later: the one that was resumed, with its new ticket if it got one, or a new one. A
// server that gives a ticket means that, whatever its session ID says (RFC 5077 §3.4).
Result<void> ClientHandshake::keep_session(const PendingKeys& keys) {
  if (!negotiated().extended_master_secret) {
    return {};
  }
  if (negotiated().resumed) {
    if (!ticket.empty()) {
      ASHLAR_CHECK(resumed.ticket.assign(ticket.bytes(), settings.memory));
    }
    return outcome.keep(resumed, 1);
  }
  if ((ticket.empty() && outcome.session_id.empty()) || !can_make_session()) {
    return {};
  }
  ASHLAR_TRY(Session session, make_session(keys.master_secret, trust_id()));
  ASHLAR_CHECK(session.server_name.assign(name.bytes()));
  if (!ticket.empty()) {
    session.id.clear();
    ASHLAR_CHECK(session.ticket.assign(ticket.bytes(), settings.memory));
    if (ticket_lifetime != 0) {  // 0: the server does not say
      const std::int64_t lifetime =
          ticket_lifetime < kMaxSessionLifetime ? ticket_lifetime : kMaxSessionLifetime;
      session.expires = {session.created.seconds + lifetime};
    }
  }
  return outcome.keep(session, 1);
}

}  // namespace ashlar::tls::tls12
