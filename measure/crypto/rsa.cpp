// SPDX-License-Identifier: Apache-2.0
// RSA per kernel: signing (with blinding and the final check of the signature), verifying, and making a key
// of 2048 bits.
#include "measure/contest.hpp"

#include <ashlar/crypto/bignum.hpp>
#include <ashlar/crypto/rsa.hpp>
#include <ashlar/crypto/sha2.hpp>

namespace ashlar::measure {

namespace {

constexpr std::size_t kRsaSizes[] = {2048, 3072, 4096};

// The numbers of a key of that many bits. They are the same in every run, and made once, by the fastest
// kernel.
crypto::RsaComponents key_numbers(std::size_t bits) {
  static std::vector<std::uint8_t> storage[3];
  static crypto::RsaComponents numbers[3];
  const std::size_t at = (bits - kRsaSizes[0]) / 1024;
  if (storage[at].empty()) {
    crypto::DeterministicRandom seeded(std::uint64_t{bits});
    const auto key = must(crypto::RsaPrivateKey::generate(bits, seeded.random()));
    storage[at].resize(5 * key.size() + 8);
    numbers[at] = key.components(storage[at]);
  }
  return numbers[at];
}

Work rsa(std::size_t bits, const crypto::BignumKernel& kernel, bool verify) {
  const crypto::Random random = crypto::system_random();
  auto key = must(crypto::RsaPrivateKey::create(key_numbers(bits), &kernel));
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
  for (const std::size_t bits : kRsaSizes) {
    for (const bool verify : {false, true}) {
      Group group("rsa-" + std::to_string(bits) + (verify ? " verify" : " sign"));
      for (const crypto::BignumKernel& kernel : usable(crypto::bignum_kernels())) {
        group.add(kernel.name, [=, &kernel] { return rsa(bits, kernel, verify); });
      }
    }
  }
  // How many candidates it takes is a matter of luck: only the median of many runs says anything.
  Group group("rsa-2048 key");
  for (const crypto::BignumKernel& kernel : usable(crypto::bignum_kernels())) {
    group.add(kernel.name, [&kernel] {
      return repeat([&kernel] {
        return crypto::RsaPrivateKey::generate(2048, crypto::system_random(), nullptr, &kernel).ok();
      });
    });
  }
}

}  // namespace ashlar::measure
