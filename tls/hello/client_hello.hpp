// SPDX-License-Identifier: Apache-2.0
// The ClientHello, made for all versions that a client offers.
#pragma once

#include "hello/versions.hpp"

namespace ashlar::tls {

// Builds the hello out of what `sent` has, puts it into the flight, and notes message and extensions in
// `sent`. `before` is the transcript that it follows; null: nothing.
Result<void> send_client_hello(const ClientConfig& config, const Outbox& outbox, SentHello& sent,
                               const Transcript* before);

}  // namespace ashlar::tls
