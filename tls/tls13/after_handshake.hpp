// SPDX-License-Identifier: Apache-2.0
// What TLS 1.3 does once the handshake is done: application data passes, keys are renewed, and a client keeps
// the tickets that it is given (RFC 9846 §4.6).
#pragma once

#include <ashlar/tls/session.hpp>

#include "protocol.hpp"
#include "tls13/key_schedule.hpp"

namespace ashlar::tls::tls13 {

// The traffic secrets in use.
struct TrafficSecrets {
  HashSecret sending;
  HashSecret receiving;
};

// exporter_secret: what keys for the application are made of; empty: none are. session: what there is to say
// of one that is resumed later, but for its ticket and secret. most_kept: how many of them are kept.
Result<Next> client_after_handshake(const Outbox& outbox, const Suite& suite, TrafficSecrets secrets,
                                    HashSecret exporter_secret, HashSecret resumption_secret, Session session,
                                    std::uint8_t most_kept);
Result<Next> server_after_handshake(const Outbox& outbox, const Suite& suite, TrafficSecrets secrets,
                                    HashSecret exporter_secret);

}  // namespace ashlar::tls::tls13
