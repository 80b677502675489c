// SPDX-License-Identifier: Apache-2.0
#include "credential/issued_by.hpp"

#include <ashlar/base/reader.hpp>

namespace ashlar::tls {

bool is_issued_by(const Credential& credential, Bytes authorities) {
  Reader names(authorities);
  while (!names.empty()) {
    auto name = names.u16_prefixed();
    if (!name) {
      return false;
    }
    const x509::NameDigest digest = x509::digest_of_name(name->take_rest());
    for (const x509::NameDigest& issuer : credential.impl().issuers.span()) {
      if (issuer == digest) {
        return true;
      }
    }
  }
  return authorities.empty();
}

}  // namespace ashlar::tls
