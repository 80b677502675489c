// SPDX-License-Identifier: Apache-2.0
// Keys that tests share: the same in every run, made once.
#pragma once

#include <ashlar/x509/keys.hpp>

#include <optional>

namespace ashlar::test {

inline const x509::PrivateKey& p256_key(std::uint64_t number = 1) {
  static std::optional<x509::PrivateKey> keys[64];
  auto& key = keys[number % 64];
  if (!key) {
    crypto::DeterministicRandom random(100 + number % 64);
    key.emplace(std::move(*x509::PrivateKey::generate(x509::kP256Private, 256, random.random())));
  }
  return *key;
}

inline const x509::PrivateKey& p384_key() {
  static std::optional<x509::PrivateKey> key;
  if (!key) {
    crypto::DeterministicRandom random(8);
    key.emplace(std::move(*x509::PrivateKey::generate(x509::kP384Private, 384, random.random())));
  }
  return *key;
}

inline const x509::PrivateKey& p521_key() {
  static std::optional<x509::PrivateKey> key;
  if (!key) {
    crypto::DeterministicRandom random(10);
    key.emplace(std::move(*x509::PrivateKey::generate(x509::kP521Private, 521, random.random())));
  }
  return *key;
}

inline const x509::PrivateKey& ed25519_key() {
  static std::optional<x509::PrivateKey> key;
  if (!key) {
    crypto::DeterministicRandom random(9);
    key.emplace(std::move(*x509::PrivateKey::generate(x509::kEd25519Private, 255, random.random())));
  }
  return *key;
}

inline const x509::PrivateKey& ed448_key() {
  static std::optional<x509::PrivateKey> key;
  if (!key) {
    crypto::DeterministicRandom random(11);
    key.emplace(std::move(*x509::PrivateKey::generate(x509::kEd448Private, 448, random.random())));
  }
  return *key;
}

// set: 44, 65 or 87.
inline const x509::PrivateKey& mldsa_key(unsigned set) {
  static std::optional<x509::PrivateKey> keys[3];
  const std::size_t row = set == 44 ? 0 : set == 65 ? 1 : 2;
  auto& key = keys[row];
  if (!key) {
    constexpr const x509::PrivateKeyKind* kKinds[] = {&x509::kMlDsa44Private, &x509::kMlDsa65Private,
                                                      &x509::kMlDsa87Private};
    crypto::DeterministicRandom random(12 + row);
    const std::size_t bits = kKinds[row]->sizes[0].bits;
    key.emplace(std::move(*x509::PrivateKey::generate(*kKinds[row], bits, random.random())));
  }
  return *key;
}

// An RSA key of 2048 bits.
inline const x509::PrivateKey& rsa2048_key() {
  static std::optional<x509::PrivateKey> key;
  if (!key) {
    crypto::DeterministicRandom random(7);
    key.emplace(std::move(*x509::PrivateKey::generate(x509::kRsaPrivate, 2048, random.random())));
  }
  return *key;
}

// The scalar of a P-256 key, taken from its PKCS#8 form.
inline Secret<32> p256_scalar(const x509::PrivateKey& key) {
  std::uint8_t der[256];
  const auto written = key.write_pkcs8(der);
  return Secret<32>(BytesOf<32>(written->data() + 36, 32));
}

}  // namespace ashlar::test
