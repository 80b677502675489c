// SPDX-License-Identifier: Apache-2.0
// The field of P-521 with MULX, ADCX and ADOX.
//
// Algorithm. Montgomery's multiplication, as on P-384. Since p = 2^521 - 1 = -1
// modulo 2^64 the quotient digit is the lowest limb itself, and digit * p
// clears that limb and adds the digit at bit 521: two shifts and two additions. Other
// primes need a row of products. A square computes the products off the diagonal once, and
// its digits are added as one row of products by 2^9. A number below 2 p plus 1 has bit 521 set exactly
// if the number is p or more. To reduce it, that bit is added to the number, and the sum is cut at bit
// 521.
//
// Registers. t0..t9 the sum, lo and hi each partial product, rdx the factor, a
// the other operand: fourteen, all that exist beside a frame pointer.
//
// Bound. 81 MULX for a product, 54 for a square, at one a cycle.
#pragma once

#if defined(__x86_64__) && !defined(ASHLAR_NO_X86_KERNELS)

#include "ec/curves.hpp"
#include "ec/square_x86_adx.hpp"

#include <cstring>

namespace ashlar::crypto::ec {

struct P521FieldAdx : Montgomery<P521::Prime> {
  __attribute__((noinline)) static void multiply(Element& out, const Element& a, const Element& b) {
    multiply_in_rows<P521FieldAdx>(out, a, b);
  }
  __attribute__((noinline)) static void square(Element& out, const Element& a) {
    struct {
      std::uint64_t a[9], product[18];
    } s;
    ashlar_copy_limbs<9>(s.a, a.v);
    std::uint64_t t0, t1, t2, t3, t4, t5, t6, t7, t8, lo, hi;
    // The products off the diagonal, then twice those and the squares.
    // clang-format off
    __asm__ __volatile__(
        "mov 0(%[p]), %%rdx\n\t"
        "mulx 8(%[p]), %[t1], %[t2]\n\t"
        "mulx 16(%[p]), %[lo], %[t3]\n\t"
        "add %[lo], %[t2]\n\t"
        "mulx 24(%[p]), %[lo], %[t4]\n\t"
        "adc %[lo], %[t3]\n\t"
        "mulx 32(%[p]), %[lo], %[t5]\n\t"
        "adc %[lo], %[t4]\n\t"
        "mulx 40(%[p]), %[lo], %[t6]\n\t"
        "adc %[lo], %[t5]\n\t"
        "mulx 48(%[p]), %[lo], %[t7]\n\t"
        "adc %[lo], %[t6]\n\t"
        "mulx 56(%[p]), %[lo], %[t8]\n\t"
        "adc %[lo], %[t7]\n\t"
        "mulx 64(%[p]), %[lo], %[t0]\n\t"
        "adc %[lo], %[t8]\n\t"
        "adc $0, %[t0]\n\t"
        ASHLAR_ADX_KEEP(80, t1, t2)
        ASHLAR_ADX_FACTOR(p, 8, t1)
        ASHLAR_ADX_STEP(p, 16, t3, t4)
        ASHLAR_ADX_STEP(p, 24, t4, t5)
        ASHLAR_ADX_STEP(p, 32, t5, t6)
        ASHLAR_ADX_STEP(p, 40, t6, t7)
        ASHLAR_ADX_STEP(p, 48, t7, t8)
        ASHLAR_ADX_STEP(p, 56, t8, t0)
        ASHLAR_ADX_STEP(p, 64, t0, t1)
        ASHLAR_ADX_LAST(t1)
        ASHLAR_ADX_KEEP(96, t3, t4)
        ASHLAR_ADX_FACTOR(p, 16, t2)
        ASHLAR_ADX_STEP(p, 24, t5, t6)
        ASHLAR_ADX_STEP(p, 32, t6, t7)
        ASHLAR_ADX_STEP(p, 40, t7, t8)
        ASHLAR_ADX_STEP(p, 48, t8, t0)
        ASHLAR_ADX_STEP(p, 56, t0, t1)
        ASHLAR_ADX_STEP(p, 64, t1, t2)
        ASHLAR_ADX_LAST(t2)
        ASHLAR_ADX_KEEP(112, t5, t6)
        ASHLAR_ADX_FACTOR(p, 24, t3)
        ASHLAR_ADX_STEP(p, 32, t7, t8)
        ASHLAR_ADX_STEP(p, 40, t8, t0)
        ASHLAR_ADX_STEP(p, 48, t0, t1)
        ASHLAR_ADX_STEP(p, 56, t1, t2)
        ASHLAR_ADX_STEP(p, 64, t2, t3)
        ASHLAR_ADX_LAST(t3)
        ASHLAR_ADX_KEEP(128, t7, t8)
        ASHLAR_ADX_FACTOR(p, 32, t4)
        ASHLAR_ADX_STEP(p, 40, t0, t1)
        ASHLAR_ADX_STEP(p, 48, t1, t2)
        ASHLAR_ADX_STEP(p, 56, t2, t3)
        ASHLAR_ADX_STEP(p, 64, t3, t4)
        ASHLAR_ADX_LAST(t4)
        ASHLAR_ADX_KEEP(144, t0, t1)
        ASHLAR_ADX_FACTOR(p, 40, t5)
        ASHLAR_ADX_STEP(p, 48, t2, t3)
        ASHLAR_ADX_STEP(p, 56, t3, t4)
        ASHLAR_ADX_STEP(p, 64, t4, t5)
        ASHLAR_ADX_LAST(t5)
        ASHLAR_ADX_KEEP(160, t2, t3)
        ASHLAR_ADX_FACTOR(p, 48, t6)
        ASHLAR_ADX_STEP(p, 56, t4, t5)
        ASHLAR_ADX_STEP(p, 64, t5, t6)
        ASHLAR_ADX_LAST(t6)
        ASHLAR_ADX_KEEP(176, t4, t5)
        ASHLAR_ADX_FACTOR(p, 56, t7)
        ASHLAR_ADX_STEP(p, 64, t6, t7)
        ASHLAR_ADX_LAST(t7)
        ASHLAR_ADX_KEEP(192, t6, t7)
        : [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3),
          [t4] "=&r"(t4), [t5] "=&r"(t5), [t6] "=&r"(t6), [t7] "=&r"(t7),
          [t8] "=&r"(t8), [lo] "=&r"(lo), [hi] "=&r"(hi)
        : [p] "r"(&s)
        : "rdx", "cc", "memory");
    __asm__ __volatile__(
        "xor %k[lo], %k[lo]\n\t"
        "mov 0(%[p]), %%rdx\n\t"
        "mulx %%rdx, %[lo], %[hi]\n\t"
        "mov %[lo], 72(%[p])\n\t"
        "mov 80(%[p]), %[t0]\n\t"
        "adcx %[t0], %[t0]\n\t"
        "adox %[hi], %[t0]\n\t"
        "mov %[t0], 80(%[p])\n\t"
        ASHLAR_ADX_SQUARE(p, 8, 88)
        ASHLAR_ADX_SQUARE(p, 16, 104)
        ASHLAR_ADX_SQUARE(p, 24, 120)
        ASHLAR_ADX_SQUARE(p, 32, 136)
        ASHLAR_ADX_SQUARE(p, 40, 152)
        ASHLAR_ADX_SQUARE(p, 48, 168)
        ASHLAR_ADX_SQUARE(p, 56, 184)
        "mov 64(%[p]), %%rdx\n\t"
        "mulx %%rdx, %[lo], %[hi]\n\t"
        "mov 200(%[p]), %[t0]\n\t"
        "adcx %[t0], %[t0]\n\t"
        "adox %[lo], %[t0]\n\t"
        "mov %[t0], 200(%[p])\n\t"
        "mov $0, %k[t0]\n\t"
        "adcx %[t0], %[t0]\n\t"
        "adox %[hi], %[t0]\n\t"
        "mov %[t0], 208(%[p])\n\t"
        : [t0] "=&r"(t0), [lo] "=&r"(lo), [hi] "=&r"(hi)
        : [p] "r"(&s)
        : "rdx", "cc", "memory");
    // clang-format on
    // In a product, the lowest nine limbs times 2^521 / 2^576 equal them times 2^9, eight limbs
    // higher. t0 to t8 stand for limbs 9 to 17, and the ninth, `last`, changes before it is used
    // itself.
    t0 = s.product[9], t1 = s.product[10], t2 = s.product[11], t3 = s.product[12], t4 = s.product[13];
    t5 = s.product[14], t6 = s.product[15], t7 = s.product[16], t8 = 0;
    std::uint64_t last = s.product[8];
    // clang-format off
    __asm__ __volatile__(
        "mov $512, %%edx\n\t"
        "xor %k[lo], %k[lo]\n\t"  // clears both carries
        ASHLAR_ADX_STEP(p, 72, last, t0)
        ASHLAR_ADX_STEP(p, 80, t0, t1)
        ASHLAR_ADX_STEP(p, 88, t1, t2)
        ASHLAR_ADX_STEP(p, 96, t2, t3)
        ASHLAR_ADX_STEP(p, 104, t3, t4)
        ASHLAR_ADX_STEP(p, 112, t4, t5)
        ASHLAR_ADX_STEP(p, 120, t5, t6)
        ASHLAR_ADX_STEP(p, 128, t6, t7)
        "mulx %[last], %[lo], %[hi]\n\t"
        "adcx %[lo], %[t7]\n\t"
        "adox %[hi], %[t8]\n\t"
        ASHLAR_ADX_LAST(t8)
        : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3),
          [t4] "+&r"(t4), [t5] "+&r"(t5), [t6] "+&r"(t6), [t7] "+&r"(t7),
          [t8] "+&r"(t8), [last] "+&r"(last), [lo] "=&r"(lo), [hi] "=&r"(hi)
        : [p] "r"(&s)
        : "rdx", "cc", "memory");
    // clang-format on
    finish(out, t0, t1, t2, t3, t4, t5, t6, t7, t8);
  }

