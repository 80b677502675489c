// SPDX-License-Identifier: Apache-2.0
// renegotiation_info (RFC 5746). Ashlar never renegotiates, so its one vector is empty (§3.4, §3.6). A client
// may send TLS_EMPTY_RENEGOTIATION_INFO_SCSV instead. It says the same.
#pragma once

#include "extension/extension.hpp"

namespace ashlar::tls {

template <class Message>
Result<void> read_renegotiation_info(Message& hello, Reader body) {
  hello.has_renegotiation_info = true;
  ASHLAR_TRY(const Reader renegotiated_connection, body.u8_prefixed());
  ASHLAR_CHECK(body.expect_end());
  if (!renegotiated_connection.empty()) {
    return ErrorCode::renegotiation_info_bad;
  }
  return {};
}

inline constexpr Extension kRenegotiationInfo = {
    .type = ExtensionType::renegotiation_info,
    .name = "renegotiation_info",
    .allowed = in(Carrier::client_hello, Versions::tls12) | in(Carrier::server_hello, Versions::tls12),
    .client_hello =
        {
            .place = Place::client_hello_renegotiation_info,
            .parse = read_renegotiation_info<ClientHello>,
            .present =
                [](const ClientHello& hello) {
                  return hello.has_renegotiation_info && !hello.offers(kEmptyRenegotiationInfoScsv);
                },
            .build = [](const ClientHello&, Writer& body) { body.u8(0); },
        },
    .server_hello =
        {
            .place = Place::server_hello_renegotiation_info,
            .parse = read_renegotiation_info<ServerHello>,
            .present = [](const ServerHello& hello) { return hello.has_renegotiation_info; },
            .build = [](const ServerHello&, Writer& body) { body.u8(0); },
        },
    .offer = [](const Offer&, ClientHello& hello) -> Result<void> {
      hello.has_renegotiation_info = true;
      return {};
    },
    .answer = [](const Answer& from,
                 ServerHello& hello) { hello.has_renegotiation_info = from.negotiated.secure_renegotiation; },
};

}  // namespace ashlar::tls
