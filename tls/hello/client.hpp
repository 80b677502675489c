// SPDX-License-Identifier: Apache-2.0
// A client's connection until the ServerHello says which version is spoken.
#pragma once

#include "hello/versions.hpp"

namespace ashlar::tls {

// Sends a ClientHello for all versions of the policy. The protocol that it returns takes the server's answer.
// `name` is the server's; `session` may be null.
Result<Next> start_client_hello(const ClientConfig& config, const Outbox& outbox, std::string_view name,
                                const Session* session);

}  // namespace ashlar::tls
