// SPDX-License-Identifier: Apache-2.0
// Keys that tests share: the same in every run, made once.
#pragma once

#include <ashlar/x509/keys.hpp>

#include <optional>

namespace ashlar::test {

inline const x509::PrivateKey& p256_key(std::uint64_t number = 1) {
  static std::optional<x509::PrivateKey> keys[8];
  auto& key = keys[number % 8];
  if (!key) {
    crypto::DeterministicRandom random(100 + number % 8);
    key.emplace(std::move(*crypto::P256PrivateKey::generate(random.random())));
  }
  return *key;
}

// An RSA key of 2048 bits.
inline const x509::PrivateKey& rsa2048_key() {
  static std::optional<x509::PrivateKey> key;
  if (!key) {
    crypto::DeterministicRandom random(7);
    key.emplace(std::move(*crypto::RsaPrivateKey::generate(2048, random.random())));
  }
  return *key;
}

}  // namespace ashlar::test
