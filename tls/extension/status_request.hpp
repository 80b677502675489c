// SPDX-License-Identifier: Apache-2.0
// status_request (RFC 6066 §8): the client asks for an OCSP response with the certificate. The server's
// answer has no body: the response comes in a CertificateStatus.
#pragma once

#include "extension/extension.hpp"

namespace ashlar::tls {

inline constexpr std::uint8_t kOcsp = 1;  // the only CertificateStatusType

inline constexpr Extension kStatusRequest = {
    .type = ExtensionType::status_request,
    .name = "status_request",
    .allowed = in(Carrier::client_hello, Versions::both) | in(Carrier::server_hello, Versions::tls12) |
               in(Carrier::certificate, Versions::tls13) | in(Carrier::certificate_request, Versions::tls13),
    .client_hello =
        {
            .place = Place::client_hello_status_request,
            // A type that is unknown has a body that is unknown.
            .parse = [](ClientHello& hello, Reader body) -> Result<void> {
              ASHLAR_TRY(const std::uint8_t type, body.u8());
              if (type != kOcsp) {
                return {};
              }
              hello.asks_for_status = true;
              ASHLAR_CHECK(body.u16_prefixed());  // responders
              ASHLAR_CHECK(body.u16_prefixed());  // extensions
              return body.expect_end();
            },
            .present = [](const ClientHello& hello) { return hello.asks_for_status; },
            .build =
                [](const ClientHello&, Writer& body) {
                  body.u8(kOcsp);
                  body.u16(0);
                  body.u16(0);
                },
        },
    .server_hello = flag<ServerHello, &ServerHello::gives_status>(Place::server_hello_status_request),
    // A server of TLS 1.3 asks with an empty one (RFC 9846 §4.4.2.1).
    .certificate_request = flag<tls13::CertificateRequest, &tls13::CertificateRequest::asks_for_status>(
        Place::certificate_request_extensions),
    .offer = [](const Offer& from, ClientHello& hello) -> Result<void> {
      hello.asks_for_status = from.request_status;
      return {};
    },
    .answer = [](const Answer& from, ServerHello& hello) { hello.gives_status = from.status; },
};

}  // namespace ashlar::tls
