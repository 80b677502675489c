// SPDX-License-Identifier: Apache-2.0
// SHA-1 (FIPS 180-4 §6.1). It is broken for signatures and never accepted there. It is here for HMAC, key
// identifiers and old formats.
#pragma once

#include <ashlar/crypto/hash.hpp>

namespace ashlar::crypto {

extern const HashAlgorithm kSha1;  // for HMAC and old formats only

}  // namespace ashlar::crypto
