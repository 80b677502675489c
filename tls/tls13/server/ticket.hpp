// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ashlar/tls/session.hpp>

#include "tls13/key_schedule.hpp"

namespace ashlar::tls::tls13 {

// Keeps the session, and sends the client a NewSessionTicket with the handle to it (RFC 9846 §4.6.1). If it
// cannot be kept there is no ticket, and nothing else is lost. number: of the connection's tickets, each of
// which has another secret. grease: it has an extension that means
// nothing.
Result<void> send_ticket(const Outbox& outbox, const Resumption& sessions, const crypto::HashAlgorithm& hash,
                         const HashSecret& resumption_secret, Session& session, std::uint8_t number,
                         bool grease);

}  // namespace ashlar::tls::tls13
