// SPDX-License-Identifier: Apache-2.0
// Prime numbers: testing and making them (FIPS 186-5 §A.1.3, §B.3).
//
// Constant time for a number that turns out prime. It is public that a candidate is refused, and at which
// step: it is thrown away, and the next one is drawn independently.
#pragma once

#include "bignum/montgomery.hpp"

#include <ashlar/base/result.hpp>
#include <ashlar/crypto/random.hpp>

namespace ashlar::crypto::bignum {

inline constexpr std::size_t kMaxPrimeLimbs = kMaxPowerLimbs;

// Whether an odd prime below 2^12 divides the number, or is the number.
bool has_small_factor(const Limb* number, std::size_t limbs);

// Whether an odd number above 3, of exactly `bits` bits, passes this many rounds of Miller and Rabin with
// random bases (§B.3.1). limbs: limbs_for(bits), at most kMaxPrimeLimbs.
Result<bool> is_probable_prime(const Limb* number, std::size_t limbs, std::size_t bits, unsigned rounds,
                               Random random, const BignumKernel& kernel);

// Called for each candidate that is large enough.
struct PrimeProgress {
  void (*candidate)(void* context, unsigned candidates);
  void* context;
};

// A random prime p of `bits` bits with p >= sqrt(2) * 2^(bits - 1), gcd(p - 1, exponent) = 1 for the odd
// prime `exponent`, and |p - other| > 2^(bits - 100) unless `other` is null. bits: a multiple of 512.
// key_generation_failed when 10 * bits candidates (20 * bits with `other`) hold none.
Result<void> generate_prime(Limb* prime, std::size_t bits, std::uint64_t exponent, const Limb* other,
                            Random random, const BignumKernel& kernel, const PrimeProgress& progress);

}  // namespace ashlar::crypto::bignum
