// SPDX-License-Identifier: Apache-2.0
// What client and server do alike with early data.
#pragma once

#include "outbox.hpp"
#include "tls13/key_schedule.hpp"

namespace ashlar::tls::tls13 {

// client_early_traffic_secret of a session's key (RFC 9846 §7.1). For a config that exports keys, what they
// are made of is kept. client_hello: the hash of the one message that has been sent so far.
Result<HashSecret> derive_early_traffic_secret(const Outbox& outbox, const crypto::HashAlgorithm& hash,
                                               Bytes psk, Bytes client_hello);

}  // namespace ashlar::tls::tls13
