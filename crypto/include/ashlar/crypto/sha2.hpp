// SPDX-License-Identifier: Apache-2.0
// SHA-224, SHA-256, SHA-384, SHA-512, SHA-512/224 and SHA-512/256 (FIPS 180-4).
#pragma once

#include <ashlar/crypto/hash.hpp>

namespace ashlar::crypto {

extern const HashAlgorithm kSha224;      // FIPS 180-4 §6.3
extern const HashAlgorithm kSha256;      // FIPS 180-4 §6.2
extern const HashAlgorithm kSha384;      // FIPS 180-4 §6.5
extern const HashAlgorithm kSha512;      // FIPS 180-4 §6.4
extern const HashAlgorithm kSha512_224;  // FIPS 180-4 §6.6
extern const HashAlgorithm kSha512_256;  // FIPS 180-4 §6.7

}  // namespace ashlar::crypto
