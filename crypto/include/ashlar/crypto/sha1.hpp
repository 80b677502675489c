// SPDX-License-Identifier: Apache-2.0
// SHA-1 (FIPS 180-4 §6.1): broken for signatures, never accepted there; here for HMAC, key identifiers and
// old formats.
#pragma once

#include <ashlar/crypto/hash.hpp>

namespace ashlar::crypto {

extern const HashAlgorithm kSha1;  // for old signatures and HMAC alone

}  // namespace ashlar::crypto
