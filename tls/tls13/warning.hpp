// SPDX-License-Identifier: Apache-2.0
// What an alert of warning level means in TLS 1.3, in the handshake and after it.
#pragma once

#include "warnings.hpp"

namespace ashlar::tls::tls13 {

// Every alert but user_canceled ends the connection, whatever its level says (RFC 9846 §6). close_notify does
// not come here.
inline Result<void> take_warning(const Outbox& outbox, Alert alert) {
  if (alert == Alert::user_canceled) {
    return count_warning(outbox.outcome);
  }
  return Error{ErrorCode::peer_alert, Place::none, static_cast<std::uint32_t>(alert)};
}

}  // namespace ashlar::tls::tls13
