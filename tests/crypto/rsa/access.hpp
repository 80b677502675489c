// SPDX-License-Identifier: Apache-2.0
// What tests may see of RSA keys that users may not.
#pragma once

#include <ashlar/crypto/rsa.hpp>

namespace ashlar::crypto {

struct RsaTestAccess {
  static Result<void> open_signature(const RsaPublicKey& key, Bytes signature, MutBytes encoded) {
    return key.open_signature(signature, encoded);
  }
};

}  // namespace ashlar::crypto
