// SPDX-License-Identifier: Apache-2.0
// The field of P-256 with MULX, ADCX and ADOX.
//
// Algorithm. A product of eight limbs (product_x86_adx.hpp), then Montgomery's reduction of its lower four, a
// digit at a time. Since p = -1 mod 2^64 the digit is the lowest limb itself, and since p = 2^256 - 2^224 +
// 2^192 + 2^96 - 1 adding digit * p clears that limb, adds digit * 2^32 one limb up (two limbs wide) and
// digit * (2^64 - 2^32 + 1) three limbs up: two shifts, one MULX and a chain of four additions. The resulting
// four limbs are at most p. The upper half of the product is added, and p subtracted if the sum is not below
// it.
//
// Registers. Those of the product. The reduced half ends in t0..t3 again, the result in t4..t7.
//
// Bound. 20 MULX for a product, 14 for a square, at one a cycle; measured 42 and 32 cycles if the neighbours
// do not depend on it, 54 and 42 if they do.
//
// What is odd. MULX may write to its own source: that saves the copy of a digit. Inlined, each costs 500
// bytes.
#pragma once

#if defined(__x86_64__) && !defined(ASHLAR_NO_X86_KERNELS)

#include "ec/curves.hpp"
#include "ec/product_x86_adx.hpp"

