// SPDX-License-Identifier: Apache-2.0
// The field of 2^255 - 19 in four limbs of 64 bits, with MULX, ADCX and ADOX.
//
// Algorithm. A product of eight limbs (ec/product_x86_adx.hpp); the upper four times 38 are added to the
// lower four, because 2^256 = 38 modulo p. The part above bit 255, less than 2^7, is added back times 19.
//
// Bounds. "Tight" is below 2^255 + 2^24: load, multiply, square and multiply_small_add give that. add and
// subtract take tight elements and give any number below 2^256; multiply and square take any such number. A
// sum of two tight elements exceeds 2^256 by less than 2^25, so adding 38 for the carry changes only the
// lowest limb. A difference that borrows is above 2^255 - 2^25 before 38 is taken off. Only store reduces
// fully.
//
// Registers. Those of the product; the result is in t0..t3.
//
// Bound. 20 MULX for a product, 14 for a square; a step of the ladder has 5 products, 4 squares and one
// multiplication by a small number: 160 MULX, 255 of them 40800, at one a cycle.
#pragma once

#include "bignum/limbs_core.h"
#include "ec/montgomery.hpp"
#include "ec/product_x86_adx.hpp"

#include <ashlar/base/bytes.hpp>
#include <ashlar/base/ct.hpp>
#include <ashlar/base/endian.hpp>

namespace ashlar::crypto::x25519 {

// t0..t3 = t0..t3 + carry * 2^256, tight: the part of t3 above bit 255 and the carry are added back.
#define ASHLAR_25519_FOLD_TOP(carry)                   \
  "add %[t3], %[t3]\n\t" /* bit 255 joins the carry */ \
  "adc %[" #carry "], %[" #carry                       \
  "]\n\t"                                              \
  "shr $1, %[t3]\n\t"                                  \
  "imul $19, %[" #carry "], %[" #carry                 \
  "]\n\t"                                              \
  "add %[" #carry                                      \
  "], %[t0]\n\t"                                       \
  "adc $0, %[t1]\n\t"                                  \
  "adc $0, %[t2]\n\t"                                  \
  "adc $0, %[t3]\n\t"

// t0..t3 = t0..t7 mod p, tight.
#define ASHLAR_25519_REDUCE      \
  "mov $38, %%edx\n\t"           \
  "mulx %[t4], %[lo], %[hi]\n\t" \
  "xor %k[t4], %k[t4]\n\t"       \
  "adcx %[lo], %[t0]\n\t"        \
  "adox %[hi], %[t1]\n\t"        \
  "mulx %[t5], %[lo], %[hi]\n\t" \
  "adcx %[lo], %[t1]\n\t"        \
  "adox %[hi], %[t2]\n\t"        \
  "mulx %[t6], %[lo], %[hi]\n\t" \
  "adcx %[lo], %[t2]\n\t"        \
  "adox %[hi], %[t3]\n\t"        \
  "mulx %[t7], %[lo], %[hi]\n\t" \
  "adcx %[lo], %[t3]\n\t"        \
  "adox %[t4], %[hi]\n\t"        \
  "adcx %[t4], %[hi]\n\t" ASHLAR_25519_FOLD_TOP(hi)

struct FieldAdx {
  struct Element {
    std::uint64_t v[4];
  };

  static Element zero() { return {}; }
  static Element one() { return {{1, 0, 0, 0}}; }

  static void load(Element& out, const std::uint8_t* bytes) {
    const std::uint64_t words[4] = {load_le64(bytes), load_le64(bytes + 8), load_le64(bytes + 16),
                                    load_le64(bytes + 24)};
    load_words(out, words);
  }
  static void load_words(Element& out, const std::uint64_t* words) {
    for (int i = 0; i < 4; i++) {
      out.v[i] = words[i];
    }
    out.v[3] &= ~std::uint64_t{0} >> 1;
  }

  // The canonical value of a tight element. It is at least p exactly if adding 19 reaches bit 255. Then add
  // 19 times that bit and take the sum modulo 2^255: that is the reduced value.
  static void store(std::uint8_t* bytes, const Element& a) {
    std::uint64_t t[4];
    std::uint64_t addend = 19;
    for (int round = 0; round < 2; round++) {
      std::uint64_t carry = addend;
      for (int i = 0; i < 4; i++) {
        std::uint64_t next = 0;
        t[i] = ashlar_limb_add(a.v[i], carry, &next);
        carry = next;
      }
      addend = 19 * (t[3] >> 63);
    }
    t[3] &= ~std::uint64_t{0} >> 1;
    for (int i = 0; i < 4; i++) {
      store_le64(bytes + 8 * i, t[i]);
    }
    wipe(t, sizeof t);
  }