  __attribute__((noinline)) static void add(Element& out, const Element& a, const Element& b) {
    std::uint64_t t0 = a.v[0], t1 = a.v[1], t2 = a.v[2], t3 = a.v[3], t4 = a.v[4], t5 = a.v[5], t6 = a.v[6],
                  t7 = a.v[7], t8 = a.v[8];
    __asm__ __volatile__(
        "add 0(%[b]), %[t0]\n\t"
        "adc 8(%[b]), %[t1]\n\t"
        "adc 16(%[b]), %[t2]\n\t"
        "adc 24(%[b]), %[t3]\n\t"
        "adc 32(%[b]), %[t4]\n\t"
        "adc 40(%[b]), %[t5]\n\t"
        "adc 48(%[b]), %[t6]\n\t"
        "adc 56(%[b]), %[t7]\n\t"
        "adc 64(%[b]), %[t8]\n\t"
        : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3), [t4] "+&r"(t4), [t5] "+&r"(t5),
          [t6] "+&r"(t6), [t7] "+&r"(t7), [t8] "+&r"(t8)
        : [b] "r"(b.v)
        : "cc", "memory");
    finish(out, t0, t1, t2, t3, t4, t5, t6, t7, t8);
  }
  // Where the subtraction borrows, p = 2^521 - 1 comes back: less 1, modulo
  // 2^521.
  // The 521 bits go round by one place, since 2^521 is 1.
  __attribute__((noinline)) static void half(Element& out, const Element& a) {
    const std::uint64_t lowest = a.v[0] & 1;
    for (std::size_t i = 0; i + 1 < kLimbs; i++) {
      out.v[i] = a.v[i] >> 1 | a.v[i + 1] << 63;
    }
    out.v[kLimbs - 1] = a.v[kLimbs - 1] >> 1 | lowest << 8;
  }
  __attribute__((noinline)) static void subtract(Element& out, const Element& a, const Element& b) {
    std::uint64_t t0 = a.v[0], t1 = a.v[1], t2 = a.v[2], t3 = a.v[3], t4 = a.v[4], t5 = a.v[5], t6 = a.v[6],
                  t7 = a.v[7], t8 = a.v[8];
    __asm__ __volatile__(
        "sub 0(%[b]), %[t0]\n\t"
        "sbb 8(%[b]), %[t1]\n\t"
        "sbb 16(%[b]), %[t2]\n\t"
        "sbb 24(%[b]), %[t3]\n\t"
        "sbb 32(%[b]), %[t4]\n\t"
        "sbb 40(%[b]), %[t5]\n\t"
        "sbb 48(%[b]), %[t6]\n\t"
        "sbb 56(%[b]), %[t7]\n\t"
        "sbb 64(%[b]), %[t8]\n\t"
        "sbb $0, %[t0]\n\t"
        "sbb $0, %[t1]\n\t"
        "sbb $0, %[t2]\n\t"
        "sbb $0, %[t3]\n\t"
        "sbb $0, %[t4]\n\t"
        "sbb $0, %[t5]\n\t"
        "sbb $0, %[t6]\n\t"
        "sbb $0, %[t7]\n\t"
        "sbb $0, %[t8]\n\t"
        : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3), [t4] "+&r"(t4), [t5] "+&r"(t5),
          [t6] "+&r"(t6), [t7] "+&r"(t7), [t8] "+&r"(t8)
        : [b] "r"(b.v)
        : "cc", "memory");
    out = {{t0, t1, t2, t3, t4, t5, t6, t7, t8 & 0x1ff}};
  }

 protected:
  // The product, in rows of `Field`.
  template <class Field>
  __attribute__((always_inline)) static inline void multiply_in_rows(Element& out, const Element& a,
                                                                     const Element& b) {
    std::uint64_t t0 = 0, t1 = 0, t2 = 0, t3 = 0, t4 = 0, t5 = 0, t6 = 0, t7 = 0, t8 = 0, t9 = 0;
    Field::row(t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, a.v, b.v[0]);
    Field::row(t1, t2, t3, t4, t5, t6, t7, t8, t9, t0, a.v, b.v[1]);
    Field::row(t2, t3, t4, t5, t6, t7, t8, t9, t0, t1, a.v, b.v[2]);
    Field::row(t3, t4, t5, t6, t7, t8, t9, t0, t1, t2, a.v, b.v[3]);
    Field::row(t4, t5, t6, t7, t8, t9, t0, t1, t2, t3, a.v, b.v[4]);
    Field::row(t5, t6, t7, t8, t9, t0, t1, t2, t3, t4, a.v, b.v[5]);
    Field::row(t6, t7, t8, t9, t0, t1, t2, t3, t4, t5, a.v, b.v[6]);
    Field::row(t7, t8, t9, t0, t1, t2, t3, t4, t5, t6, a.v, b.v[7]);
    Field::row(t8, t9, t0, t1, t2, t3, t4, t5, t6, t7, a.v, b.v[8]);
    finish(out, t9, t0, t1, t2, t3, t4, t5, t6, t7);
  }
  // t1..t9 = (t0..t8 + a * b) / 2^64 modulo p, below 2 p; t0 = 0. t9 is 0
  // before.
  __attribute__((always_inline)) static inline void row(std::uint64_t& t0, std::uint64_t& t1,
                                                        std::uint64_t& t2, std::uint64_t& t3,
                                                        std::uint64_t& t4, std::uint64_t& t5,
                                                        std::uint64_t& t6, std::uint64_t& t7,
                                                        std::uint64_t& t8, std::uint64_t& t9,
                                                        const std::uint64_t* a, std::uint64_t b) {
    std::uint64_t lo, hi;
    // clang-format off
    __asm__ __volatile__(
        "xor %k[lo], %k[lo]\n\t"  // clears both carries
        ASHLAR_ADX_STEP(a, 0, t0, t1)
        ASHLAR_ADX_STEP(a, 8, t1, t2)
        ASHLAR_ADX_STEP(a, 16, t2, t3)
        ASHLAR_ADX_STEP(a, 24, t3, t4)
        ASHLAR_ADX_STEP(a, 32, t4, t5)
        ASHLAR_ADX_STEP(a, 40, t5, t6)
        ASHLAR_ADX_STEP(a, 48, t6, t7)
        ASHLAR_ADX_STEP(a, 56, t7, t8)
        ASHLAR_ADX_STEP(a, 64, t8, t9)
        ASHLAR_ADX_LAST(t9)
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

  // out = t0..t8, below 2 p, modulo p.
  __attribute__((always_inline)) static inline void finish(Element& out, std::uint64_t t0, std::uint64_t t1,
                                                           std::uint64_t t2, std::uint64_t t3,
                                                           std::uint64_t t4, std::uint64_t t5,
                                                           std::uint64_t t6, std::uint64_t t7,
                                                           std::uint64_t t8) {
    std::uint64_t s;
    __asm__ __volatile__(
        "mov %[t0], %[s]\n\t"
        "add $1, %[s]\n\t"
        "mov %[t1], %[s]\n\t"
        "adc $0, %[s]\n\t"
        "mov %[t2], %[s]\n\t"
        "adc $0, %[s]\n\t"
        "mov %[t3], %[s]\n\t"
        "adc $0, %[s]\n\t"
        "mov %[t4], %[s]\n\t"
        "adc $0, %[s]\n\t"
        "mov %[t5], %[s]\n\t"
        "adc $0, %[s]\n\t"
        "mov %[t6], %[s]\n\t"
        "adc $0, %[s]\n\t"
        "mov %[t7], %[s]\n\t"
        "adc $0, %[s]\n\t"
        "mov %[t8], %[s]\n\t"
        "adc $0, %[s]\n\t"
        "shr $9, %[s]\n\t"
        "add %[s], %[t0]\n\t"
        "adc $0, %[t1]\n\t"
        "adc $0, %[t2]\n\t"
        "adc $0, %[t3]\n\t"
        "adc $0, %[t4]\n\t"
        "adc $0, %[t5]\n\t"
        "adc $0, %[t6]\n\t"
        "adc $0, %[t7]\n\t"
        "adc $0, %[t8]\n\t"
        : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3), [t4] "+&r"(t4), [t5] "+&r"(t5),
          [t6] "+&r"(t6), [t7] "+&r"(t7), [t8] "+&r"(t8), [s] "=&r"(s)
        :
        : "cc");
    out = {{t0, t1, t2, t3, t4, t5, t6, t7, t8 & 0x1ff}};
  }
};

}  // namespace ashlar::crypto::ec

#endif
