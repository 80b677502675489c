// SPDX-License-Identifier: Apache-2.0
#include "tls13/after_handshake.hpp"

#include "message/tls13.hpp"
#include "tls13/key_update.hpp"

namespace ashlar::tls::tls13 {

namespace {

// How many tickets of a server are looked at (H14).
constexpr std::uint8_t kMaxTickets = kMaxKeptSessions;

struct ClientAfterHandshake : AfterHandshake {
  ClientAfterHandshake(const Allocation& allocation, const Outbox& engine, const Suite& its_suite,
                       TrafficSecrets&& its_secrets, HashSecret&& its_resumption_secret, Buffer&& its_session,
                       std::uint8_t most)
      : AfterHandshake(allocation, engine, its_suite, std::move(its_secrets)),
        resumption_secret(std::move(its_resumption_secret)),
        described(std::move(its_session)),
        most_kept(most) {}

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

  // The sessions that are kept are those of the last tickets.
  Result<void> take_ticket(const HandshakeMessage& message) {
    ASHLAR_TRY(const NewSessionTicket ticket, NewSessionTicket::parse(message.body));
    outbox.tell(Direction::received, MessageEvent{message.type, message.body});
    ASHLAR_TRY(Session session, Session::parse(described.bytes(), outbox.settings.memory));
    const bool no_room = session.by_psk && session.psk_identity.empty();
    if (tickets == kMaxTickets || ticket.lifetime == 0 || no_room) {
      return {};
    }
    ++tickets;
    session.created = outbox.settings.now();
    const asn1::Time end{session.created.seconds + ticket.lifetime};
    session.expires = end < session.expires ? end : session.expires;
    session.age_add = ticket.age_add;
    session.max_early_data = ticket.max_early_data;
    ASHLAR_TRY(const HashSecret psk, derive_resumption_psk(*suite.hash, resumption_secret, ticket.nonce));
    session.secret.assign(psk.reveal());
    ASHLAR_CHECK(session.ticket.assign(ticket.ticket, outbox.settings.memory));
    return outbox.outcome.keep(session, most_kept);
  }

  HashSecret resumption_secret;
  Buffer described;  // the session but for its ticket, serialized: an idle connection stays small
  const std::uint8_t most_kept;
  std::uint8_t tickets = 0;
};

Result<Buffer> describe(const Session& session, const Memory& memory) {
  std::uint8_t storage[kMaxSerializedSessionSize];
  ASHLAR_TRY(const MutBytes text, session.serialize(storage));
  Buffer out(memory);
  ASHLAR_CHECK(out.append(text));
  return Result<Buffer>(std::move(out));
}

}  // namespace

Result<Next> client_after_handshake(const Outbox& outbox, const Suite& suite, TrafficSecrets secrets,
                                    HashSecret exporter_secret, HashSecret resumption_secret, Session session,
                                    std::uint8_t most_kept) {
  ASHLAR_TRY(Buffer described, describe(session, outbox.settings.memory));
  return make_after_handshake<ClientAfterHandshake>(outbox, std::move(exporter_secret), suite,
                                                    std::move(secrets), std::move(resumption_secret),
                                                    std::move(described), most_kept);
}

}  // namespace ashlar::tls::tls13
