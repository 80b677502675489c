// SPDX-License-Identifier: Apache-2.0
// The field of P-256 with MULX alone: the reduction, sums and differences of p256_field_x86_adx.hpp, which
// have one chain of carries, and products with one chain.
#pragma once

#if defined(__x86_64__) && !defined(ASHLAR_NO_X86_KERNELS)

#include "ec/p256_field_x86_adx.hpp"
#include "ec/product_x86_bmi2.hpp"

namespace ashlar::crypto::ec {

struct P256FieldBmi2 : P256FieldAdx {
  __attribute__((noinline)) static void multiply(Element& out, const Element& a, const Element& b) {
    std::uint64_t t0, t1, t2, t3, t4, t5, t6, t7, lo, hi;
    __asm__ __volatile__(ASHLAR_BMI2_PRODUCT_4 ASHLAR_P256_REDUCE
                         : [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [t4] "=&r"(t4),
                           [t5] "=&r"(t5), [t6] "=&r"(t6), [t7] "=&r"(t7), [lo] "=&r"(lo), [hi] "=&r"(hi)
                         : [a] "r"(a.v), [b] "r"(b.v), [p3] "i"(0xffffffff00000001)
                         : "rdx", "cc", "memory");
    out = {{t4, t5, t6, t7}};
  }
  __attribute__((noinline)) static void square(Element& out, const Element& a) {
    std::uint64_t t0, t1, t2, t3, t4, t5, t6, t7, lo, hi;
    __asm__ __volatile__(ASHLAR_BMI2_SQUARE_4 ASHLAR_P256_REDUCE
                         : [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [t4] "=&r"(t4),
                           [t5] "=&r"(t5), [t6] "=&r"(t6), [t7] "=&r"(t7), [lo] "=&r"(lo), [hi] "=&r"(hi)
                         : [a] "r"(a.v), [p3] "i"(0xffffffff00000001)
                         : "rdx", "cc", "memory");
    out = {{t4, t5, t6, t7}};
  }
};

}  // namespace ashlar::crypto::ec

#endif
