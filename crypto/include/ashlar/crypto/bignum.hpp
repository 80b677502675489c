// SPDX-License-Identifier: Apache-2.0
// The table of implementations of multi-precision arithmetic below RSA. It serves keys that shall use a
// certain row, and tests, benchmarks and `speed`, which run all of them.
#pragma once

#include <ashlar/crypto/cpu.hpp>

#include <cstddef>

namespace ashlar::crypto {

// Whole exponentiations, for rows that do them faster than by products of limbs. Numbers as below. Constant
// time in all values except the public exponent.
struct BignumPowers {
  // result = number^exponent modulo the odd n, below n, for a number below n and an odd public exponent above
  // 1. bits: the size of n. Returns false and does nothing if it is not made for that size.
  bool (*power_public)(std::uint64_t* result, const std::uint64_t* number, std::uint64_t exponent,
                       const std::uint64_t* n, std::size_t limbs, std::size_t bits);
  // Writes the constants for exponentiations modulo two odd numbers of this many limbs into kPairWords words.
  // bits: their sizes. False if not made for that size: then power_pair must not be called.
  bool (*prepare_pair)(std::uint64_t* constants, const std::uint64_t* const* moduli, std::size_t limbs,
                       const std::size_t* bits, std::size_t scale);
  // results[i] = (bases[i] * 2^scale)^exponents[i] modulo moduli[i], below it, for i = 0 and 1, with the
  // scale that the constants were made for. bits: how many of the low bits of both exponents are used.
  void (*power_pair)(std::uint64_t* const* results, const std::uint64_t* const* bases,
                     const std::uint64_t* const* exponents, const std::uint64_t* const* moduli,
                     const std::uint64_t* constants, std::size_t limbs, std::size_t bits);
  // result = base^exponent modulo the odd n, below n, for a base below n and a secret exponent, of which the
  // low exponent_bits bits are used. bits: the size of n. Returns false, having done nothing, for a size it
  // is not made for.
  bool (*power_secret)(std::uint64_t* result, const std::uint64_t* base, const std::uint64_t* exponent,
                       std::size_t exponent_bits, const std::uint64_t* n, std::size_t limbs,
                       std::size_t bits);
};
inline constexpr std::size_t kPairWords = 248;  // words of workspace

// One implementation. Numbers are little-endian arrays of 64-bit limbs; `limbs` is a positive multiple of 8.
// All three run in constant time in the values; sizes are public.
struct BignumKernel {
  std::string_view name;
  cpu::Features required;
  // product (2 * limbs) = a * b. No overlap with the inputs.
  void (*multiply)(std::uint64_t* product, const std::uint64_t* a, const std::uint64_t* b, std::size_t limbs);
  // product (2 * limbs) = a * a. No overlap with the input.
  void (*square)(std::uint64_t* product, const std::uint64_t* a, std::size_t limbs);
  // Montgomery reduction: result = a number below R = 2^(64 * limbs) that is congruent to value / R modulo
  // the odd `modulus`, and at most `modulus` if value < R. `value` (2 * limbs, any value) is destroyed;
  // factor = -1 / modulus modulo 2^64. The result may not overlap the first half of `value`.
  void (*reduce)(std::uint64_t* result, std::uint64_t* value, const std::uint64_t* modulus,
                 std::uint64_t factor, std::size_t limbs);
  // Null if the three functions above are used.
  const BignumPowers* powers = nullptr;
};

// All implementations, best first; the last is portable.
std::span<const BignumKernel> bignum_kernels();

inline constexpr std::size_t kMaxBignumLanes = 8;  // exponentiations side by side

// One implementation of several exponentiations at once, modulo odd numbers of the same number of limbs.
struct BignumManyKernel {
  std::string_view name;
  cpu::Features required;
  std::size_t lanes;  // how many at once, at most kMaxBignumLanes
  std::size_t from;   // from how many this is faster than pairs of them
  // results[i] = (bases[i] * 2^scale)^exponents[i] modulo moduli[i], below it. The low `bits` bits of the
  // exponents are used; modulus_bits: the sizes of the moduli. Lanes may hold the same operands. Returns
  // false, having done nothing, for a size it is not made for. Null: none is. Constant time in all values.
  bool (*power)(std::uint64_t* const* results, const std::uint64_t* const* bases,
                const std::uint64_t* const* exponents, const std::uint64_t* const* moduli,
                const std::size_t* modulus_bits, std::size_t limbs, std::size_t scale, std::size_t bits);
  // results[i] = numbers[i]^exponent modulo the odd moduli[i], below it, for numbers below them and one odd
  // public exponent above 1. The rest as above.
  bool (*power_public)(std::uint64_t* const* results, const std::uint64_t* const* numbers,
                       std::uint64_t exponent, const std::uint64_t* const* moduli,
                       const std::size_t* modulus_bits, std::size_t limbs);
  std::size_t public_from;  // from how many that is faster than one after the other
};

// All implementations, best first; the last is portable.
std::span<const BignumManyKernel> bignum_many_kernels();

}  // namespace ashlar::crypto
