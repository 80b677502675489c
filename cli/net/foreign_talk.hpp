// SPDX-License-Identifier: Apache-2.0
// Which protocol speaks where TLS was expected, by its first four bytes (the detail of not_tls).
#pragma once

#include "failure/failure.hpp"

#include <cstdint>
#include <string>

namespace ashlar::cli {

// What a server sent that is no TLS, and what to do. host: "HOST:PORT".
Words foreign_server_words(const std::string& host, const Error& error);

// The same about a client, for a line of the server's log, behind a semicolon; empty if nothing is known.
std::string foreign_client_text(const Error& error);

}  // namespace ashlar::cli