namespace ashlar::crypto::ec {

// u1 u2 u3 u0 (least significant first) = u0..u3 / 2^64 mod p, digit u0. Leaves p3 in rdx.
#define ASHLAR_P256_REDUCE_ONE(u0, u1, u2, u3) \
  "mov $32, %%edx\n\t"                         \
  "shlx %%rdx, %[" #u0                         \
  "], %[lo]\n\t"                               \
  "shrx %%rdx, %[" #u0                         \
  "], %[hi]\n\t"                               \
  "mov %[p3], %%rdx\n\t"                       \
  "add %[lo], %[" #u1                          \
  "]\n\t"                                      \
  "adc %[hi], %[" #u2                          \
  "]\n\t"                                      \
  "mulx %[" #u0 "], %[lo], %[" #u0             \
  "]\n\t"                                      \
  "adc %[lo], %[" #u3                          \
  "]\n\t"                                      \
  "adc $0, %[" #u0 "]\n\t"

// t4..t7 = t0..t7 / 2^256 mod p.
#define ASHLAR_P256_REDUCE                                  \
  ASHLAR_P256_REDUCE_ONE(t0, t1, t2, t3)                    \
  ASHLAR_P256_REDUCE_ONE(t1, t2, t3, t0)                    \
  ASHLAR_P256_REDUCE_ONE(t2, t3, t0, t1)                    \
  ASHLAR_P256_REDUCE_ONE(t3, t0, t1, t2)                    \
  "mov $0, %k[hi]\n\t"                                      \
  "add %[t0], %[t4]\n\t"                                    \
  "adc %[t1], %[t5]\n\t"                                    \
  "adc %[t2], %[t6]\n\t"                                    \
  "adc %[t3], %[t7]\n\t"                                    \
  "adc $0, %[hi]\n\t"                                       \
  "mov $0xffffffff, %k[lo]\n\t"                             \
  "mov %[t4], %[t0]\n\t"                                    \
  "sub $-1, %[t4]\n\t"                                      \
  "mov %[t5], %[t1]\n\t"                                    \
  "sbb %[lo], %[t5]\n\t"                                    \
  "mov %[t6], %[t2]\n\t"                                    \
  "sbb $0, %[t6]\n\t"                                       \
  "mov %[t7], %[t3]\n\t"                                    \
  "sbb %%rdx, %[t7]\n\t" /* rdx is p3 from the reduction */ \
  "sbb $0, %[hi]\n\t"                                       \
  "cmovc %[t0], %[t4]\n\t"                                  \
  "cmovc %[t1], %[t5]\n\t"                                  \
  "cmovc %[t2], %[t6]\n\t"                                  \
  "cmovc %[t3], %[t7]\n\t"

struct P256FieldAdx : Montgomery<P256::Prime> {
  __attribute__((noinline)) static void multiply(Element& out, const Element& a, const Element& b) {
    std::uint64_t t0, t1, t2, t3, t4, t5, t6, t7, lo, hi;
    __asm__ __volatile__(ASHLAR_PRODUCT_4 ASHLAR_P256_REDUCE
                         : [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [t4] "=&r"(t4),
                           [t5] "=&r"(t5), [t6] "=&r"(t6), [t7] "=&r"(t7), [lo] "=&r"(lo), [hi] "=&r"(hi)
                         : [a] "r"(a.v), [b] "r"(b.v), [p3] "i"(0xffffffff00000001)
                         : "rdx", "cc", "memory");
    out = {{t4, t5, t6, t7}};
  }
  __attribute__((noinline)) static void square(Element& out, const Element& a) {
    std::uint64_t t0, t1, t2, t3, t4, t5, t6, t7, lo, hi;
    __asm__ __volatile__(ASHLAR_SQUARE_4 ASHLAR_P256_REDUCE
                         : [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [t4] "=&r"(t4),
                           [t5] "=&r"(t5), [t6] "=&r"(t6), [t7] "=&r"(t7), [lo] "=&r"(lo), [hi] "=&r"(hi)
                         : [a] "r"(a.v), [p3] "i"(0xffffffff00000001)
                         : "rdx", "cc", "memory");
    out = {{t4, t5, t6, t7}};
  }
  static void add(Element& out, const Element& a, const Element& b) {
    std::uint64_t r0, r1, r2, r3, s0, s1, s2, s3, carry;
    __asm__ __volatile__(
        "mov 0(%[a]), %[r0]\n\t"
        "mov 8(%[a]), %[r1]\n\t"
        "mov 16(%[a]), %[r2]\n\t"
        "mov 24(%[a]), %[r3]\n\t"
        "xor %k[carry], %k[carry]\n\t"
        "add 0(%[b]), %[r0]\n\t"
        "adc 8(%[b]), %[r1]\n\t"
        "adc 16(%[b]), %[r2]\n\t"
        "adc 24(%[b]), %[r3]\n\t"
        "adc $0, %[carry]\n\t"
        "mov %[r0], %[s0]\n\t"
        "sub $-1, %[r0]\n\t"
        "mov %[r1], %[s1]\n\t"
        "sbb %[p1], %[r1]\n\t"
        "mov %[r2], %[s2]\n\t"
        "sbb $0, %[r2]\n\t"
        "mov %[r3], %[s3]\n\t"
        "sbb %[p3], %[r3]\n\t"
        "sbb $0, %[carry]\n\t"
        "cmovc %[s0], %[r0]\n\t"
        "cmovc %[s1], %[r1]\n\t"
        "cmovc %[s2], %[r2]\n\t"
        "cmovc %[s3], %[r3]\n\t"
        : [r0] "=&r"(r0), [r1] "=&r"(r1), [r2] "=&r"(r2), [r3] "=&r"(r3), [s0] "=&r"(s0), [s1] "=&r"(s1),
          [s2] "=&r"(s2), [s3] "=&r"(s3), [carry] "=&r"(carry)
        : [a] "r"(a.v), [b] "r"(b.v), [p1] "r"(kModulus.v[1]), [p3] "r"(kModulus.v[3])
        : "cc", "memory");
    out = {{r0, r1, r2, r3}};
  }
  static void subtract(Element& out, const Element& a, const Element& b) {
    std::uint64_t r0, r1, r2, r3, mask, low, high;
    __asm__ __volatile__(
        "mov 0(%[a]), %[r0]\n\t"
        "mov 8(%[a]), %[r1]\n\t"
        "mov 16(%[a]), %[r2]\n\t"
        "mov 24(%[a]), %[r3]\n\t"
        "sub 0(%[b]), %[r0]\n\t"
        "sbb 8(%[b]), %[r1]\n\t"
        "sbb 16(%[b]), %[r2]\n\t"
        "sbb 24(%[b]), %[r3]\n\t"
        "sbb %[mask], %[mask]\n\t"  // what p adds where the subtraction borrowed: ones, 2^32 - 1, 0, p3
        "mov %k[mask], %k[low]\n\t"
        "mov %[p3], %[high]\n\t"
        "and %[mask], %[high]\n\t"
        "add %[mask], %[r0]\n\t"
        "adc %[low], %[r1]\n\t"
        "adc $0, %[r2]\n\t"
        "adc %[high], %[r3]\n\t"
        : [r0] "=&r"(r0), [r1] "=&r"(r1), [r2] "=&r"(r2), [r3] "=&r"(r3), [mask] "=&r"(mask),
          [low] "=&r"(low), [high] "=&r"(high)
        : [a] "r"(a.v), [b] "r"(b.v), [p3] "i"(0xffffffff00000001)
        : "cc", "memory");
    out = {{r0, r1, r2, r3}};
  }
  // p is added where a is odd: ones, 2^32 - 1, 0, p3.
  static void half(Element& out, const Element& a) {
    std::uint64_t r0, r1, r2, r3, mask, low, high;
    __asm__ __volatile__(
        "mov 0(%[a]), %[r0]\n\t"
        "mov 8(%[a]), %[r1]\n\t"
        "mov 16(%[a]), %[r2]\n\t"
        "mov 24(%[a]), %[r3]\n\t"
        "mov %k[r0], %k[mask]\n\t"
        "and $1, %k[mask]\n\t"
        "mov %[p3], %[high]\n\t"
        "neg %[mask]\n\t"
        "mov %k[mask], %k[low]\n\t"
        "and %[mask], %[high]\n\t"
        "add %[mask], %[r0]\n\t"
        "adc %[low], %[r1]\n\t"
        "adc $0, %[r2]\n\t"
        "adc %[high], %[r3]\n\t"
        "rcr %[r3]\n\t"
        "rcr %[r2]\n\t"
        "rcr %[r1]\n\t"
        "rcr %[r0]\n\t"
        : [r0] "=&r"(r0), [r1] "=&r"(r1), [r2] "=&r"(r2), [r3] "=&r"(r3), [mask] "=&r"(mask),
          [low] "=&r"(low), [high] "=&r"(high)
        : [a] "r"(a.v), [p3] "i"(0xffffffff00000001)
        : "cc", "memory");
    out = {{r0, r1, r2, r3}};
  }
};

}  // namespace ashlar::crypto::ec

#endif
