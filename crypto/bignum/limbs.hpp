// SPDX-License-Identifier: Apache-2.0
// Numbers as arrays of limbs: bytes in and out, division, greatest common divisor, inverse. All run in
// constant time in the values unless they say otherwise; the number of limbs and of bytes is public.
#pragma once

#include "bignum/limbs_core.h"

#include <ashlar/base/bytes.hpp>
#include <ashlar/base/ct.hpp>

namespace ashlar::crypto::bignum {

using Limb = std::uint64_t;
inline constexpr std::size_t kLimbBits = 64;

// Limbs for this many bits, rounded up to a multiple of 8, as the kernels need it.
constexpr std::size_t limbs_for(std::size_t bits) {
  return (bits + 511) / 512 * 8;
}

// Limbs that are wiped when they die.
template <std::size_t N>
struct SecretLimbs {
  Limb limb[N];
  SecretLimbs() = default;
  SecretLimbs(const SecretLimbs&) = delete;
  SecretLimbs& operator=(const SecretLimbs&) = delete;
  ~SecretLimbs() { wipe(limb, sizeof limb); }
  operator Limb*() { return limb; }
  operator const Limb*() const { return limb; }
};

inline void copy(Limb* to, const Limb* from, std::size_t limbs) {
  std::memcpy(to, from, limbs * sizeof(Limb));
}
inline void set(Limb* to, Limb value, std::size_t limbs) {
  std::memset(to, 0, limbs * sizeof(Limb));
  to[0] = value;
}

// Big-endian bytes as a number; yes() if it fits the limbs, after any leading zeros.
ct::Mask from_bytes(Limb* number, std::size_t limbs, Bytes bytes);
// The low bytes.size() bytes of the number, big-endian.
void to_bytes(MutBytes bytes, const Limb* number, std::size_t limbs);
// Number of bits of a number that is public: variable time.
std::size_t public_bits(const Limb* number, std::size_t limbs);
// Number of bits of a secret number.
std::size_t secret_bits(const Limb* number, std::size_t limbs);

// quotient (limbs) and remainder (divisor_limbs) of value / divisor, bit by bit. Either may be null. The
// divisor is not zero and at most kMaxDivisorLimbs long.
inline constexpr std::size_t kMaxDivisorLimbs = 64;
void divide(Limb* quotient, Limb* remainder, const Limb* value, std::size_t limbs, const Limb* divisor,
            std::size_t divisor_limbs);

// r = value * 2^shift modulo n, below n, for value < n; r may be the value. `bits`: the size of n. It and the
// shift are public. At most kMaxShiftLimbs limbs.
inline constexpr std::size_t kMaxShiftLimbs = 128;
void shift_modulo(Limb* r, const Limb* value, std::size_t shift, const Limb* n, std::size_t limbs,
                  std::size_t bits);

// gcd of two numbers that are not both zero, at most kMaxGcdLimbs long.
inline constexpr std::size_t kMaxGcdLimbs = 64;
void gcd(Limb* result, const Limb* a, const Limb* b, std::size_t limbs);

// inverse = 1 / value modulo the odd modulus > 1, for value < modulus; yes() if it exists. At most
// kMaxInverseLimbs limbs.
inline constexpr std::size_t kMaxInverseLimbs = 128;
ct::Mask invert(Limb* inverse, const Limb* value, const Limb* modulus, std::size_t limbs);

}  // namespace ashlar::crypto::bignum
