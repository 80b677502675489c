// SPDX-License-Identifier: Apache-2.0
// The implementations of multi-precision arithmetic under RSA, as a table: for keys that are to use a certain
// row, and for tests, benchmarks and `speed`, which run all of them.
#pragma once

#include <ashlar/crypto/cpu.hpp>

#include <cstddef>

namespace ashlar::crypto {

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
};

// All implementations, best first; the last is portable.
std::span<const BignumKernel> bignum_kernels();

}  // namespace ashlar::crypto
