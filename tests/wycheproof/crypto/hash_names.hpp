// SPDX-License-Identifier: Apache-2.0
// The hash functions by the names that Wycheproof gives them.
#pragma once

#include <ashlar/crypto/sha1.hpp>
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/crypto/sha3.hpp>

#include <string>

namespace ashlar::test::wycheproof {

// Null for a hash function that we do not have.
inline const crypto::HashAlgorithm* hash_named(const std::string& name) {
  for (const auto* hash : {&crypto::kSha1, &crypto::kSha224, &crypto::kSha256, &crypto::kSha384,
                           &crypto::kSha512, &crypto::kSha512_224, &crypto::kSha512_256, &crypto::kSha3_224,
                           &crypto::kSha3_256, &crypto::kSha3_384, &crypto::kSha3_512}) {
    if (hash->name == name) {
      return hash;
    }
  }
  return nullptr;
}

}  // namespace ashlar::test::wycheproof
