// SPDX-License-Identifier: Apache-2.0
// The Certificate message of TLS 1.3 that a credential shows (RFC 9846 §4.4.2).
#pragma once

#include "credential/credential.hpp"
#include "message/tls13.hpp"

namespace ashlar::tls::tls13 {

// How many bytes the message takes at most.
struct OwnCertificate {
  CertificateMessage message;
  std::size_t size = 0;
};
// Null: without certificates.
Result<OwnCertificate> certificate_of(const Credential* own, Bytes context, AskedOfCertificate asked);

}  // namespace ashlar::tls::tls13
