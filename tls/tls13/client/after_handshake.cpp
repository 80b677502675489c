// SPDX-License-Identifier: Apache-2.0
#include "tls13/after_handshake.hpp"

#include "message/tls13.hpp"
#include "tls13/key_update.hpp"

namespace ashlar::tls::tls13 {

namespace {

// How many tickets of a server are looked at (H14).
constexpr unsigned kMaxTickets = 8;

struct ClientAfterHandshake : AfterHandshake {
  ClientAfterHandshake(const Allocation& allocation, const Outbox& engine, const Suite& its_suite,
                       TrafficSecrets&& its_secrets, HashSecret&& its_resumption_secret,
                       Session&& its_session)
      : AfterHandshake(allocation, engine, its_suite, std::move(its_secrets)),
        resumption_secret(std::move(its_resumption_secret)),
        session(std::move(its_session)),
        latest_end(session.expires) {}

  Result<Next> step(const Input& input) {
    if (input.kind != Input::Kind::message) {
      ASHLAR_CHECK(take_data(input));
    } else if (input.message->type == HandshakeType::key_update) {
      ASHLAR_CHECK(take_key_update(*input.message));
    } else {
      ASHLAR_CHECK(take_ticket(*input.message));
    }
    return Next{};
  }

  // The session that is kept is the one of the last ticket.
  Result<void> take_ticket(const HandshakeMessage& message) {
    ASHLAR_TRY(const NewSessionTicket ticket, NewSessionTicket::parse(message.body));
    outbox.tell(Direction::received, MessageEvent{message.type, message.body});
    const bool no_room = session.by_psk && session.psk_identity.empty();
    if (tickets == kMaxTickets || ticket.lifetime == 0 || no_room) {
      return {};
    }
    ++tickets;
    session.created = outbox.settings.now();
    const asn1::Time end{session.created.seconds + ticket.lifetime};
    session.expires = end < latest_end ? end : latest_end;
    session.age_add = ticket.age_add;
    session.max_early_data = ticket.max_early_data;
    ASHLAR_TRY(const HashSecret psk, derive_resumption_psk(*suite.hash, resumption_secret, ticket.nonce));
    session.secret.assign(psk.reveal());
    ASHLAR_CHECK(session.ticket.assign(ticket.ticket, outbox.settings.memory));
    const Result<void> kept = outbox.outcome.keep(session);
    session.ticket.clear();
    session.secret.clear();
    return kept;
  }

  HashSecret resumption_secret;
  Session session;
  const asn1::Time latest_end;  // of a session
  unsigned tickets = 0;
};

}  // namespace

Result<Next> client_after_handshake(const Outbox& outbox, const Suite& suite, TrafficSecrets secrets,
                                    HashSecret exporter_secret, HashSecret resumption_secret,
                                    Session session) {
  return make_after_handshake<ClientAfterHandshake>(outbox, std::move(exporter_secret), suite,
                                                    std::move(secrets), std::move(resumption_secret),
                                                    std::move(session));
}

}  // namespace ashlar::tls::tls13
