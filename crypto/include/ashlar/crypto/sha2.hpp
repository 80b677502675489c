// SPDX-License-Identifier: Apache-2.0
// SHA-224, SHA-256, SHA-384 and SHA-512 (FIPS 180-4).
#pragma once

#include <ashlar/crypto/hash.hpp>

namespace ashlar::crypto {

extern const HashAlgorithm kSha224;
extern const HashAlgorithm kSha256;
extern const HashAlgorithm kSha384;
extern const HashAlgorithm kSha512;

}  // namespace ashlar::crypto
