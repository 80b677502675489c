// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/mlkem.hpp>
#include <ashlar/crypto/sha3.hpp>

#include "catch.hpp"
#include "crypto/rows.hpp"
#include "mlkem/arithmetic.hpp"
#include "support/bytes.hpp"
#include "support/stack.hpp"

#include <memory>

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;
using test::noise;

namespace mlkem_test {
namespace {

template <class Check>
void on_every_row(Check check) {
  test::on_every_row("ML-KEM", mlkem_kernels(), check);
}

// check.template operator()<Set>() for each parameter set.
template <class Check>
void on_every_set(Check check) {
  check.template operator()<kMlKem512>();
  check.template operator()<kMlKem768>();
  check.template operator()<kMlKem1024>();
}

template <const MlKemSet& Set>
struct Pair {
  using Decapsulation = MlKemDecapsulationKey<Set>;
  using Encapsulation = MlKemEncapsulationKey<Set>;
};

// J(z || c) of FIPS 203 §4.1, computed directly.
Buffer rejected(Bytes z, Bytes ciphertext) {
  Buffer out(32);
  Shake(256).update(z).update(ciphertext).squeeze(out);
  return out;
}

}  // namespace

TEST_CASE("mlkem: what is encapsulated decapsulates, on every row and set", "[mlkem]") {
  on_every_row([](const MlKemKernel& row) {
    on_every_set([&]<const MlKemSet & Set>() {
      INFO(Set.name);
      for (std::uint64_t seed = 0; seed < 20; ++seed) {
        DeterministicRandom random(seed);
        const auto key = Pair<Set>::Decapsulation::generate(random.random(), &row);
        REQUIRE(key.ok());
        const auto peer = Pair<Set>::Encapsulation::create(key->encapsulation_key(), &row);
        REQUIRE(peer.ok());
        CHECK_BYTES(peer->encoded(), key->encapsulation_key());
        std::uint8_t ciphertext[Set.ciphertext_size()];
        Secret<32> ours, theirs;
        REQUIRE(peer->encapsulate(random.random(), ciphertext, theirs).ok());
        REQUIRE(key->decapsulate(ciphertext, ours).ok());
        REQUIRE_BYTES(ours.reveal(), theirs.reveal());
        // The expanded form is the same key.
        Secret<Set.decapsulation_key_size()> expanded;
        key->expanded(expanded);
        const auto again = Pair<Set>::Decapsulation::create(expanded.reveal(), &row);
        REQUIRE(again.ok());
        CHECK(again->seed() == nullptr);
        REQUIRE(key->seed() != nullptr);
        Secret<32> third;
        REQUIRE(again->decapsulate(ciphertext, third).ok());
        REQUIRE_BYTES(third.reveal(), theirs.reveal());
        Secret<Set.decapsulation_key_size()> written;
        again->expanded(written);
        CHECK_BYTES(written.reveal(), expanded.reveal());
        // And so is the seed.
        const auto seeded = Pair<Set>::Decapsulation::from_seed(key->seed()->reveal(), &row);
        REQUIRE(seeded.ok());
        CHECK_BYTES(seeded->encapsulation_key(), key->encapsulation_key());
      }
    });
  });
}

TEST_CASE("E08 mlkem: every bit of a ciphertext counts, and a changed one yields the secret of its rejection",
          "[mlkem]") {
  on_every_row([](const MlKemKernel& row) {
    on_every_set([&]<const MlKemSet & Set>() {
      INFO(Set.name);
      const Buffer seed = noise(64, 7);
      const auto key = Pair<Set>::Decapsulation::from_seed(seed, &row);
      REQUIRE(key.ok());
      const auto peer = Pair<Set>::Encapsulation::create(key->encapsulation_key(), &row);
      REQUIRE(peer.ok());
      std::uint8_t ciphertext[Set.ciphertext_size()];
      Secret<32> shared, theirs;
      const Buffer message = noise(32, 8);
      peer->encapsulate_message(BytesOf<32>(message.data(), 32), ciphertext, theirs);
      for (std::size_t bit = 0; bit < 8 * sizeof ciphertext; bit += 1 + bit % 3) {
        ciphertext[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
        REQUIRE(key->decapsulate(ciphertext, shared).ok());
        REQUIRE_BYTES(shared.reveal(), rejected(Bytes(seed).last(32), ciphertext));
        ciphertext[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
      }
      REQUIRE(key->decapsulate(ciphertext, shared).ok());
      REQUIRE_BYTES(shared.reveal(), theirs.reveal());
    });
  });
}

TEST_CASE("E08 mlkem: keys that are not reduced, do not fit or have a wrong size are refused", "[mlkem]") {
  on_every_row([](const MlKemKernel& row) {
    on_every_set([&]<const MlKemSet & Set>() {
      INFO(Set.name);
      using Decapsulation = typename Pair<Set>::Decapsulation;
      using Encapsulation = typename Pair<Set>::Encapsulation;
      const auto key = Decapsulation::from_seed(noise(64, 9), &row);
      REQUIRE(key.ok());
      // Each coefficient of the vector in turn becomes q - 1, which is allowed, and q and 4095, which are
      // not.
      Buffer encoded = test::buffer_of(Bytes(key->encapsulation_key()));
      const auto with = [&](std::size_t i, unsigned value) {
        Buffer out = encoded;
        std::uint8_t* const at = out.data() + i / 2 * 3;
        if (i % 2 == 0) {
          at[0] = static_cast<std::uint8_t>(value);
          at[1] = static_cast<std::uint8_t>((at[1] & 0xf0) | value >> 8);
        } else {
          at[1] = static_cast<std::uint8_t>((at[1] & 0x0f) | (value & 15) << 4);
          at[2] = static_cast<std::uint8_t>(value >> 4);
        }
        return out;
      };
      for (std::size_t i = 0; i < 256 * Set.k; i += Set.k == 2 ? 1 : 7) {
        REQUIRE(Encapsulation::create(with(i, 3328), &row).ok());
        REQUIRE(Encapsulation::create(with(i, 3329), &row).error() == ErrorCode::kem_key_not_reduced);
        REQUIRE(Encapsulation::create(with(i, 4095), &row).error() == ErrorCode::kem_key_not_reduced);
      }
      for (const std::size_t size : {std::size_t{0}, encoded.size() - 1, encoded.size() + 1}) {
        Buffer other = encoded;
        other.resize(size);
        const auto refused = Encapsulation::create(other, &row);
        CHECK(refused.error() == ErrorCode::bad_key_size);
        CHECK(refused.error().detail == size);
      }

      Secret<Set.decapsulation_key_size()> secret;
      key->expanded(secret);
      const Buffer expanded = test::buffer_of(Bytes(secret.reveal()));
      const std::size_t at_key = 384 * Set.k, at_hash = at_key + encoded.size();
      for (const std::size_t at : {at_key, at_hash - 1, at_hash, at_hash + 31}) {
        Buffer other = expanded;
        other[at] ^= 1;
        CHECK(Decapsulation::create(other, &row).error() == ErrorCode::inconsistent_kem_key);
      }
      Buffer other = expanded;
      other[0] = 0xff;
      other[1] |= 0x0f;
      CHECK(Decapsulation::create(other, &row).error() == ErrorCode::kem_key_not_reduced);
      // A correct hash of a key that is not reduced.
      other = expanded;
      encoded = with(5, 3329);
      std::copy(encoded.begin(), encoded.end(), other.begin() + static_cast<std::ptrdiff_t>(at_key));
      copy_bytes(MutBytes(other).subspan(at_hash, 32), digest(kSha3_256, encoded).bytes());
      CHECK(Decapsulation::create(other, &row).error() == ErrorCode::kem_key_not_reduced);
      for (const std::size_t size : {std::size_t{0}, expanded.size() - 1, expanded.size() + 1}) {
        other = expanded;
        other.resize(size);
        CHECK(Decapsulation::create(other, &row).error() == ErrorCode::bad_key_size);
      }
      for (const std::size_t size : {std::size_t{0}, std::size_t{63}, std::size_t{65}}) {
        CHECK(Decapsulation::from_seed(noise(size), &row).error() == ErrorCode::bad_key_size);
      }
      Secret<32> shared;
      const Buffer ciphertext = noise(Set.ciphertext_size() + 1, 3);
      CHECK(key->decapsulate(ciphertext, shared).error() == ErrorCode::bad_ciphertext_size);
      CHECK(key->decapsulate(Bytes(ciphertext).first(Set.ciphertext_size() - 1), shared).error() ==
            ErrorCode::bad_ciphertext_size);
    });
  });
}

TEST_CASE("mlkem: randomness comes from the source and its failure is passed on", "[mlkem]") {
  struct Source {
    static Result<void> good(void*, MutBytes out) {
      copy_bytes(out, noise(out.size(), 5));
      return {};
    }
    static Result<void> bad(void*, MutBytes) { return ErrorCode::random_unavailable; }
  };
  const Random good{Source::good, nullptr}, bad{Source::bad, nullptr};
  const auto key = MlKem768DecapsulationKey::generate(good);
  REQUIRE(key.ok());
  CHECK_BYTES(key->seed()->reveal(), noise(64, 5));
  CHECK(MlKem768DecapsulationKey::generate(bad).error() == ErrorCode::random_unavailable);
  const auto peer = MlKem768EncapsulationKey::create(key->encapsulation_key());
  REQUIRE(peer.ok());
  std::uint8_t ciphertext[1088], expected[1088];
  Secret<32> shared, same;
  REQUIRE(peer->encapsulate(good, ciphertext, shared).ok());
  peer->encapsulate_message(BytesOf<32>(noise(32, 5).data(), 32), expected, same);
  CHECK_BYTES(ciphertext, expected);
  CHECK_BYTES(shared.reveal(), same.reveal());
  CHECK(peer->encapsulate(bad, ciphertext, shared).error() == ErrorCode::random_unavailable);
}

TEST_CASE("mlkem: no call takes more stack than it says", "[mlkem]") {
  on_every_row([](const MlKemKernel& row) {
    const auto key = MlKem1024DecapsulationKey::from_seed(noise(64, 1), &row);
    REQUIRE(key.ok());
    const auto peer = MlKem1024EncapsulationKey::create(key->encapsulation_key(), &row);
    REQUIRE(peer.ok());
    std::uint8_t ciphertext[1568];
    Secret<32> shared;
    const Buffer message = noise(32, 2);
    const std::size_t encapsulation = test::stack_used(
        [&] { peer->encapsulate_message(BytesOf<32>(message.data(), 32), ciphertext, shared); });
    const std::size_t decapsulation =
        test::stack_used([&] { CHECK(key->decapsulate(ciphertext, shared).ok()); });
    // Two copies of the key take 28 kB of this.
    const std::size_t generation =
        test::stack_used([&] { CHECK(MlKem1024DecapsulationKey::from_seed(noise(64, 1), &row).ok()); });
    INFO(encapsulation << " " << decapsulation << " " << generation);
    if (!test::kFramesHoldCopies) {
      CHECK(encapsulation < 16000);
      CHECK(decapsulation < 24000);
      CHECK(generation < 65536);
    }
  });
}

}  // namespace mlkem_test
