// SPDX-License-Identifier: Apache-2.0
// After each call of ML-KEM neither the stack below nor the vector registers hold a seed, a message, a secret
// vector or a shared secret.
#include <ashlar/crypto/mlkem.hpp>
#include <ashlar/crypto/sha3.hpp>

#include "catch.hpp"
#include "crypto/secrets/left.hpp"
#include "mlkem/arithmetic.hpp"
#include "mlkem/expand.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using test::append;
using test::Buffer;
using test::left;
using test::noise;

namespace {

template <const MlKemSet& Set>
void check_set(const MlKemKernel& row) {
  INFO(Set.name);
  using Decapsulation = MlKemDecapsulationKey<Set>;
  const Buffer seed = noise(64, 1), message = noise(32, 2);
  const auto key = Decapsulation::from_seed(seed, &row);
  REQUIRE(key.ok());
  Secret<Set.decapsulation_key_size()> expanded;
  key->expanded(expanded);
  const Buffer encoded = test::buffer_of(Bytes(expanded.reveal()));
  // The seed, the secret vector as bytes and as coefficients.
  Buffer secrets = seed;
  append(secrets, Bytes(encoded).first(384 * Set.k));
  alignas(64) std::int16_t coefficients[256];
  for (std::size_t i = 0; i < Set.k; ++i) {
    row.arithmetic->unpack(coefficients, encoded.data() + 384 * i);
    append(secrets, Bytes(reinterpret_cast<const std::uint8_t*>(coefficients), sizeof coefficients));
  }
  CHECK(left(secrets, [&] { (void)Decapsulation::from_seed(seed, &row).ok(); }) == 0);
  CHECK(left(secrets, [&] { (void)Decapsulation::create(encoded, &row).ok(); }) == 0);
  CHECK(left(secrets, [&] { key->expanded(expanded); }) == 0);

  const auto peer = MlKemEncapsulationKey<Set>::create(key->encapsulation_key(), &row);
  REQUIRE(peer.ok());
  std::uint8_t ciphertext[Set.ciphertext_size()];
  Secret<32> shared;
  const BytesOf<32> given(message.data(), 32);
  peer->encapsulate_message(given, ciphertext, shared);
  append(secrets, message);
  append(secrets, shared.reveal());
  // The seed of encryption's noise, and its vector y in the domain.
  std::uint8_t both[64];
  Hash(kSha3_512).update(message).update(digest(kSha3_256, key->encapsulation_key()).bytes()).finish(both);
  const BytesOf<32> randomness(both + 32, 32);
  append(secrets, randomness);
  alignas(64) std::int16_t noises[256 * (2 * Set.k + 1)];
  mlkem::expand_noise(*row.arithmetic, noises, randomness, 0, 2 * Set.k + 1, Set.k, Set.eta1);
  for (std::size_t i = 0; i < Set.k; ++i) {
    row.arithmetic->ntt(noises + 256 * i);
  }
  append(secrets, Bytes(reinterpret_cast<const std::uint8_t*>(noises), 512 * Set.k));
  CHECK(left(secrets, [&] { peer->encapsulate_message(given, ciphertext, shared); }) == 0);
  CHECK(left(secrets, [&] { (void)key->decapsulate(ciphertext, shared).ok(); }) == 0);
}

}  // namespace

TEST_CASE("secrets: S12 ML-KEM", "[secrets]") {
  SKIP_UNDER_SANITISERS();
  test::on_every_row("ML-KEM, secrets", mlkem_kernels(), [](const MlKemKernel& row) {
    check_set<kMlKem512>(row);
    check_set<kMlKem768>(row);
    check_set<kMlKem1024>(row);
  });
}
