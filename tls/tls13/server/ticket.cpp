// SPDX-License-Identifier: Apache-2.0
#include "tls13/server/ticket.hpp"

#include <ashlar/base/endian.hpp>

#include "hello/variation.hpp"
#include "message/tls13.hpp"

namespace ashlar::tls::tls13 {

Result<void> send_ticket(const Outbox& outbox, const Resumption& sessions, const crypto::HashAlgorithm& hash,
                         const HashSecret& resumption_secret, Session& session, std::uint8_t number,
                         bool grease) {
  const std::uint8_t nonce[] = {number};
  const Settings& settings = outbox.settings;
  std::uint8_t age_add[4];
  ASHLAR_CHECK(settings.random.fill(age_add));
  session.age_add = load_be32(age_add);
  const asn1::Time end{session.created.seconds + kDefaultSessionLifetime};
  session.expires = end < session.expires ? end : session.expires;
  if (session.expires <= session.created) {
    return {};
  }
  session.id.resize(kMaxSessionIdSize);
  ASHLAR_CHECK(settings.random.fill(session.id.bytes_mut()));
  ASHLAR_TRY(const HashSecret psk, derive_resumption_psk(hash, resumption_secret, nonce));
  session.secret.assign(psk.reveal());
  std::uint8_t room[kMaxHandleSize];
  const auto handle = sessions.seal(sessions.context, session, settings.random, MutBytes(room));
  if (!handle || handle->empty()) {
    return {};
  }
  NewSessionTicket ticket;
  ticket.lifetime = static_cast<std::uint32_t>(session.expires.seconds - session.created.seconds);
  ticket.age_add = session.age_add;
  ticket.nonce = nonce;
  ticket.max_early_data = session.max_early_data;
  if (grease) {
    ASHLAR_TRY(ticket.grease_extension, draw_grease(settings.random));
  }
  ticket.ticket = *handle;
  ASHLAR_TRY(const MutBytes space, outbox.room(kHandshakeHeaderSize + 32 + handle->size()));
  Writer writer(space);
  {
    const auto body = handshake_scope(writer, HandshakeType::new_session_ticket);
    ticket.build(writer);
  }
  ASHLAR_TRY(const Bytes whole, writer.finish());
  outbox.queue(whole.size());
  outbox.tell(Direction::sent,
              MessageEvent{HandshakeType::new_session_ticket, whole.subspan(kHandshakeHeaderSize)});
  return {};
}

}  // namespace ashlar::tls::tls13
