// SPDX-License-Identifier: Apache-2.0
// A row's exponentiations, compared with the portable products.
#pragma once

#include "bignum/kernels.hpp"
#include "bignum/montgomery.hpp"

#include "catch.hpp"
#include "crypto/bignum/reference.hpp"

namespace ashlar::test {

inline const crypto::BignumKernel kPortableProducts = {
    "portable", cpu::Features(), crypto::bignum::multiply_portable, crypto::bignum::square_portable,
    crypto::bignum::reduce_portable};

// An odd number of exactly `bits` bits: random, or 2^bits - 1 (full digits of any width), or 2^(bits - 1) +
// 1.
inline Limbs odd_modulus(std::size_t limbs, std::size_t bits, int kind, std::mt19937_64& engine) {
  Limbs n(limbs);
  for (std::size_t i = 0; i < bits; i++) {
    const bool set = kind == 0 ? (engine() & 1) != 0 : kind == 1;
    n[i / 64] |= std::uint64_t{set} << (i % 64);
  }
  n[(bits - 1) / 64] |= std::uint64_t{1} << ((bits - 1) % 64);
  n[0] |= 1;
  return n;
}

// Edge cases below n, and a random number: 0, 1, n - 1, n with its low half cleared, n with full digits of 52
// bits in the middle.
inline std::vector<Limbs> numbers_below(const Limbs& n, std::size_t bits, std::mt19937_64& engine) {
  using namespace crypto::bignum;
  const std::size_t limbs = n.size();
  std::vector<Limbs> numbers(6, Limbs(limbs));
  numbers[1][0] = 1;
  numbers[2] = n;
  numbers[2][0] ^= 1;
  for (std::size_t i = bits / 128 + 1; i < limbs; i++) {
    numbers[3][i] = n[i];
  }
  for (std::size_t i = 52; i < bits - 60; i++) {
    numbers[4][i / 64] |= std::uint64_t{1} << (i % 64);
  }
  for (std::size_t i = 0; i + 1 < bits; i++) {
    numbers[5][i / 64] |= (engine() & 1) << (i % 64);
  }
  return numbers;
}

// base * 2^scale to the exponent, modulo n.
inline Limbs power_slowly(const Limbs& base, std::size_t scale, const Limbs& exponent,
                          std::size_t exponent_bits, const Limbs& n, std::size_t bits) {
  using namespace crypto::bignum;
  const std::size_t limbs = n.size();
  const Montgomery m{&kPortableProducts, n.data(), ashlar_limb_negated_inverse(n[0]), limbs};
  Montgomery::Product work;
  Limbs one(limbs), x(limbs), b(limbs);
  one[0] = 1;
  // In Montgomery's form, which has one more factor of R.
  shift_modulo(one.data(), one.data(), 64 * limbs, n.data(), limbs, bits);
  const Natural whole = Natural(base).shifted(scale + 64 * limbs) % Natural(n);
  b = whole.limbs(limbs);
  x = one;
  for (std::size_t i = exponent_bits; i-- > 0;) {
    m.square(x.data(), x.data(), work);
    if (((exponent[i / 64] >> (i % 64)) & 1) != 0) {
      m.multiply(x.data(), x.data(), b.data(), work);
    }
  }
  m.from_montgomery(x.data(), x.data(), work);
  return x;
}

inline void check_public_powers(const crypto::BignumPowers& powers, std::vector<std::size_t> sizes) {
  std::mt19937_64 engine(23);
  for (const std::size_t bits : sizes) {
    const std::size_t limbs = crypto::bignum::limbs_for(bits);
    for (int kind = 0; kind < 3; kind++) {
      const Limbs n = odd_modulus(limbs, bits, kind, engine);
      for (const Limbs& number : numbers_below(n, bits, engine)) {
        for (const std::uint64_t exponent :
             {std::uint64_t{3}, std::uint64_t{65537}, std::uint64_t{0x1b0000025}}) {
          INFO(bits << " bits, modulus " << kind << ", exponent " << exponent);
          Limbs result(limbs);
          REQUIRE(powers.power_public(result.data(), number.data(), exponent, n.data(), limbs, bits));
          REQUIRE(result == power_slowly(number, 0, {exponent}, 33, n, bits));
        }
      }
    }
  }
}

inline void check_pairs(const crypto::BignumPowers& powers, std::vector<std::size_t> sizes,
                        std::size_t exponent_bits) {
  using namespace crypto;
  std::mt19937_64 engine(29);
  for (const std::size_t bits : sizes) {
    const std::size_t limbs = bignum::limbs_for(bits);
    for (int kind = 0; kind < 3; kind++) {
      // Primes need not have the same size.
      const Limbs p = odd_modulus(limbs, bits, kind, engine);
      const Limbs q = odd_modulus(limbs, bits - 70, (kind + 1) % 3, engine);
      const std::size_t both[] = {bits, bits - 70};
      const std::uint64_t* const moduli[] = {p.data(), q.data()};
      std::uint64_t constants[kPairWords];
      const std::size_t scale = 192 * limbs;
      REQUIRE(powers.prepare_pair(constants, moduli, limbs, both, scale));
      auto first = numbers_below(p, bits, engine);
      auto second = numbers_below(q, bits - 70, engine);
      // Bases need not be below the moduli.
      first.push_back(Limbs(limbs, ~std::uint64_t{0}));
      second.push_back(Limbs(limbs, ~std::uint64_t{0}));
      for (std::size_t i = 0; i < first.size(); i++) {
        INFO(bits << " bits, moduli " << kind << ", bases " << i);
        const Limbs& a = first[i];
        const Limbs& b = second[(i + 2) % second.size()];
        Limbs d(limbs), e(limbs);
        for (std::size_t bit = 0; bit < exponent_bits; bit++) {
          d[bit / 64] |= (i == 0 ? 1 : engine() & 1) << (bit % 64);
          e[bit / 64] |= (i == 1 ? 0 : engine() & 1) << (bit % 64);
        }
        Limbs x(limbs), y(limbs);
        std::uint64_t* const results[] = {x.data(), y.data()};
        const std::uint64_t* const bases[] = {a.data(), b.data()};
        const std::uint64_t* const exponents[] = {d.data(), e.data()};
        powers.power_pair(results, bases, exponents, moduli, constants, limbs, exponent_bits);
        REQUIRE(x == power_slowly(a, scale, d, exponent_bits, p, bits));
        REQUIRE(y == power_slowly(b, scale, e, exponent_bits, q, bits - 70));
      }
    }
  }
}

inline void check_secret_powers(const crypto::BignumPowers& powers, std::vector<std::size_t> sizes,
                                std::size_t exponent_bits) {
  std::mt19937_64 engine(31);
  for (const std::size_t bits : sizes) {
    const std::size_t limbs = crypto::bignum::limbs_for(bits);
    for (int kind = 0; kind < 3; kind++) {
      const Limbs n = odd_modulus(limbs, bits, kind, engine);
      const auto numbers = numbers_below(n, bits, engine);
      for (std::size_t i = 0; i < numbers.size(); i++) {
        INFO(bits << " bits, modulus " << kind << ", base " << i);
        // All ones, zero, and random bits. Bits above those that are used are set.
        Limbs exponent(exponent_bits / 64 + 1, ~std::uint64_t{0});
        for (std::size_t bit = 0; bit < exponent_bits; bit++) {
          exponent[bit / 64] ^= (i == 0 ? 0 : i == 1 ? 1 : engine() & 1) << (bit % 64);
        }
        Limbs result(limbs);
        REQUIRE(powers.power_secret(result.data(), numbers[i].data(), exponent.data(), exponent_bits,
                                    n.data(), limbs, bits));
        REQUIRE(result == power_slowly(numbers[i], 0, exponent, exponent_bits, n, bits));
      }
    }
  }
}

}  // namespace ashlar::test
