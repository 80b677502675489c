// SPDX-License-Identifier: Apache-2.0
// compress_certificate (RFC 8879 §3): the algorithms by which the peer may compress its Certificate message.
#pragma once

#include "extension/extension.hpp"

namespace ashlar::tls {

inline constexpr Extension kCompressCertificate = {
    .type = ExtensionType::compress_certificate,
    .name = "compress_certificate",
    .allowed = in(Carrier::client_hello, Versions::tls13) | in(Carrier::certificate_request, Versions::tls13),
    .client_hello = u8_vector<ClientHello, &ClientHello::certificate_compressions, 2>(
        Place::client_hello_compress_certificate),
    .certificate_request =
        u8_vector<tls13::CertificateRequest, &tls13::CertificateRequest::certificate_compressions, 2>(
            Place::certificate_request_compress_certificate),
    .offer = [](const Offer& from, ClientHello& hello) -> Result<void> {
      if (from.certificates) {
        hello.certificate_compressions = list_ids(from.policy.certificate_compressions, from.room);
      }
      return {};
    },
};

}  // namespace ashlar::tls
