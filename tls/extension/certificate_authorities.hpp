// SPDX-License-Identifier: Apache-2.0
// certificate_authorities (RFC 9846 §4.2.4): the names of issuers that are acceptable. A server says them in
// its CertificateRequest; a client's are read and not looked at.
#pragma once

#include "extension/extension.hpp"

namespace ashlar::tls {

// The content of a list of DistinguishedName<1..2^16-1>, of which there is at least one.
template <class Message>
constexpr In<Message> authorities(Place place) {
  return {
      .place = place,
      .parse = [](Message& message, Reader body) -> Result<void> {
        ASHLAR_TRY(const Reader list, body.u16_prefixed());
        ASHLAR_CHECK(body.expect_end());
        ASHLAR_TRY(message.certificate_authorities, read_authorities(list));
        return list.empty() ? bad_length(0) : Result<void>();
      },
      .present = [](const Message& message) { return !message.certificate_authorities.empty(); },
      .build = [](const Message& message,
                  Writer& body) { write_u16_vector(body, message.certificate_authorities); },
  };
}

inline constexpr Extension kCertificateAuthorities = {
    .type = ExtensionType::certificate_authorities,
    .name = "certificate_authorities",
    .allowed = in(Carrier::client_hello, Versions::tls13) | in(Carrier::certificate_request, Versions::tls13),
    .client_hello = authorities<ClientHello>(Place::client_hello_certificate_authorities),
    .certificate_request =
        authorities<tls13::CertificateRequest>(Place::certificate_request_certificate_authorities),
    .offer = [](const Offer&, ClientHello&) -> Result<void> { return {}; },
};

}  // namespace ashlar::tls
