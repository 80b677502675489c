// SPDX-License-Identifier: Apache-2.0
// The field of P-384 with MULX alone: products in rows of two passes (product_x86_bmi2.hpp), and all else as
// in p384_field_x86_adx.hpp, where it has one chain of carries.
#pragma once

#if defined(__x86_64__) && !defined(ASHLAR_NO_X86_KERNELS)

#include "ec/p384_field_x86_adx.hpp"
#include "ec/product_x86_bmi2.hpp"

namespace ashlar::crypto::ec {

#define ASHLAR_P384_ROW(offset, u0, u1, u2, u3, u4, u5, u6)                                               \
  "mov " #offset                                                                                          \
  "(%[b]), %%rdx\n\t"                                                                                     \
  "xor %k[" #u6 "], %k[" #u6 "]\n\t" ASHLAR_BMI2_STEP(a, 0, add, u0, u1)                                  \
      ASHLAR_BMI2_STEP(a, 16, adc, u2, u3) ASHLAR_BMI2_STEP(                                              \
          a, 32, adc, u4, u5) "adc $0, %[" #u6                                                            \
                              "]\n\t"                                                                     \
                              "mov %[" #u0 "], " #offset "(%[p])\n\t" ASHLAR_BMI2_STEP(a, 8, add, u1, u2) \
                                  ASHLAR_BMI2_STEP(a, 24, adc, u3, u4) ASHLAR_BMI2_STEP(a, 40, adc, u5, u6)

struct P384FieldBmi2 : P384FieldAdx {
  __attribute__((noinline)) static void multiply(Element& out, const Element& a, const Element& b) {
    std::uint64_t product[12];
    std::uint64_t t0 = 0, t1 = 0, t2 = 0, t3 = 0, t4 = 0, t5 = 0, t6, lo, hi;
    // clang-format off
    __asm__ __volatile__(
        ASHLAR_P384_ROW(0, t0, t1, t2, t3, t4, t5, t6)
        ASHLAR_P384_ROW(8, t1, t2, t3, t4, t5, t6, t0)
        ASHLAR_P384_ROW(16, t2, t3, t4, t5, t6, t0, t1)
        ASHLAR_P384_ROW(24, t3, t4, t5, t6, t0, t1, t2)
        ASHLAR_P384_ROW(32, t4, t5, t6, t0, t1, t2, t3)
        ASHLAR_P384_ROW(40, t5, t6, t0, t1, t2, t3, t4)
        "mov %[t6], 48(%[p])\n\t"
        "mov %[t0], 56(%[p])\n\t"
        "mov %[t1], 64(%[p])\n\t"
        "mov %[t2], 72(%[p])\n\t"
        "mov %[t3], 80(%[p])\n\t"
        "mov %[t4], 88(%[p])\n\t"
        : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3),
          [t4] "+&r"(t4), [t5] "+&r"(t5), [t6] "=&r"(t6), [lo] "=&r"(lo), [hi] "=&r"(hi)
        : [a] "r"(a.v), [b] "r"(b.v), [p] "r"(product)
        : "rdx", "cc", "memory");
    // clang-format on
    reduce_product(out, product);
  }
  static void square(Element& out, const Element& a) { multiply(out, a, a); }
};

#undef ASHLAR_P384_ROW

}  // namespace ashlar::crypto::ec

#endif
