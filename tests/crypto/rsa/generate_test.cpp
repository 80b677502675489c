// SPDX-License-Identifier: Apache-2.0
#include "bignum/prime.hpp"
#include "catch.hpp"
#include "crypto/bignum/reference.hpp"
#include "crypto/rows.hpp"
#include "crypto/rsa/access.hpp"
#include "support/bytes.hpp"

#include <ashlar/crypto/sha2.hpp>

#include <chrono>
#include <iostream>

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;
using test::Limbs;
using test::Natural;

namespace {

Natural natural(Bytes bytes) {
  Limbs limbs(bytes.size() / 8 + 1);
  REQUIRE(bignum::from_bytes(limbs.data(), limbs.size(), bytes).declassify());
  return Natural(limbs);
}

Natural gcd(Natural a, Natural b) {
  while (!(b == Natural(0))) {
    const Natural rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

RsaPrivateKey generate(std::size_t bits, std::uint64_t seed, const BignumKernel* kernel = nullptr) {
  DeterministicRandom generator(seed);
  auto key = RsaPrivateKey::generate(bits, generator.random(), nullptr, kernel);
  REQUIRE(key.ok());
  return std::move(*key);
}

}  // namespace

TEST_CASE("R06 rsa: generated keys are as FIPS 186-5 §A.1.1 wants them") {
  for (const std::size_t bits : {2048u, 3072u, 4096u}) {
    for (std::uint64_t seed = 1; seed <= (bits == 2048 ? 3u : 1u); seed++) {
      INFO(bits << " bits, seed " << seed);
      const RsaPrivateKey key = generate(bits, seed);
      CHECK(key.public_key().bits() == bits);
      CHECK(key.public_key().exponent() == 65537);
      Buffer storage(5 * key.size() + 8);
      const RsaComponents parts = key.components(storage);
      const Natural n = natural(parts.modulus), d = natural(parts.private_exponent);
      const Natural p = natural(parts.prime1), q = natural(parts.prime2);
      CHECK(p * q == n);
      CHECK(q < p);
      CHECK(p.bits() == bits / 2);
      CHECK(q.bits() == bits / 2);
      // sqrt(2) * 2^(bits / 2 - 1) <= p, q: their squares have all bits.
      CHECK((p * p).bits() == bits);
      CHECK((q * q).bits() == bits);
      CHECK((p - q).bits() > bits / 2 - 100);
      const Natural p1 = p - 1, q1 = q - 1;
      const Natural lcm = p1 * q1 / gcd(p1, q1);
      CHECK(d * Natural(65537) % lcm == Natural(1));
      CHECK(d < lcm);
      CHECK(d.bits() > bits / 2);
      CHECK(natural(parts.exponent1) == d % p1);
      CHECK(natural(parts.exponent2) == d % q1);
      CHECK(natural(parts.coefficient) * q % p == Natural(1));
      // And it works.
      const Digest digest = crypto::digest(kSha256, parts.modulus);
      Buffer signature(key.size());
      REQUIRE(key.sign_pkcs1(kSha256, digest.bytes(), system_random(), signature).ok());
      CHECK(key.public_key().verify_pkcs1(kSha256, digest.bytes(), signature).ok());
    }
  }
}

TEST_CASE("R06 rsa: generated primes have no structure that the ROCA fingerprint knows") {
  // Primes made as k * M + (65537^a mod M) are powers of 65537 modulo the small factors of M.
  const unsigned kSmall[] = {11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157};
  for (std::uint64_t seed = 10; seed < 13; seed++) {
    const RsaPrivateKey key = generate(2048, seed);
    Buffer modulus(256);
    const Natural n = natural(key.public_key().modulus(modulus));
    unsigned inside = 0;
    for (const unsigned r : kSmall) {
      bool power = false;
      unsigned long x = 1;
      for (unsigned i = 0; i < r; i++) {
        power = power || n % Natural(r) == Natural(x);
        x = x * 65537 % r;
      }
      inside += power ? 1 : 0;
    }
    CHECK(inside < std::size(kSmall));
  }
}

TEST_CASE("rsa: the same random bytes give the same key on every kernel") {
  const RsaPrivateKey first = generate(2048, 77);
  Buffer expected(256), found(256);
  first.public_key().modulus(expected);
  test::on_every_row("bignum", bignum_kernels(), [&](const BignumKernel& kernel) {
    generate(2048, 77, &kernel).public_key().modulus(found);
    CHECK_BYTES(found, expected);
  });
}

TEST_CASE("rsa: key generation says how it goes, refuses other sizes, and fails without random bytes") {
  struct Seen {
    unsigned first = 0, second = 0, calls = 0;
    bool in_order = true;
    static void candidate(void* context, unsigned prime, unsigned candidates) {
      auto& seen = *static_cast<Seen*>(context);
      unsigned& last = prime == 1 ? seen.first : seen.second;
      seen.in_order = seen.in_order && (prime == 1 ? seen.second == 0 : prime == 2) && candidates == last + 1;
      last = candidates;
      seen.calls++;
    }
  } seen;
  const RsaPrivateKey::Progress progress = {Seen::candidate, &seen};
  DeterministicRandom generator(4);
  REQUIRE(RsaPrivateKey::generate(2048, generator.random(), &progress).ok());
  CHECK(seen.in_order);
  CHECK(seen.first > 0);
  CHECK(seen.second > 0);
  CHECK(seen.calls == seen.first + seen.second);

  for (const std::size_t bits : {0u, 1024u, 2047u, 2049u, 6144u, 8191u, 8193u, 16384u}) {
    CHECK(RsaPrivateKey::generate(bits, generator.random()).error() == ErrorCode::invalid_argument);
  }
  const Random none = {[](void*, MutBytes) -> Result<void> { return ErrorCode::random_unavailable; },
                       nullptr};
  CHECK(RsaPrivateKey::generate(2048, none).error() == ErrorCode::random_unavailable);
}

TEST_CASE("R06 rsa: a generator stuck at one value yields no key") {
  for (const int value : {0x00, 0x5a, 0xb6, 0xff}) {
    std::uint8_t byte = static_cast<std::uint8_t>(value);
    const Random stuck = {[](void* context, MutBytes out) -> Result<void> {
                            std::memset(out.data(), *static_cast<std::uint8_t*>(context), out.size());
                            return {};
                          },
                          &byte};
    CHECK(RsaPrivateKey::generate(2048, stuck).error() == ErrorCode::key_generation_failed);
  }
}

TEST_CASE("R06 rsa: the second prime must differ from the first in its upper hundred bits") {
  // Candidates one after the other, all within 2^924 of the first prime: every one is refused.
  DeterministicRandom generator(5);
  const auto ignore = [](void*, unsigned) {};
  Limbs p(16);
  REQUIRE(bignum::generate_prime(p.data(), 1024, 65537, nullptr, generator.random(), bignum_kernels().back(),
                                 {ignore, nullptr})
              .ok());
  struct Near {
    Limbs p;
    DeterministicRandom generator{std::uint64_t{6}};
    static Result<void> fill(void* context, MutBytes out) {
      auto& near = *static_cast<Near*>(context);
      bignum::to_bytes(out, near.p.data(), 16);
      return near.generator.random().fill(out.subspan(14));
    }
  } near{p};
  CHECK(bignum::generate_prime(p.data(), 1024, 65537, near.p.data(), {Near::fill, &near},
                               bignum_kernels().back(), {ignore, nullptr})
            .error() == ErrorCode::key_generation_failed);
}

TEST_CASE("bignum: known primes pass and known composites do not, on every kernel") {
  const auto mersenne = [](std::size_t exponent) { return Natural(1).shifted(exponent) - 1; };
  const std::vector<std::pair<Natural, bool>> numbers = {
      {5, true},
      {7, true},
      {9, false},
      {13, true},
      {15, false},
      {561, false},         // Carmichael
      {2047, false},        // strong pseudoprime to base 2
      {3215031751, false},  // to bases 2, 3, 5 and 7
      {65537, true},
      {4294967291, true},             // 2^32 - 5
      {4294967297, false},            // the fifth Fermat number
      {18446744073709551557u, true},  // 2^64 - 59
      {mersenne(521), true},
      {mersenne(523), false},
      {mersenne(607), true},
      {mersenne(1279), true},
      {mersenne(1277), false},
      // Many trailing zeros in p - 1: 3 * 2^353 + 1 is prime, 3 * 2^354 + 1 is not, nor is the eighth Fermat
      // number.
      {Natural(3).shifted(353) + 1, true},
      {Natural(3).shifted(354) + 1, false},
      {Natural(1).shifted(256) + 1, false},
      {Natural(1).shifted(255) - 19, true},
      {mersenne(521) * mersenne(607), false},
  };
  test::on_every_row("bignum", bignum_kernels(), [&](const BignumKernel& kernel) {
    for (const auto& [number, prime] : numbers) {
      const std::size_t bits = number.bits();
      const std::size_t limbs = bignum::limbs_for(bits);
      INFO(bits << " bits");
      const auto found =
          bignum::is_probable_prime(number.limbs(limbs).data(), limbs, bits, 24, system_random(), kernel);
      REQUIRE(found.ok());
      CHECK(*found == prime);
    }
  });
}

TEST_CASE("bignum: trial division finds every prime below 2^12 and nothing else") {
  std::mt19937_64 engine(41);
  std::vector<unsigned> primes;
  for (unsigned i = 3; i < 4096; i += 2) {
    bool prime = true;
    for (const unsigned p : primes) {
      prime = prime && i % p != 0;
    }
    if (prime) {
      primes.push_back(i);
    }
  }
  const Natural large = Natural(1).shifted(1279) - 1;
  CHECK_FALSE(bignum::has_small_factor(large.limbs(24).data(), 24));
  for (const unsigned p : primes) {
    INFO(p);
    REQUIRE(bignum::has_small_factor((large * Natural(p)).limbs(24).data(), 24));
  }
  // The first prime above the bound.
  CHECK_FALSE(bignum::has_small_factor((large * Natural(4099)).limbs(24).data(), 24));
}
