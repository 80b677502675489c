// SPDX-License-Identifier: Apache-2.0
// Requests to renegotiate (RFC 5246 §7.4.1.1). All are refused (H07).
#pragma once

#include "outbox.hpp"

namespace ashlar::tls::tls12 {

// A HelloRequest during the handshake is ignored.
Result<void> pass_over_hello_request(const Outbox& outbox, const HandshakeMessage& message);
// After the handshake, a HelloRequest to a client or a ClientHello to a server is answered with the alert
// no_renegotiation.
Result<void> refuse_renegotiation(const Outbox& outbox, const HandshakeMessage& message);

}  // namespace ashlar::tls::tls12
