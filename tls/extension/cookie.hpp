// SPDX-License-Identifier: Apache-2.0
// cookie (RFC 9846 §4.2.2): what a server puts into its HelloRetryRequest and the client sends back.
#pragma once

#include "extension/extension.hpp"

namespace ashlar::tls {

inline constexpr Extension kCookie = {
    .type = ExtensionType::cookie,
    .name = "cookie",
    .allowed = in(Carrier::client_hello, Versions::tls13) | in(Carrier::hello_retry_request, Versions::tls13),
    .client_hello = u16_vector<ClientHello, &ClientHello::cookie, 1>(Place::client_hello_cookie),
    .server_hello = u16_vector<ServerHello, &ServerHello::cookie, 1>(Place::server_hello_cookie),
    .offer = [](const Offer& from, ClientHello& hello) -> Result<void> {
      hello.cookie = from.cookie;
      return {};
    },
};

}  // namespace ashlar::tls
