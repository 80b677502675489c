// SPDX-License-Identifier: Apache-2.0
// The data exchanged after the handshake: what the runner sends is sent back with every bit inverted.
#pragma once

#include "checks.hpp"
#include "wire.hpp"

namespace bogo {

// Runs until the runner or this side closes, as the flags say.
ashlar::Result<void> exchange(Wire& wire, const ashlar::tls::Connection& connection, const Flags& flags);

}  // namespace bogo
