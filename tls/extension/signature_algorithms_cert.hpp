// SPDX-License-Identifier: Apache-2.0
// signature_algorithms_cert (RFC 9846 §4.2.3): the schemes for signatures in certificates, where those are
// not the ones of handshake signatures. Read, and never sent: one list says both here.
#pragma once

#include "extension/extension.hpp"

namespace ashlar::tls {

inline constexpr Extension kSignatureAlgorithmsCert = {
    .type = ExtensionType::signature_algorithms_cert,
    .name = "signature_algorithms_cert",
    .allowed = in(Carrier::client_hello, Versions::tls13) | in(Carrier::certificate_request, Versions::tls13),
    .client_hello = number_list<ClientHello, &ClientHello::signature_algorithms_cert>(
        Place::client_hello_signature_algorithms_cert),
    .certificate_request =
        number_list<tls13::CertificateRequest, &tls13::CertificateRequest::signature_algorithms_cert>(
            Place::certificate_request_signature_algorithms_cert),
    .offer = [](const Offer&, ClientHello&) -> Result<void> { return {}; },
};

}  // namespace ashlar::tls
