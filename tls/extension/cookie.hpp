// SPDX-License-Identifier: Apache-2.0
// cookie (RFC 9846 §4.2.2): what a server puts into its HelloRetryRequest and the client sends back.
#pragma once

#include "extension/extension.hpp"

namespace ashlar::tls {

template <class Message>
constexpr In<Message> cookie(Place place) {
  return {
      .place = place,
      .parse = [](Message& hello, Reader body) -> Result<void> {
        ASHLAR_TRY(const Reader cookie, body.u16_prefixed());
        ASHLAR_CHECK(body.expect_end());
        ASHLAR_TRY(hello.cookie, elements(cookie, 1));
        return {};
      },
      .present = [](const Message& hello) { return !hello.cookie.empty(); },
      .build = [](const Message& hello, Writer& body) { write_u16_vector(body, hello.cookie); },
  };
}

inline constexpr Extension kCookie = {
    .type = ExtensionType::cookie,
    .name = "cookie",
    .allowed = in(Carrier::client_hello, Versions::tls13) | in(Carrier::hello_retry_request, Versions::tls13),
    .client_hello = cookie<ClientHello>(Place::client_hello_cookie),
    .server_hello = cookie<ServerHello>(Place::server_hello_cookie),
    .offer = [](const Offer& from, ClientHello& hello) -> Result<void> {
      hello.cookie = from.cookie;
      return {};
    },
};

}  // namespace ashlar::tls
