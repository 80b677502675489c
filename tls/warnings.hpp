// SPDX-License-Identifier: Apache-2.0
// Warnings that are ignored: alerts of that level and, in TLS 1.2, requests to renegotiate. Both cost the
// same work. A peer may send only a few of them between its application data (T05).
#pragma once

#include "outbox.hpp"

namespace ashlar::tls {

inline constexpr unsigned kMaxWarningAlerts = 4;

inline Result<void> count_warning(Outcome& outcome) {
  if (++outcome.warnings > kMaxWarningAlerts) {
    return Error{ErrorCode::warning_alert_flood, Place::none, outcome.warnings};
  }
  return {};
}

}  // namespace ashlar::tls
