// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ashlar/base/ct.hpp>

#include "hello/versions.hpp"

namespace ashlar::tls::tls13 {

// What TLS 1.3 has to say in a ClientHello.
Result<void> prepare(const ClientConfig& config, const Outbox& outbox, SentHello& sent);
// Fills the binder in at the end of the message.
Result<void> bind(const SentHello& sent, const Policy& policy, const Transcript* before, MutBytes message);

}  // namespace ashlar::tls::tls13
