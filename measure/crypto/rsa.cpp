// SPDX-License-Identifier: Apache-2.0
// RSA-2048 per kernel: signing with blinding and the check before the signature leaves, verifying.
#include "measure/contest.hpp"

#include <ashlar/crypto/bignum.hpp>
#include <ashlar/crypto/rsa.hpp>
#include <ashlar/crypto/sha2.hpp>

namespace ashlar::measure {

namespace {

Work rsa(const crypto::BignumKernel& kernel, bool verify) {
  const crypto::Random random = crypto::system_random();
  // Not the system's generator: every run measures the same key.
  crypto::DeterministicRandom seeded(std::uint64_t{2048});
  auto key = must(crypto::RsaPrivateKey::generate(2048, seeded.random(), nullptr, &kernel));
  const auto digest = filler(32);
  std::uint8_t storage[crypto::kRsaMaxSize];
  const Bytes made = must(key.sign_pkcs1(crypto::kSha256, digest, random, storage));
  if (verify) {
    return repeat(
        [key = std::move(key), digest, signature = std::vector<std::uint8_t>(made.begin(), made.end())] {
          return bool(key.public_key().verify_pkcs1(crypto::kSha256, digest, signature));
        });
  }
  return repeat([key = std::move(key), digest, random] {
    std::uint8_t signature[crypto::kRsaMaxSize];
    return bool(key.sign_pkcs1(crypto::kSha256, digest, random, signature));
  });
}

}  // namespace

void add_rsa() {
  for (const bool verify : {false, true}) {
    Group group(verify ? "rsa-2048 verify" : "rsa-2048 sign");
    for (const crypto::BignumKernel& kernel : usable(crypto::bignum_kernels())) {
      group.add(kernel.name, [=, &kernel] { return rsa(kernel, verify); });
    }
  }
}

}  // namespace ashlar::measure
