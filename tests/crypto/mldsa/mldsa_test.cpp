// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/mldsa.hpp>
#include <ashlar/crypto/sha3.hpp>

#include "catch.hpp"
#include "crypto/rows.hpp"
#include "crypto/secrets/left.hpp"
#include "mldsa/arithmetic.hpp"
#include "mldsa/dsa.hpp"
#include "mldsa/encoding.hpp"
#include "mldsa/expand.hpp"
#include "support/bytes.hpp"
#include "support/stack.hpp"

#include <algorithm>
#include <cstdlib>
#include <memory>

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;
using test::noise;

namespace mldsa_test {
namespace {

template <class Check>
void on_every_row(Check check) {
  test::on_every_row("ML-DSA", mldsa_kernels(), check);
}

// check.template operator()<Set>() for each parameter set.
template <class Check>
void on_every_set(Check check) {
  check.template operator()<kMlDsa44>();
  check.template operator()<kMlDsa65>();
  check.template operator()<kMlDsa87>();
}

template <const MlDsaSet& Set>
Buffer signed_by(const MlDsaPrivateKey<Set>& key, Bytes message, const Random* random, Bytes context = {}) {
  Buffer out(Set.signature_size());
  REQUIRE(key.sign(message, random, MutBytesOf<Set.signature_size()>(out.data(), out.size()), context).ok());
  return out;
}

Bytes bytes_of(const std::int32_t (&p)[mldsa::kN]) {
  return {reinterpret_cast<const std::uint8_t*>(p), sizeof p};
}

// The mask of a signature, in the domain: the attempt's mask whose first polynomial differs from the
// signature's by at most beta.
template <const MlDsaSet& Set>
void append_mask(Buffer& to, const mldsa::Arithmetic& arithmetic, BytesOf<64> seed, Bytes signature) {
  alignas(64) std::int32_t mask[mldsa::kN * Set.l], z[mldsa::kN], p[mldsa::kN];
  mldsa::unpack(z, signature.data() + Set.commitment_size, Set.gamma1(), 1 + Set.gamma1_bits);
  const auto beta = static_cast<std::int32_t>(Set.beta());
  for (unsigned attempt = 0;; ++attempt) {
    REQUIRE(attempt < 814);
    mldsa::expand_mask(arithmetic, mask, Set, seed, attempt * Set.l);
    if (std::equal(z, z + mldsa::kN, mask,
                   [&](std::int32_t a, std::int32_t b) { return std::abs(a - b) <= beta; })) {
      break;
    }
  }
  for (std::size_t i = 0; i < Set.l; ++i) {
    std::copy_n(mask + mldsa::kN * i, mldsa::kN, p);
    arithmetic.ntt(p);
    test::append(to, bytes_of(p));
  }
}

}  // namespace

TEST_CASE("mldsa: what is signed verifies, in every form of the key, on every row and set", "[mldsa]") {
  on_every_row([](const MlDsaKernel& row) {
    on_every_set([&]<const MlDsaSet & Set>() {
      INFO(Set.name);
      for (std::uint64_t seed = 0; seed < 4; ++seed) {
        DeterministicRandom source(seed);
        const Random random = source.random();
        const auto key = MlDsaPrivateKey<Set>::generate(random, &row);
        REQUIRE(key.ok());
        const auto peer = MlDsaPublicKey<Set>::create(key->public_key(), &row);
        REQUIRE(peer.ok());
        const Buffer message = noise(100 * seed, seed), context = noise(seed * 85, 2);
        const Buffer hedged = signed_by<Set>(*key, message, &random, context);
        const Buffer fixed = signed_by<Set>(*key, message, nullptr, context);
        CHECK(hedged != fixed);
        CHECK(signed_by<Set>(*key, message, nullptr, context) == fixed);
        REQUIRE(peer->verify(message, hedged, context).ok());
        REQUIRE(peer->verify(message, fixed, context).ok());
        const auto again = MlDsaPrivateKey<Set>::create(key->reveal(), &row);
        REQUIRE(again.ok());
        CHECK(again->seed() == nullptr);
        CHECK_BYTES(again->public_key(), key->public_key());
        CHECK(signed_by<Set>(*again, message, nullptr, context) == fixed);
        REQUIRE(key->seed() != nullptr);
        const auto seeded = MlDsaPrivateKey<Set>::from_seed(key->seed()->reveal());
        REQUIRE(seeded.ok());
        CHECK_BYTES(seeded->reveal(), key->reveal());
      }
    });
  });
}

TEST_CASE("mldsa: another message, context, signature or size does not verify", "[mldsa]") {
  on_every_row([](const MlDsaKernel& row) {
    on_every_set([&]<const MlDsaSet & Set>() {
      INFO(Set.name);
      const auto key = MlDsaPrivateKey<Set>::from_seed(noise(32, 1), &row);
      REQUIRE(key.ok());
      const auto peer = MlDsaPublicKey<Set>::create(key->public_key(), &row);
      REQUIRE(peer.ok());
      const Buffer message = noise(40, 2), context = noise(5, 3);
      Buffer signature = signed_by<Set>(*key, message, nullptr, context);
      CHECK(peer->verify(noise(40, 4), signature, context).error() == ErrorCode::bad_signature);
      CHECK(peer->verify(message, signature).error() == ErrorCode::bad_signature);
      CHECK(peer->verify(message, signature, noise(256)).error() == ErrorCode::invalid_argument);
      // Every byte counts.
      for (std::size_t i = 0; i < signature.size(); i += 1 + i % 5 * 7) {
        signature[i] ^= static_cast<std::uint8_t>(1u << (i % 8));
        REQUIRE(peer->verify(message, signature, context).error() == ErrorCode::bad_signature);
        signature[i] ^= static_cast<std::uint8_t>(1u << (i % 8));
      }
      // Every bit of the hints, which are the last omega + k bytes.
      for (std::size_t i = signature.size() - Set.omega - Set.k; i < signature.size(); ++i) {
        for (int bit = 0; bit < 8; bit += 1 + static_cast<int>(i % 4)) {
          signature[i] ^= static_cast<std::uint8_t>(1 << bit);
          REQUIRE(peer->verify(message, signature, context).error() == ErrorCode::bad_signature);
          signature[i] ^= static_cast<std::uint8_t>(1 << bit);
        }
      }
      REQUIRE(peer->verify(message, signature, context).ok());
      for (const std::size_t size : {std::size_t{0}, signature.size() - 1, signature.size() + 1}) {
        Buffer other = signature;
        other.resize(size);
        CHECK(peer->verify(message, other, context).error() == ErrorCode::bad_signature);
      }
      for (const std::size_t size : {std::size_t{0}, Set.public_key_size() - 1, Set.public_key_size() + 1}) {
        CHECK(MlDsaPublicKey<Set>::create(noise(size), &row).error() == ErrorCode::bad_key_size);
      }
    });
  });
}

TEST_CASE("mldsa: private keys whose parts do not fit are refused", "[mldsa]") {
  on_every_set([]<const MlDsaSet & Set>() {
    INFO(Set.name);
    const auto key = MlDsaPrivateKey<Set>::from_seed(noise(32, 1));
    REQUIRE(key.ok());
    const Buffer good = test::buffer_of(Bytes(key->reveal()));
    // rho, tr, s1, t0; only K is free.
    for (const std::size_t at : {std::size_t{0}, std::size_t{64}, std::size_t{128}, good.size() - 1}) {
      Buffer other = good;
      other[at] ^= 1;
      CHECK(MlDsaPrivateKey<Set>::create(other).error() == ErrorCode::inconsistent_dsa_key);
    }
    Buffer other = good;
    other[130] = 0xff;  // a coefficient below -eta
    CHECK(MlDsaPrivateKey<Set>::create(other).error() == ErrorCode::inconsistent_dsa_key);
    other = good;
    other[40] ^= 1;
    CHECK(MlDsaPrivateKey<Set>::create(other).ok());
    for (const std::size_t size : {std::size_t{0}, good.size() - 1, good.size() + 1}) {
      other.resize(size);
      CHECK(MlDsaPrivateKey<Set>::create(other).error() == ErrorCode::bad_key_size);
    }
    for (const std::size_t size : {std::size_t{0}, std::size_t{31}, std::size_t{33}}) {
      CHECK(MlDsaPrivateKey<Set>::from_seed(noise(size)).error() == ErrorCode::bad_key_size);
    }
    Buffer signature(Set.signature_size());
    CHECK(key->sign({}, nullptr, MutBytesOf<Set.signature_size()>(signature.data(), signature.size()),
                    noise(256))
              .error() == ErrorCode::invalid_argument);
  });
}

TEST_CASE("mldsa: a failing source of randomness is told", "[mldsa]") {
  struct Source {
    static Result<void> bad(void*, MutBytes) { return ErrorCode::random_unavailable; }
  };
  const Random bad{Source::bad, nullptr};
  CHECK(MlDsa44PrivateKey::generate(bad).error() == ErrorCode::random_unavailable);
  const auto key = MlDsa44PrivateKey::from_seed(noise(32, 1));
  REQUIRE(key.ok());
  std::uint8_t signature[2420];
  CHECK(key->sign({}, &bad, signature).error() == ErrorCode::random_unavailable);
}

TEST_CASE("mldsa: no call takes more stack than it says", "[mldsa]") {
  on_every_row([](const MlDsaKernel& row) {
    on_every_set([&]<const MlDsaSet & Set>() {
      const auto key = MlDsaPrivateKey<Set>::from_seed(noise(32, 1), &row);
      REQUIRE(key.ok());
      const auto peer = MlDsaPublicKey<Set>::create(key->public_key(), &row);
      REQUIRE(peer.ok());
      Buffer signature(Set.signature_size());
      const MutBytesOf<Set.signature_size()> out(signature.data(), signature.size());
      const std::size_t signing = test::stack_used([&] { CHECK(key->sign({}, nullptr, out).ok()); });
      const std::size_t verification = test::stack_used([&] { CHECK(peer->verify({}, signature).ok()); });
      const std::size_t generation =
          test::stack_used([&] { CHECK(MlDsaPrivateKey<Set>::from_seed(noise(32, 1), &row).ok()); });
      INFO(Set.name << " " << signing << " " << verification << " " << generation);
      if (!test::kFramesHoldCopies) {
        CHECK(signing < 65536);
        CHECK(verification < (Set.k == 8 ? 98304 : 65536));
        CHECK(generation < 65536 + 2 * sizeof(MlDsaPrivateKey<Set>));
      }
    });
  });
}

TEST_CASE("secrets: S12 ML-DSA", "[secrets]") {
  SKIP_UNDER_SANITISERS();
  test::on_every_row("ML-DSA, secrets", mldsa_kernels(), [](const MlDsaKernel& row) {
    on_every_set([&]<const MlDsaSet & Set>() {
      INFO(Set.name);
      const Buffer seed = noise(32, 1);
      const auto key = MlDsaPrivateKey<Set>::from_seed(seed, &row);
      REQUIRE(key.ok());
      const Buffer encoded = test::buffer_of(Bytes(key->reveal()));
      // The seed, K, and the vectors, encoded and in the domain.
      Buffer secrets = seed;
      test::append(secrets, Bytes(encoded).subspan(32, 32));
      test::append(secrets, Bytes(encoded).subspan(128));
      const mldsa::Arithmetic& arithmetic = *row.arithmetic;
      const auto eta = static_cast<std::int32_t>(Set.eta);
      alignas(64) std::int32_t p[mldsa::kN];
      for (std::size_t i = 0; i < Set.l + Set.k; ++i) {
        mldsa::unpack(p, encoded.data() + 128 + 32 * Set.eta_bits() * i, eta, Set.eta_bits());
        arithmetic.ntt(p);
        test::append(secrets, bytes_of(p));
      }
      CHECK(test::left(secrets, [&] { (void)MlDsaPrivateKey<Set>::from_seed(seed, &row).ok(); }) == 0);
      CHECK(test::left(secrets, [&] { (void)MlDsaPrivateKey<Set>::create(encoded, &row).ok(); }) == 0);
      Buffer signature(Set.signature_size());
      const MutBytesOf<Set.signature_size()> out(signature.data(), signature.size());
      // The seed of the masks, and the mask of the attempt that succeeded, in the domain.
      const Buffer message = noise(40, 2);
      REQUIRE(key->sign(message, nullptr, out).ok());
      std::uint8_t mu[64], mask_seed[64];
      mldsa::representative(mu, Bytes(encoded).subspan(64, 64), {}, message);
      Shake(256).update(Bytes(encoded).subspan(32, 32)).update(Buffer(32)).update(mu).squeeze(mask_seed);
      test::append(secrets, mask_seed);
      append_mask<Set>(secrets, arithmetic, mask_seed, signature);
      CHECK(test::left(secrets, [&] { (void)key->sign(message, nullptr, out).ok(); }) == 0);
    });
  });
}

}  // namespace mldsa_test
