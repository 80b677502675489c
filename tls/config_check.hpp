// SPDX-License-Identifier: Apache-2.0
// Whether a connection can work with a config at all. Client::create and Server::create ask before anything
// else: what is missing is an error that names its field, never a crash later.
#pragma once

#include <ashlar/tls/config.hpp>

namespace ashlar::tls {

// What fits a ClientHello beside all else.
inline constexpr std::size_t kMaxAlpnSize = 512;

// invalid_argument, with the field as its place.
Result<void> check_config(const ClientConfig& config);
Result<void> check_config(const ServerConfig& config);

}  // namespace ashlar::tls
