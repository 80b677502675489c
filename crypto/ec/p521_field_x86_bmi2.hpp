// SPDX-License-Identifier: Apache-2.0
// The field of P-521 with MULX alone: rows of two passes (product_x86_bmi2.hpp), and all else as in
// p521_field_x86_adx.hpp, where it has one chain of carries.
#pragma once

#if defined(__x86_64__) && !defined(ASHLAR_NO_X86_KERNELS)

#include "ec/p521_field_x86_adx.hpp"
#include "ec/product_x86_bmi2.hpp"

namespace ashlar::crypto::ec {

struct P521FieldBmi2 : P521FieldAdx {
  __attribute__((noinline)) static void multiply(Element& out, const Element& a, const Element& b) {
    multiply_in_rows<P521FieldBmi2>(out, a, b);
  }
  static void square(Element& out, const Element& a) { multiply(out, a, a); }

 private:
  friend P521FieldAdx;  // calls row
  // t1..t9 = (t0..t8 + a * b) / 2^64 modulo p, below 2 p; t0 = 0. t9 is 0 before.
  __attribute__((always_inline)) static inline void row(std::uint64_t& t0, std::uint64_t& t1,
                                                        std::uint64_t& t2, std::uint64_t& t3,
                                                        std::uint64_t& t4, std::uint64_t& t5,
                                                        std::uint64_t& t6, std::uint64_t& t7,
                                                        std::uint64_t& t8, std::uint64_t& t9,
                                                        const std::uint64_t* a, std::uint64_t b) {
    std::uint64_t lo, hi;
    // clang-format off
    __asm__ __volatile__(
        ASHLAR_BMI2_STEP(a, 8, add, t1, t2)
        ASHLAR_BMI2_STEP(a, 24, adc, t3, t4)
        ASHLAR_BMI2_STEP(a, 40, adc, t5, t6)
        ASHLAR_BMI2_STEP(a, 56, adc, t7, t8)
        "adc $0, %[t9]\n\t"
        ASHLAR_BMI2_STEP(a, 0, add, t0, t1)
        ASHLAR_BMI2_STEP(a, 16, adc, t2, t3)
        ASHLAR_BMI2_STEP(a, 32, adc, t4, t5)
        ASHLAR_BMI2_STEP(a, 48, adc, t6, t7)
        ASHLAR_BMI2_STEP(a, 64, adc, t8, t9)
        "mov %[t0], %[lo]\n\t"
        "shl $9, %[lo]\n\t"
        "shr $55, %[t0]\n\t"
        "add %[lo], %[t8]\n\t"
        "adc %[t0], %[t9]\n\t"
        "xor %k[t0], %k[t0]\n\t"
        : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3),
          [t4] "+&r"(t4), [t5] "+&r"(t5), [t6] "+&r"(t6), [t7] "+&r"(t7),
          [t8] "+&r"(t8), [t9] "+&r"(t9), [lo] "=&r"(lo), [hi] "=&r"(hi)
        : [a] "r"(a), "d"(b)
        : "cc", "memory");
    // clang-format on
  }
};

}  // namespace ashlar::crypto::ec

#endif
