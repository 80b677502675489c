// SPDX-License-Identifier: Apache-2.0
// What is said over a connection once it stands: what the runner sends comes back with every bit turned.
#pragma once

#include "checks.hpp"
#include "wire.hpp"

namespace bogo {

// Until the runner closes, or this side does, as the flags say.
ashlar::Result<void> exchange(Wire& wire, const ashlar::tls::Connection& connection, const Flags& flags);

}  // namespace bogo
