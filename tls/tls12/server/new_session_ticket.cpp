// SPDX-License-Identifier: Apache-2.0
// The server sends the NewSessionTicket that its ServerHello spoke of (RFC 5077 §3.3).
#include "tls12/server/server.hpp"

namespace ashlar::tls::tls12 {

// If no ticket can be made after all, an empty one says so.
Result<void> ServerHandshake::send_new_session_ticket(const Session& session) {
  std::uint8_t room[kMaxHandleSize];
  const Resumption& tickets = *config.tickets;
  Result<Bytes> sealed = Bytes();
  if (!session.secret.empty()) {
    sealed = tickets.seal(tickets.context, session, settings.random, MutBytes(room));
  }
  NewSessionTicket message;
  if (sealed && !sealed->empty()) {
    message.lifetime = static_cast<std::uint32_t>(session.expires.seconds - settings.now().seconds);
    message.ticket = *sealed;
  }
  return send(HandshakeType::new_session_ticket, 4 + 2 + message.ticket.size(),
              [&](Writer& writer) { message.build(writer); });
}

}  // namespace ashlar::tls::tls12
