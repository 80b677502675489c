// SPDX-License-Identifier: Apache-2.0
// RSA-2048 per kernel: signing with blinding and the check before the signature leaves, verifying.
#include "support/measure.hpp"
#include "support/openssl.hpp"

#include <ashlar/crypto/bignum.hpp>
#include <ashlar/crypto/rsa.hpp>
#include <ashlar/crypto/sha2.hpp>

namespace ashlar::bench {

void add_rsa() {
  const crypto::Random random = crypto::system_random();
  for (const bool verify : {false, true}) {
    const std::string group = verify ? "rsa-2048 verify/" : "rsa-2048 sign/";
    for (const auto& kernel : crypto::bignum_kernels()) {
      if (!cpu::features().contains(kernel.required)) {
        continue;
      }
      add(group + std::string(kernel.name), [=, &kernel](benchmark::State& state) {
        // Not the system's generator: every run measures the same key.
        crypto::DeterministicRandom seeded(std::uint64_t{2048});
        const auto key = must(crypto::RsaPrivateKey::generate(2048, seeded.random(), nullptr, &kernel));
        const auto digest = filler(32);
        std::uint8_t signature[crypto::kRsaMaxSize];
        const Bytes made = must(key.sign_pkcs1(crypto::kSha256, digest, random, signature));
        if (verify) {
          measure(state, 0, [&] {
            if (!key.public_key().verify_pkcs1(crypto::kSha256, digest, made)) {
              state.SkipWithError("refused");
            }
          });
          return;
        }
        measure(state, 0, [&] {
          if (!key.sign_pkcs1(crypto::kSha256, digest, random, signature)) {
            state.SkipWithError("refused");
          }
        });
      });
    }
    ADD_OPENSSL(group, "", openssl::sign(state, "RSA-2048", verify));
  }
}

}  // namespace ashlar::bench
