// SPDX-License-Identifier: Apache-2.0
// signature_algorithms (RFC 5246 §7.4.1.4.1): the schemes that the client's policy accepts for handshake
// signatures.
#pragma once

#include "extension/extension.hpp"

namespace ashlar::tls {

inline constexpr Extension kSignatureAlgorithms = {
    .type = ExtensionType::signature_algorithms,
    .name = "signature_algorithms",
    .allowed = in(Carrier::client_hello, Versions::both) | in(Carrier::certificate_request, Versions::tls13),
    .client_hello = number_list<ClientHello, &ClientHello::signature_algorithms>(
        Place::client_hello_signature_algorithms),
    .certificate_request =
        number_list<tls13::CertificateRequest, &tls13::CertificateRequest::signature_algorithms>(
            Place::certificate_request_signature_algorithms),
    .offer = [](const Offer& from, ClientHello& hello) -> Result<void> {
      if (from.certificates) {
        hello.signature_algorithms = list_ids(from.policy.schemes, from.room, from.grease_scheme);
      }
      return {};
    },
};

}  // namespace ashlar::tls
