// SPDX-License-Identifier: Apache-2.0
// Whether a credential is issued by who a CertificateRequest names.
#pragma once

#include "credential/credential.hpp"

namespace ashlar::tls {

// Whether one of the chain is issued by one of the authorities, the content of a vector of Names with 2-byte
// lengths; if none is named, any will do.
bool is_issued_by(const Credential& credential, Bytes authorities);

}  // namespace ashlar::tls