  static void multiply(Element& out, const Element& a, const Element& b) {
    std::uint64_t t0, t1, t2, t3, t4, t5, t6, t7, lo, hi;
    __asm__ __volatile__(ASHLAR_PRODUCT_4 ASHLAR_25519_REDUCE
                         : [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [t4] "=&r"(t4),
                           [t5] "=&r"(t5), [t6] "=&r"(t6), [t7] "=&r"(t7), [lo] "=&r"(lo), [hi] "=&r"(hi)
                         : [a] "r"(a.v), [b] "r"(b.v)
                         : "rdx", "cc", "memory");
    out = {{t0, t1, t2, t3}};
  }
  static void square(Element& out, const Element& a) {
    std::uint64_t t0, t1, t2, t3, t4, t5, t6, t7, lo, hi;
    __asm__ __volatile__(ASHLAR_SQUARE_4 ASHLAR_25519_REDUCE
                         : [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [t4] "=&r"(t4),
                           [t5] "=&r"(t5), [t6] "=&r"(t6), [t7] "=&r"(t7), [lo] "=&r"(lo), [hi] "=&r"(hi)
                         : [a] "r"(a.v)
                         : "rdx", "cc", "memory");
    out = {{t0, t1, t2, t3}};
  }
  // a * (A - 2) / 4 + b, of the curve's coefficient A = 486662; b is tight.
  static void multiply_small_add(Element& out, const Element& a, const Element& b) {
    std::uint64_t t0, t1, t2, t3, lo, hi;
    __asm__ __volatile__(
        "mov $121665, %%edx\n\t"
        "mulx 0(%[a]), %[t0], %[t1]\n\t"
        "mulx 8(%[a]), %[lo], %[t2]\n\t"
        "add %[lo], %[t1]\n\t"
        "mulx 16(%[a]), %[lo], %[t3]\n\t"
        "adc %[lo], %[t2]\n\t"
        "mulx 24(%[a]), %[lo], %[hi]\n\t"
        "adc %[lo], %[t3]\n\t"
        "adc $0, %[hi]\n\t"
        "add 0(%[b]), %[t0]\n\t"
        "adc 8(%[b]), %[t1]\n\t"
        "adc 16(%[b]), %[t2]\n\t"
        "adc 24(%[b]), %[t3]\n\t"
        "adc $0, %[hi]\n\t" ASHLAR_25519_FOLD_TOP(hi)
        : [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [lo] "=&r"(lo), [hi] "=&r"(hi)
        : [a] "r"(a.v), [b] "r"(b.v)
        : "rdx", "cc", "memory");
    out = {{t0, t1, t2, t3}};
  }
  static void add(Element& out, const Element& a, const Element& b) {
    std::uint64_t t0, t1, t2, t3, carry;
    __asm__ __volatile__(
        "mov 0(%[a]), %[t0]\n\t"
        "mov 8(%[a]), %[t1]\n\t"
        "mov 16(%[a]), %[t2]\n\t"
        "mov 24(%[a]), %[t3]\n\t"
        "add 0(%[b]), %[t0]\n\t"
        "adc 8(%[b]), %[t1]\n\t"
        "adc 16(%[b]), %[t2]\n\t"
        "adc 24(%[b]), %[t3]\n\t"
        "sbb %[carry], %[carry]\n\t"
        "and $38, %k[carry]\n\t"
        "add %[carry], %[t0]\n\t"
        : [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [carry] "=&r"(carry)
        : [a] "r"(a.v), [b] "r"(b.v)
        : "cc", "memory");
    out = {{t0, t1, t2, t3}};
  }
  static void subtract(Element& out, const Element& a, const Element& b) {
    std::uint64_t t0, t1, t2, t3, borrow;
    __asm__ __volatile__(
        "mov 0(%[a]), %[t0]\n\t"
        "mov 8(%[a]), %[t1]\n\t"
        "mov 16(%[a]), %[t2]\n\t"
        "mov 24(%[a]), %[t3]\n\t"
        "sub 0(%[b]), %[t0]\n\t"
        "sbb 8(%[b]), %[t1]\n\t"
        "sbb 16(%[b]), %[t2]\n\t"
        "sbb 24(%[b]), %[t3]\n\t"
        "sbb %[borrow], %[borrow]\n\t"
        "and $38, %k[borrow]\n\t"
        "sub %[borrow], %[t0]\n\t"
        "sbb $0, %[t1]\n\t"
        "sbb $0, %[t2]\n\t"
        "sbb $0, %[t3]\n\t"
        : [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [borrow] "=&r"(borrow)
        : [a] "r"(a.v), [b] "r"(b.v)
        : "cc", "memory");
    out = {{t0, t1, t2, t3}};
  }
  // Both, for operands that neither of them is.
  static void sum_and_difference(Element& sum, Element& difference, const Element& a, const Element& b) {
    std::uint64_t t0, t1, t2, t3, u0, u1, u2, u3, carry;
    __asm__ __volatile__(
        "mov 0(%[a]), %[t0]\n\t"
        "mov 8(%[a]), %[t1]\n\t"
        "mov 16(%[a]), %[t2]\n\t"
        "mov 24(%[a]), %[t3]\n\t"
        "mov %[t0], %[u0]\n\t"
        "mov %[t1], %[u1]\n\t"
        "mov %[t2], %[u2]\n\t"
        "mov %[t3], %[u3]\n\t"
        "add 0(%[b]), %[t0]\n\t"
        "adc 8(%[b]), %[t1]\n\t"
        "adc 16(%[b]), %[t2]\n\t"
        "adc 24(%[b]), %[t3]\n\t"
        "sbb %[carry], %[carry]\n\t"
        "and $38, %k[carry]\n\t"
        "add %[carry], %[t0]\n\t"
        "sub 0(%[b]), %[u0]\n\t"
        "sbb 8(%[b]), %[u1]\n\t"
        "sbb 16(%[b]), %[u2]\n\t"
        "sbb 24(%[b]), %[u3]\n\t"
        "sbb %[carry], %[carry]\n\t"
        "and $38, %k[carry]\n\t"
        "sub %[carry], %[u0]\n\t"
        "sbb $0, %[u1]\n\t"
        "sbb $0, %[u2]\n\t"
        "sbb $0, %[u3]\n\t"
        : [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [u0] "=&r"(u0), [u1] "=&r"(u1),
          [u2] "=&r"(u2), [u3] "=&r"(u3), [carry] "=&r"(carry)
        : [a] "r"(a.v), [b] "r"(b.v)
        : "cc", "memory");
    sum = {{t0, t1, t2, t3}};
    difference = {{u0, u1, u2, u3}};
  }
  // For the formulas of edwards25519 only: the sum of any number below 2^256 and a tight element, and a - b -
  // c of tight ones. A sum exceeds 2^256 by less than 2^255 + 2^24, so the carry ends with the highest limb.
  // The first of the two differences may be any number.
  static void add_loose(Element& out, const Element& a, const Element& b) {
    std::uint64_t t0, t1, t2, t3, carry;
    __asm__ __volatile__(
        "mov 0(%[a]), %[t0]\n\t"
        "mov 8(%[a]), %[t1]\n\t"
        "mov 16(%[a]), %[t2]\n\t"
        "mov 24(%[a]), %[t3]\n\t"
        "add 0(%[b]), %[t0]\n\t"
        "adc 8(%[b]), %[t1]\n\t"
        "adc 16(%[b]), %[t2]\n\t"
        "adc 24(%[b]), %[t3]\n\t"
        "sbb %[carry], %[carry]\n\t"
        "and $38, %k[carry]\n\t"
        "add %[carry], %[t0]\n\t"
        "adc $0, %[t1]\n\t"
        "adc $0, %[t2]\n\t"
        "adc $0, %[t3]\n\t"
        : [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [carry] "=&r"(carry)
        : [a] "r"(a.v), [b] "r"(b.v)
        : "cc", "memory");
    out = {{t0, t1, t2, t3}};
  }
  static void subtract_two(Element& out, const Element& a, const Element& b, const Element& c) {
    subtract(out, a, b);
    subtract(out, out, c);
  }
  // a becomes b where the mask says so.
  static void choose(Element& a, ct::Mask mask, const Element& b) {
    const std::uint64_t bits = mask.bits();
    for (int i = 0; i < 4; i++) {
      const std::uint64_t limb = ec::alone(a.v[i]);
      a.v[i] = limb ^ (bits & (limb ^ ec::alone(b.v[i])));
    }
  }
};

}  // namespace ashlar::crypto::x25519
