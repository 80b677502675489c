// SPDX-License-Identifier: Apache-2.0
// The field of 2^255 - 19 with MULX alone: as field_x86_adx.hpp, with products and the reduction in one chain
// of carries. The bounds are the same.
#pragma once

#include "ec/product_x86_bmi2.hpp"
#include "x25519/field_x86_adx.hpp"

namespace ashlar::crypto::x25519 {

// t0..t3 = t0..t7 mod p, tight.
#define ASHLAR_25519_REDUCE_BMI2 \
  "mov $38, %%edx\n\t"           \
  "mulx %[t4], %[lo], %[hi]\n\t" \
  "add %[lo], %[t0]\n\t"         \
  "adc %[hi], %[t1]\n\t"         \
  "mulx %[t6], %[lo], %[hi]\n\t" \
  "adc %[lo], %[t2]\n\t"         \
  "adc %[hi], %[t3]\n\t"         \
  "mov $0, %k[t4]\n\t"           \
  "adc $0, %[t4]\n\t"            \
  "mulx %[t5], %[lo], %[hi]\n\t" \
  "add %[lo], %[t1]\n\t"         \
  "adc %[hi], %[t2]\n\t"         \
  "mulx %[t7], %[lo], %[hi]\n\t" \
  "adc %[lo], %[t3]\n\t"         \
  "adc %[t4], %[hi]\n\t" ASHLAR_25519_FOLD_TOP(hi)

struct FieldBmi2 : FieldAdx {
  static void multiply(Element& out, const Element& a, const Element& b) {
    std::uint64_t t0, t1, t2, t3, t4, t5, t6, t7, lo, hi;
    __asm__ __volatile__(ASHLAR_BMI2_PRODUCT_4 ASHLAR_25519_REDUCE_BMI2
                         : [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [t4] "=&r"(t4),
                           [t5] "=&r"(t5), [t6] "=&r"(t6), [t7] "=&r"(t7), [lo] "=&r"(lo), [hi] "=&r"(hi)
                         : [a] "r"(a.v), [b] "r"(b.v)
                         : "rdx", "cc", "memory");
    out = {{t0, t1, t2, t3}};
  }
  static void square(Element& out, const Element& a) {
    std::uint64_t t0, t1, t2, t3, t4, t5, t6, t7, lo, hi;
    __asm__ __volatile__(ASHLAR_BMI2_SQUARE_4 ASHLAR_25519_REDUCE_BMI2
                         : [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [t4] "=&r"(t4),
                           [t5] "=&r"(t5), [t6] "=&r"(t6), [t7] "=&r"(t7), [lo] "=&r"(lo), [hi] "=&r"(hi)
                         : [a] "r"(a.v)
                         : "rdx", "cc", "memory");
    out = {{t0, t1, t2, t3}};
  }
};

}  // namespace ashlar::crypto::x25519
