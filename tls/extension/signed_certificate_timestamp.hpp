// SPDX-License-Identifier: Apache-2.0
// signed_certificate_timestamp (RFC 6962 §3.3.1): the client asks, the server sends the timestamps of its
// certificate.
#pragma once

#include "extension/extension.hpp"

namespace ashlar::tls {

// A SignedCertificateTimestampList: at least one, none of them empty. Its content.
inline Result<Bytes> read_timestamps(Reader body) {
  ASHLAR_TRY(Reader list, body.u16_prefixed());
  ASHLAR_CHECK(body.expect_end());
  const Bytes content = list.peek();
  if (content.empty()) {
    return bad_length(0);
  }
  while (!list.empty()) {
    ASHLAR_TRY(const Reader timestamp, list.u16_prefixed());
    if (timestamp.empty()) {
      return bad_length(0);
    }
  }
  return content;
}

inline constexpr Extension kSignedCertificateTimestamp = {
    .type = ExtensionType::signed_certificate_timestamp,
    .name = "signed_certificate_timestamp",
    .allowed = in(Carrier::client_hello, Versions::both) | in(Carrier::server_hello, Versions::tls12) |
               in(Carrier::certificate, Versions::tls13) | in(Carrier::certificate_request, Versions::tls13),
    .client_hello = flag<ClientHello, &ClientHello::asks_for_timestamps>(
        Place::client_hello_signed_certificate_timestamp),
    .server_hello =
        {
            .place = Place::server_hello_signed_certificate_timestamp,
            .parse = [](ServerHello& hello, Reader body) -> Result<void> {
              ASHLAR_TRY(hello.timestamps, read_timestamps(body));
              return {};
            },
            .present = [](const ServerHello& hello) { return !hello.timestamps.empty(); },
            .build =
                [](const ServerHello& hello, Writer& body) {
                  const auto list = body.u16_scope();
                  body.bytes(hello.timestamps);
                },
        },
    .certificate_request = flag<tls13::CertificateRequest, &tls13::CertificateRequest::asks_for_timestamps>(
        Place::certificate_request_extensions),
    .offer = [](const Offer& from, ClientHello& hello) -> Result<void> {
      hello.asks_for_timestamps = from.request_status;
      return {};
    },
    .answer =
        [](const Answer& from, ServerHello& hello) {
          hello.timestamps = from.client.asks_for_timestamps ? from.timestamps : Bytes();
        },
};

}  // namespace ashlar::tls
