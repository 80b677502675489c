// SPDX-License-Identifier: Apache-2.0
// Multi-precision arithmetic on any machine: schoolbook rows with one carry chain each. Constant time
// wherever the machine's multiplication is.
#include "bignum/kernels.hpp"
#include "bignum/limbs_core.h"

namespace ashlar::crypto::bignum {

void multiply_portable(std::uint64_t* product, const std::uint64_t* a, const std::uint64_t* b,
                       std::size_t limbs) {
  for (std::size_t i = 0; i < limbs; i++) {
    product[i] = 0;
  }
  for (std::size_t i = 0; i < limbs; i++) {
    product[limbs + i] = ashlar_limbs_mul_add(product + i, a, limbs, b[i]);
  }
}

// The products of different limbs once, then doubled, and the squares of the limbs added.
void square_portable(std::uint64_t* product, const std::uint64_t* a, std::size_t limbs) {
  for (std::size_t i = 0; i < 2 * limbs; i++) {
    product[i] = 0;
  }
  for (std::size_t i = 0; i + 1 < limbs; i++) {
    product[limbs + i] = ashlar_limbs_mul_add(product + 2 * i + 1, a + i + 1, limbs - i - 1, a[i]);
  }
  std::uint64_t shifted = 0;
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < limbs; i++) {
    const ashlar_u128 square = ashlar_u128_mul(a[i], a[i]);
    const std::uint64_t low = product[2 * i];
    const std::uint64_t high = product[2 * i + 1];
    product[2 * i] = ashlar_limb_add((low << 1) | shifted, ashlar_u128_low(square), &carry);
    product[2 * i + 1] = ashlar_limb_add((high << 1) | (low >> 63), ashlar_u128_high(square), &carry);
    shifted = high >> 63;
  }
}

void reduce_portable(std::uint64_t* result, std::uint64_t* value, const std::uint64_t* modulus,
                     std::uint64_t factor, std::size_t limbs) {
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < limbs; i++) {
    const std::uint64_t top = ashlar_limbs_mul_add(value + i, modulus, limbs, value[i] * factor);
    value[i + limbs] = ashlar_limb_add(value[i + limbs], top, &carry);
  }
  // value < R^2 + R * modulus by now, so one masked subtraction brings the quotient below R.
  const std::uint64_t mask = ashlar_ct_barrier(0 - carry);
  std::uint64_t borrow = 0;
  for (std::size_t i = 0; i < limbs; i++) {
    result[i] = ashlar_limb_sub(value[limbs + i], modulus[i] & mask, &borrow);
  }
}

}  // namespace ashlar::crypto::bignum
