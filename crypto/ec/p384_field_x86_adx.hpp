// SPDX-License-Identifier: Apache-2.0
// The field of P-384 with MULX, ADCX and ADOX.
//
// Algorithm. A product of twelve limbs, in rows: the low halves of a row go in one carry chain (ADCX), the
// high halves in another (ADOX). Then Montgomery's reduction of the lower six limbs, a digit at a time: the
// digit is the lowest limb times 2^32 + 1, and since p is sparse, digit * p takes two multiplications. A
// square computes the products off the diagonal once.
//
// Registers. t0..t6 the sum, lo and hi each partial product, rdx the factor, a and b the operands, p the
// product: thirteen.
//
// Bound. 48 MULX for a product, 33 for a square; some 260 instructions for either.
#pragma once

#if defined(__x86_64__) && !defined(ASHLAR_NO_X86_KERNELS)

#include "ec/curves.hpp"
#include "ec/square_x86_adx.hpp"

namespace ashlar::crypto::ec {

// In assembly, because compilers pair the limbs in vectors, and then the next operation waits.
#define ASHLAR_P384_STORE(r0, r1, r2, r3, r4, r5) \
  "mov %[" #r0                                    \
  "], 0(%[out])\n\t"                              \
  "mov %[" #r1                                    \
  "], 8(%[out])\n\t"                              \
  "mov %[" #r2                                    \
  "], 16(%[out])\n\t"                             \
  "mov %[" #r3                                    \
  "], 24(%[out])\n\t"                             \
  "mov %[" #r4                                    \
  "], 32(%[out])\n\t"                             \
  "mov %[" #r5 "], 40(%[out])\n\t"

// The limb that the row starts with goes to memory: product limb offset / 8 is final.
#define ASHLAR_P384_ROW(offset, u0, u1, u2, u3, u4, u5, u6)                                        \
  "mov " #offset                                                                                   \
  "(%[b]), %%rdx\n\t"                                                                              \
  "xor %k[" #u6 "], %k[" #u6 "]\n\t" ASHLAR_ADX_STEP(a, 0, u0, u1) ASHLAR_ADX_STEP(a, 8, u1, u2)   \
      ASHLAR_ADX_STEP(a, 16, u2, u3) ASHLAR_ADX_STEP(a, 24, u3, u4) ASHLAR_ADX_STEP(a, 32, u4, u5) \
          ASHLAR_ADX_STEP(a, 40, u5, u6) ASHLAR_ADX_LAST(u6) "mov %[" #u0 "], " #offset "(%[p])\n\t"

struct P384FieldAdx : Montgomery<P384::Prime> {
  __attribute__((noinline)) static void multiply(Element& out, const Element& a, const Element& b) {
    std::uint64_t product[12];
    std::uint64_t t0, t1, t2, t3, t4, t5, t6, lo, hi;
    // clang-format off
    __asm__ __volatile__(
        "mov 0(%[b]), %%rdx\n\t"
        "mulx 0(%[a]), %[t0], %[t1]\n\t"
        "mulx 8(%[a]), %[lo], %[t2]\n\t"
        "add %[lo], %[t1]\n\t"
        "mulx 16(%[a]), %[lo], %[t3]\n\t"
        "adc %[lo], %[t2]\n\t"
        "mulx 24(%[a]), %[lo], %[t4]\n\t"
        "adc %[lo], %[t3]\n\t"
        "mulx 32(%[a]), %[lo], %[t5]\n\t"
        "adc %[lo], %[t4]\n\t"
        "mulx 40(%[a]), %[lo], %[t6]\n\t"
        "adc %[lo], %[t5]\n\t"
        "adc $0, %[t6]\n\t"
        "mov %[t0], 0(%[p])\n\t"
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
        : [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3),
          [t4] "=&r"(t4), [t5] "=&r"(t5), [t6] "=&r"(t6), [lo] "=&r"(lo), [hi] "=&r"(hi)
        : [a] "r"(a.v), [b] "r"(b.v), [p] "r"(product)
        : "rdx", "cc", "memory");
    // clang-format on
    reduce_product(out, product);
  }
  __attribute__((noinline)) static void square(Element& out, const Element& a) {
    std::uint64_t product[12];
    std::uint64_t t0, t1, t2, t3, t4, t5, lo, hi;
    // The products off the diagonal, then twice those and the squares.
    // clang-format off
    __asm__ __volatile__(
        "mov 0(%[a]), %%rdx\n\t"
        "mulx 8(%[a]), %[t1], %[t2]\n\t"
        "mulx 16(%[a]), %[lo], %[t3]\n\t"
        "add %[lo], %[t2]\n\t"
        "mulx 24(%[a]), %[lo], %[t4]\n\t"
        "adc %[lo], %[t3]\n\t"
        "mulx 32(%[a]), %[lo], %[t5]\n\t"
        "adc %[lo], %[t4]\n\t"
        "mulx 40(%[a]), %[lo], %[t0]\n\t"
        "adc %[lo], %[t5]\n\t"
        "adc $0, %[t0]\n\t"
        ASHLAR_ADX_KEEP(8, t1, t2)
        ASHLAR_ADX_FACTOR(a, 8, t1)
        ASHLAR_ADX_STEP(a, 16, t3, t4)
        ASHLAR_ADX_STEP(a, 24, t4, t5)
        ASHLAR_ADX_STEP(a, 32, t5, t0)
        ASHLAR_ADX_STEP(a, 40, t0, t1)
        ASHLAR_ADX_LAST(t1)
        ASHLAR_ADX_KEEP(24, t3, t4)
        ASHLAR_ADX_FACTOR(a, 16, t2)
        ASHLAR_ADX_STEP(a, 24, t5, t0)
        ASHLAR_ADX_STEP(a, 32, t0, t1)
        ASHLAR_ADX_STEP(a, 40, t1, t2)
        ASHLAR_ADX_LAST(t2)
        ASHLAR_ADX_KEEP(40, t5, t0)
        ASHLAR_ADX_FACTOR(a, 24, t3)
        ASHLAR_ADX_STEP(a, 32, t1, t2)
        ASHLAR_ADX_STEP(a, 40, t2, t3)
        ASHLAR_ADX_LAST(t3)
        ASHLAR_ADX_KEEP(56, t1, t2)
        ASHLAR_ADX_FACTOR(a, 32, t4)
        ASHLAR_ADX_STEP(a, 40, t3, t4)
        ASHLAR_ADX_LAST(t4)
        ASHLAR_ADX_KEEP(72, t3, t4)
        : [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3),
          [t4] "=&r"(t4), [t5] "=&r"(t5), [lo] "=&r"(lo), [hi] "=&r"(hi)
        : [a] "r"(a.v), [p] "r"(product)
        : "rdx", "cc", "memory");
    __asm__ __volatile__(
        "xor %k[lo], %k[lo]\n\t"
        "mov 0(%[a]), %%rdx\n\t"
        "mulx %%rdx, %[lo], %[hi]\n\t"
        "mov %[lo], 0(%[p])\n\t"
        "mov 8(%[p]), %[t0]\n\t"
        "adcx %[t0], %[t0]\n\t"
        "adox %[hi], %[t0]\n\t"
        "mov %[t0], 8(%[p])\n\t"
        ASHLAR_ADX_SQUARE(a, 8, 16)
        ASHLAR_ADX_SQUARE(a, 16, 32)
        ASHLAR_ADX_SQUARE(a, 24, 48)
        ASHLAR_ADX_SQUARE(a, 32, 64)
        "mov 40(%[a]), %%rdx\n\t"
        "mulx %%rdx, %[lo], %[hi]\n\t"
        "mov 80(%[p]), %[t0]\n\t"
        "adcx %[t0], %[t0]\n\t"
        "adox %[lo], %[t0]\n\t"
        "mov %[t0], 80(%[p])\n\t"
        "mov $0, %k[t0]\n\t"
        "adcx %[t0], %[t0]\n\t"
        "adox %[hi], %[t0]\n\t"
        "mov %[t0], 88(%[p])\n\t"
        : [t0] "=&r"(t0), [lo] "=&r"(lo), [hi] "=&r"(hi)
        : [a] "r"(a.v), [p] "r"(product)
        : "rdx", "cc", "memory");
    // clang-format on
    reduce_product(out, product);
  }

