// SPDX-License-Identifier: Apache-2.0
// What TLS 1.2 does once the handshake is done: application data passes, and renegotiation is refused.
#pragma once

#include "outbox.hpp"
#include "protocol.hpp"
#include "tls12/exporter.hpp"

namespace ashlar::tls::tls12 {

// `sessions` is the server's store, or null.
Result<Next> after_handshake(const Outbox& outbox, const Resumption* sessions, Exporter&& exporter);

}  // namespace ashlar::tls::tls12
