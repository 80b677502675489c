// SPDX-License-Identifier: Apache-2.0
// Generators: their seeds and their output are secret.
#include "random/fast_key_erasure.hpp"

#include <ashlar/crypto/random.hpp>

#include "cases.hpp"

using namespace ashlar;
using namespace ashlar::ct_cases;

CT_CASE("random: draws of every size from a secret seed") {
  static crypto::FastKeyErasure generator;
  const auto seed = [](MutBytes out) -> Result<void> {
    copy_bytes(out, secret(out.size(), 1));
    return {};
  };
  // From the pool, across its end, past it, and with fresh entropy.
  for (const std::size_t size : {1u, 32u, 700u, 700u, 3000u}) {
    test::Buffer out(size);
    expect(generator.fill(out, seed).ok());
    expect(generator.fill(out, seed, true).ok());
  }
}

CT_CASE("random: the reproducible generator under a secret seed") {
  const auto seed = secret(32, 1);
  crypto::DeterministicRandom generator{BytesOf<32>(seed.data(), 32)};
  test::Buffer out(100);
  expect(generator.random().fill(out).ok());
}