  __attribute__((noinline)) static void add(Element& out, const Element& a, const Element& b) {
    add_from(out, a.v[0], a.v[1], a.v[2], a.v[3], a.v[4], a.v[5], b.v);
  }
  // If the subtraction borrows, p is added: 2^384 less 2^128 + 2^96 - 2^32 + 1. A mask makes its
  // limbs.
  __attribute__((noinline)) static void subtract(Element& out, const Element& a, const Element& b) {
    std::uint64_t t0 = a.v[0], t1 = a.v[1], t2 = a.v[2], t3 = a.v[3], t4 = a.v[4], t5 = a.v[5], mask, limb;
    __asm__ __volatile__(
        "sub 0(%[b]), %[t0]\n\t"
        "sbb 8(%[b]), %[t1]\n\t"
        "sbb 16(%[b]), %[t2]\n\t"
        "sbb 24(%[b]), %[t3]\n\t"
        "sbb 32(%[b]), %[t4]\n\t"
        "sbb 40(%[b]), %[t5]\n\t"
        "sbb %[mask], %[mask]\n\t"
        // mask is ones: 2^32 - 1 below, its complement one limb up, -2 in the
        // third
        "mov %k[mask], %k[limb]\n\t"
        "mov %[mask], %%rdx\n\t"
        "xor %[limb], %%rdx\n\t"
        "add %[limb], %[t0]\n\t"
        "adc %%rdx, %[t1]\n\t"
        "lea (%[mask],%[mask]), %[limb]\n\t"
        "adc %[limb], %[t2]\n\t"
        "adc %[mask], %[t3]\n\t"
        "adc %[mask], %[t4]\n\t"
        "adc %[mask], %[t5]\n\t" ASHLAR_P384_STORE(t0, t1, t2, t3, t4, t5)
        : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3), [t4] "+&r"(t4), [t5] "+&r"(t5),
          [mask] "=&r"(mask), [limb] "=&r"(limb)
        : [b] "r"(b.v), [out] "r"(out.v)
        : "rdx", "cc", "memory");
  }
  // p is added where a is odd: 2^32 - 1, its complement, -2 and ones.
  __attribute__((noinline)) static void half(Element& out, const Element& a) {
    std::uint64_t t0 = a.v[0], t1 = a.v[1], t2 = a.v[2], t3 = a.v[3], t4 = a.v[4], t5 = a.v[5], mask, limb;
    __asm__ __volatile__(
        "mov %k[t0], %k[mask]\n\t"
        "and $1, %k[mask]\n\t"
        "neg %[mask]\n\t"
        "mov %k[mask], %k[limb]\n\t"
        "mov %[mask], %%rdx\n\t"
        "xor %[limb], %%rdx\n\t"
        "add %[limb], %[t0]\n\t"
        "adc %%rdx, %[t1]\n\t"
        "lea (%[mask],%[mask]), %[limb]\n\t"
        "adc %[limb], %[t2]\n\t"
        "adc %[mask], %[t3]\n\t"
        "adc %[mask], %[t4]\n\t"
        "adc %[mask], %[t5]\n\t"
        "rcr %[t5]\n\t"
        "rcr %[t4]\n\t"
        "rcr %[t3]\n\t"
        "rcr %[t2]\n\t"
        "rcr %[t1]\n\t"
        "rcr %[t0]\n\t" ASHLAR_P384_STORE(t0, t1, t2, t3, t4, t5)
        : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3), [t4] "+&r"(t4), [t5] "+&r"(t5),
          [mask] "=&r"(mask), [limb] "=&r"(limb)
        : [out] "r"(out.v)
        : "rdx", "cc", "memory");
  }

 protected:
  // out = the product / 2^384 modulo p: its lower half over 2^384, which is at most p, and its upper half.
  __attribute__((always_inline)) static inline void reduce_product(Element& out,
                                                                   const std::uint64_t* product) {
    std::uint64_t t0 = product[0], t1 = product[1], t2 = product[2], t3 = product[3], t4 = product[4],
                  t5 = product[5], t6;
    reduce(t0, t1, t2, t3, t4, t5, t6);
    reduce(t1, t2, t3, t4, t5, t6, t0);
    reduce(t2, t3, t4, t5, t6, t0, t1);
    reduce(t3, t4, t5, t6, t0, t1, t2);
    reduce(t4, t5, t6, t0, t1, t2, t3);
    reduce(t5, t6, t0, t1, t2, t3, t4);
    add_from(out, t6, t0, t1, t2, t3, t4, product + 6);
  }

 private:
  // out = t0..t5 plus the limbs at b, modulo p; both are at most p.
  __attribute__((always_inline)) static inline void add_from(Element& out, std::uint64_t t0, std::uint64_t t1,
                                                             std::uint64_t t2, std::uint64_t t3,
                                                             std::uint64_t t4, std::uint64_t t5,
                                                             const std::uint64_t* b) {
    std::uint64_t carry = 0;
    __asm__ __volatile__(
        "add 0(%[b]), %[t0]\n\t"
        "adc 8(%[b]), %[t1]\n\t"
        "adc 16(%[b]), %[t2]\n\t"
        "adc 24(%[b]), %[t3]\n\t"
        "adc 32(%[b]), %[t4]\n\t"
        "adc 40(%[b]), %[t5]\n\t"
        "adc $0, %[carry]\n\t"
        : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3), [t4] "+&r"(t4), [t5] "+&r"(t5),
          [carry] "+&r"(carry)
        : [b] "r"(b)
        : "cc", "memory");
    subtract_modulus(out, t0, t1, t2, t3, t4, t5, carry);
  }
  // t1..t6 = t0..t5 / 2^64 modulo p, at most p where t0..t5 was. The quotient digit d is t0 times 2^32 + 1,
  // and d * p is d * 2^384 less d * (2^128 + 2^96 - 2^32 + 1). The latter ends in t0; the rest of it is
  // subtracted from t1..t5. What it borrows is taken from d, which becomes t6: it borrows only if d is not 0.
  __attribute__((always_inline)) static inline void reduce(std::uint64_t t0, std::uint64_t& t1,
                                                           std::uint64_t& t2, std::uint64_t& t3,
                                                           std::uint64_t& t4, std::uint64_t& t5,
                                                           std::uint64_t& t6) {
    static constexpr std::uint64_t kLow = 0xffffffff00000001, kHigh = 0xffffffff;  // 2^96 - 2^32 + 1
    std::uint64_t lo, hi, middle;
    __asm__(
        "mov %[t0], %%rdx\n\t"
        "shl $32, %%rdx\n\t"
        "add %[t0], %%rdx\n\t"
        "mulx %[low], %[lo], %[middle]\n\t"
        "mulx %[high], %[lo], %[hi]\n\t"
        "mov %%rdx, %[t6]\n\t"
        "add %[lo], %[middle]\n\t"
        "adc %%rdx, %[hi]\n\t"
        "mov $0, %k[lo]\n\t"
        "adc %[lo], %[lo]\n\t"
        "sub %[middle], %[t1]\n\t"
        "sbb %[hi], %[t2]\n\t"
        "sbb %[lo], %[t3]\n\t"
        "sbb $0, %[t4]\n\t"
        "sbb $0, %[t5]\n\t"
        "sbb $0, %[t6]\n\t"
        : [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3), [t4] "+&r"(t4), [t5] "+&r"(t5), [t6] "=&r"(t6),
          [lo] "=&r"(lo), [hi] "=&r"(hi), [middle] "=&r"(middle)
        : [t0] "r"(t0), [low] "m"(kLow), [high] "m"(kHigh)
        : "rdx", "cc");
  }
  // out = t0..t5 with a carry, below 2 p, modulo p.
  __attribute__((always_inline)) static inline void subtract_modulus(Element& out, std::uint64_t t0,
                                                                     std::uint64_t t1, std::uint64_t t2,
                                                                     std::uint64_t t3, std::uint64_t t4,
                                                                     std::uint64_t t5, std::uint64_t carry) {
    std::uint64_t s0 = t0, s1 = t1, s2 = t2, s3 = t3, s4 = t4, s5 = t5;
    __asm__ __volatile__(
        "sub 0(%[p]), %[s0]\n\t"
        "sbb 8(%[p]), %[s1]\n\t"
        "sbb 16(%[p]), %[s2]\n\t"
        "sbb $-1, %[s3]\n\t"
        "sbb $-1, %[s4]\n\t"
        "sbb $-1, %[s5]\n\t"
        "sbb $0, %[carry]\n\t"
        "cmovc %[t0], %[s0]\n\t"
        "cmovc %[t1], %[s1]\n\t"
        "cmovc %[t2], %[s2]\n\t"
        "cmovc %[t3], %[s3]\n\t"
        "cmovc %[t4], %[s4]\n\t"
        "cmovc %[t5], %[s5]\n\t" ASHLAR_P384_STORE(s0, s1, s2, s3, s4, s5)
        : [s0] "+&r"(s0), [s1] "+&r"(s1), [s2] "+&r"(s2), [s3] "+&r"(s3), [s4] "+&r"(s4), [s5] "+&r"(s5),
          [carry] "+&r"(carry)
        : [t0] "rm"(t0), [t1] "rm"(t1), [t2] "rm"(t2), [t3] "rm"(t3), [t4] "rm"(t4), [t5] "rm"(t5),
          [p] "r"(P384::Prime::kValue.v), [out] "r"(out.v)
        : "cc", "memory");
  }
};

#undef ASHLAR_P384_STORE
#undef ASHLAR_P384_ROW

}  // namespace ashlar::crypto::ec

#endif
