// SPDX-License-Identifier: Apache-2.0
// Whether a credential is issued by who a CertificateRequest names, and which one to show for that.
#pragma once

#include "credential/credential.hpp"

namespace ashlar::tls {

// Whether one of the chain is issued by one of the authorities, the content of a vector of Names with 2-byte
// lengths; if none is named, any will do.
bool is_issued_by(const Credential& credential, Bytes authorities);

// The first that fits and has a named issuer. If there is none, the first that fits: the server may know its
// issuer anyway. Whether one fits, scheme_of(credential) says: the scheme that it signs under, or null. That
// of the chosen one is returned, and `chosen` points to it. Null: none fits.
template <class SchemeOf>
const Scheme* choose_by_issuer(const Credentials* credentials, Bytes authorities, const SchemeOf& scheme_of,
                               const Credential*& chosen) {
  const std::size_t count = credentials != nullptr ? credentials->size() : 0;
  const Scheme* first = nullptr;
  for (std::size_t i = 0; i < count; ++i) {
    const Credential& each = (*credentials)[i];
    const Scheme* const scheme = scheme_of(each);
    if (scheme == nullptr) {
      continue;
    }
    if (count == 1 || is_issued_by(each, authorities)) {
      chosen = &each;
      return scheme;
    }
    if (first == nullptr) {
      first = scheme;
      chosen = &each;
    }
  }
  return first;
}

}  // namespace ashlar::tls
