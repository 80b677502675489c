// SPDX-License-Identifier: Apache-2.0
// Sums and differences of eight limbs in one chain of carries, for x86-64. In assembly, because g++ keeps the
// carry in a register wherever something stands between two additions.
#pragma once

#include "bignum/kernels.hpp"

#ifdef ASHLAR_BIGNUM_X86

#include <ashlar/base/ct_core.h>

// Asm statements of the kernels fill all registers and leave none for sanitizers. Guard pages in the tests
// watch these functions instead.
#define ASHLAR_KERNEL __attribute__((no_sanitize("address"), no_sanitize("undefined"), no_sanitize("thread")))
#define ASHLAR_INLINE inline __attribute__((always_inline)) ASHLAR_KERNEL

namespace ashlar::crypto::bignum {

#define ASHLAR_EIGHT(step) step(0) step(1) step(2) step(3) step(4) step(5) step(6) step(7)
#define ASHLAR_SUBTRACT_STEP(i) \
  "mov 8*" #i                   \
  "(%[a]), %[t]\n\t"            \
  "sbb 8*" #i                   \
  "(%[b]), %[t]\n\t"            \
  "mov %[t], 8*" #i "(%[r])\n\t"
#define ASHLAR_DOUBLE_STEP(i) \
  "mov 8*" #i                 \
  "(%[a]), %[t]\n\t"          \
  "adc %[t], %[t]\n\t"        \
  "mov %[t], 8*" #i "(%[a])\n\t"

// r[0..7] = a[0..7] - b[0..7] - borrow, and the new borrow, 0 or 1.
ASHLAR_INLINE void subtract_eight(std::uint64_t* r, const std::uint64_t* a, const std::uint64_t* b,
                                  std::uint64_t& borrow) {
  std::uint64_t t;
  __asm__ __volatile__(
      "neg %[borrow]\n\t"  // to the carry flag
      ASHLAR_EIGHT(ASHLAR_SUBTRACT_STEP)
      "sbb %[borrow], %[borrow]\n\t"
      "neg %[borrow]\n\t"
      : [borrow] "+&r"(borrow), [t] "=&r"(t)
      : [r] "r"(r), [a] "r"(a), [b] "r"(b)
      : "cc", "memory");
}

// a[0..7] = 2 a[0..7] + carry, and the new carry, 0 or 1.
ASHLAR_INLINE void double_eight(std::uint64_t* a, std::uint64_t& carry) {
  std::uint64_t t;
  __asm__ __volatile__(
      "neg %[carry]\n\t"  // to the carry flag
      ASHLAR_EIGHT(ASHLAR_DOUBLE_STEP)
      "sbb %[carry], %[carry]\n\t"
      "neg %[carry]\n\t"
      : [carry] "+&r"(carry), [t] "=&r"(t)
      : [a] "r"(a)
      : "cc", "memory");
}

#undef ASHLAR_EIGHT
#undef ASHLAR_SUBTRACT_STEP
#undef ASHLAR_DOUBLE_STEP

// result = value less the modulus where a carry of 1 is pending: what a reduction ends with.
ASHLAR_INLINE void subtract_modulus(std::uint64_t* result, const std::uint64_t* value,
                                    const std::uint64_t* modulus, unsigned char pending, std::size_t limbs) {
  const std::uint64_t mask = ashlar_ct_barrier(0 - std::uint64_t{pending});
  std::uint64_t borrow = 0;
  for (std::size_t i = 0; i < limbs; i += 8) {
    std::uint64_t masked[8];
    for (std::size_t k = 0; k < 8; k++) {
      masked[k] = modulus[i + k] & mask;
    }
    subtract_eight(result + i, value + i, masked, borrow);
  }
}

}  // namespace ashlar::crypto::bignum

#endif
