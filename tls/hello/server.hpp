// SPDX-License-Identifier: Apache-2.0
// A server's connection until the ClientHello has come and a version was chosen.
#pragma once

#include "hello/versions.hpp"

namespace ashlar::tls {

// The protocol that it returns waits for the ClientHello.
Result<Next> start_server_hello(const ServerConfig& config, const Outbox& outbox);

}  // namespace ashlar::tls
