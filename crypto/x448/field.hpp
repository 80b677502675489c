// SPDX-License-Identifier: Apache-2.0
// The field of p = 2^448 - 2^224 - 1 in eight limbs of 56 bits, for X448 and Ed448. Portable, constant time.
//
// Algorithm. Let f = 2^224, so f^2 = f + 1. Four limbs are a half. With halves (a0 + a1 f)(b0 + b1 f) is
// a0 b0 + a1 b1 + f ((a0 + a1)(b0 + b1) - a0 b0): three products of halves instead of four. Columns at f and
// above come back to both halves.
//
// Bounds. Limbs of all elements are below 2^56 + 2^8. A sum of two has 58 bits, a column of a product of
// halves four times 2^115, and a column of the result less than 2^119, so that its carry has 63 bits.
#pragma once

#include "bignum/wide.h"
#include "cpu/unroll.hpp"
#include "ec/montgomery.hpp"

namespace ashlar::crypto::x448 {

struct Prime {
  static constexpr ec::Limbs<7> kValue = {{~std::uint64_t{0}, ~std::uint64_t{0}, ~std::uint64_t{0},
                                           0xfffffffeffffffff, ~std::uint64_t{0}, ~std::uint64_t{0},
                                           ~std::uint64_t{0}}};
};

using Number = ec::Limbs<7>;   // of 448 bits
using Element = ec::Limbs<8>;  // of the field

inline constexpr std::size_t kBytes = 56;

// The number in 56 little-endian bytes.
inline Number load_number(const std::uint8_t* bytes) {
  Number out;
  for (std::size_t i = 0; i < 7; i++) {
    out.v[i] = load_le64(bytes + 8 * i);
  }
  return out;
}
inline void store_number(std::uint8_t* bytes, const Number& a) {
  for (std::size_t i = 0; i < 7; i++) {
    store_le64(bytes + 8 * i, a.v[i]);
  }
}

// Outputs may be inputs.
struct Field {
  static constexpr unsigned kLimbBits = 56;
  static constexpr std::uint64_t kMask = (std::uint64_t{1} << kLimbBits) - 1;
  static constexpr Element kOne = {{1}};

  // From any number of 448 bits.
  static Element load(const Number& number) {
    Element out;
    out.v[0] = number.v[0] & kMask;
    ASHLAR_UNROLL
    for (unsigned i = 1; i < 7; i++) {
      out.v[i] = (number.v[i - 1] >> (64 - 8 * i) | number.v[i] << (8 * i)) & kMask;
    }
    out.v[7] = number.v[6] >> 8;
    return out;
  }
  // The canonical number.
  __attribute__((noinline)) static void reduce(Number& out, const Element& a) {
    Element t = a;
    for (int pass = 0; pass < 3; pass++) {
      ASHLAR_UNROLL
      for (int i = 0; i < 7; i++) {
        t.v[i + 1] += t.v[i] >> kLimbBits;
        t.v[i] &= kMask;
      }
      const std::uint64_t top = t.v[7] >> kLimbBits;
      t.v[7] &= kMask;
      t.v[0] += top;
      t.v[4] += top;
    }
    ASHLAR_UNROLL
    for (unsigned i = 0; i < 7; i++) {
      out.v[i] = t.v[i] >> (8 * i) | t.v[i + 1] << (56 - 8 * i);
    }
    ashlar_limbs_reduce_once(out.v, 0, Prime::kValue.v, 7);
    wipe(&t, sizeof t);
  }
  // The same as a value, which stays in the caller's frame: for public ones.
  static Number reduced(const Element& a) {
    Number out;
    reduce(out, a);
    return out;
  }

  __attribute__((noinline)) static void multiply(Element& out, const Element& a, const Element& b) {
    std::uint64_t sum_a[4], sum_b[4];
    ASHLAR_UNROLL
    for (int i = 0; i < 4; i++) {
      sum_a[i] = a.v[i] + a.v[i + 4];
      sum_b[i] = b.v[i] + b.v[i + 4];
    }
    ashlar_u128 low[7], high[7], middle[7];
    product(low, a.v, b.v);
    product(high, a.v + 4, b.v + 4);
    product(middle, sum_a, sum_b);
    join(out, low, high, middle);
  }
  __attribute__((noinline)) static void square(Element& out, const Element& a) {
    std::uint64_t sum[4];
    ASHLAR_UNROLL
    for (int i = 0; i < 4; i++) {
      sum[i] = a.v[i] + a.v[i + 4];
    }
    ashlar_u128 low[7], high[7], middle[7];
    half_square(low, a.v);
    half_square(high, a.v + 4);
    half_square(middle, sum);
    join(out, low, high, middle);
  }
  // By a number below 2^17.
  static void multiply_small(Element& out, const Element& a, std::uint64_t small) {
    std::uint64_t carry = 0;
    ASHLAR_UNROLL
    for (int i = 0; i < 8; i++) {
      const ashlar_u128 t = ashlar_u128_add(ashlar_u128_mul(a.v[i], small), ashlar_u128_of(carry));
      out.v[i] = ashlar_u128_low(t) & kMask;
      carry = ashlar_u128_low(ashlar_u128_shift(t, kLimbBits));
    }
    out.v[0] += carry;
    out.v[4] += carry;
    tighten(out);
  }
  static void add(Element& out, const Element& a, const Element& b) {
    ASHLAR_UNROLL
    for (int i = 0; i < 8; i++) {
      out.v[i] = a.v[i] + b.v[i];
    }
    tighten(out);
  }
  // a - b + 2 p, so that no limb goes below zero.
  static void subtract(Element& out, const Element& a, const Element& b) {
    ASHLAR_UNROLL
    for (int i = 0; i < 8; i++) {
      out.v[i] = a.v[i] + (2 * kMask - (i == 4 ? 2 : 0)) - b.v[i];
    }
    tighten(out);
  }
  // 1/a; 0 for 0.
  static void invert(Element& out, const Element& a) {
    Number number;
    reduce(number, a);
    ec::invert<7, 448>(number.v, number.v, Prime::kValue.v, ec::negative_inverse(Prime::kValue.v[0]));
    out = load(number);
    wipe(&number, sizeof number);
  }

 private:
  // The excess of each limb goes to the next, that of the highest to two.
  static void tighten(Element& a) {
    std::uint64_t carry[8];
    ASHLAR_UNROLL
    for (int i = 0; i < 8; i++) {
      carry[i] = a.v[i] >> kLimbBits;
      a.v[i] &= kMask;
    }
    a.v[0] += carry[7];
    a.v[4] += carry[7];
    ASHLAR_UNROLL
    for (int i = 0; i < 7; i++) {
      a.v[i + 1] += carry[i];
    }
  }
  static void product(ashlar_u128 (&columns)[7], const std::uint64_t* a, const std::uint64_t* b) {
    ASHLAR_UNROLL
    for (int k = 0; k < 7; k++) {
      columns[k] = ashlar_u128_of(0);
      ASHLAR_UNROLL
      for (int i = 0; i < 4; i++) {
        if (k - i >= 0 && k - i < 4) {
          columns[k] = ashlar_u128_add(columns[k], ashlar_u128_mul(a[i], b[k - i]));
        }
      }
    }
  }
  static void half_square(ashlar_u128 (&columns)[7], const std::uint64_t* a) {
    ASHLAR_UNROLL
    for (int k = 0; k < 7; k++) {
      columns[k] = ashlar_u128_of(0);
      ASHLAR_UNROLL
      for (int i = 0; i < 4; i++) {
        if (k - i > i && k - i < 4) {
          columns[k] = ashlar_u128_add(columns[k], ashlar_u128_mul(2 * a[i], a[k - i]));
        }
      }
      if (k % 2 == 0) {
        columns[k] = ashlar_u128_add(columns[k], ashlar_u128_mul(a[k / 2], a[k / 2]));
      }
    }
  }
  // From the columns of the three products: see above.
  static void join(Element& out, ashlar_u128 (&low)[7], const ashlar_u128 (&high)[7],
                   ashlar_u128 (&middle)[7]) {
    ASHLAR_UNROLL
    for (int k = 0; k < 7; k++) {
      middle[k] = ashlar_u128_sub(middle[k], low[k]);
      low[k] = ashlar_u128_add(low[k], high[k]);
    }
    std::uint64_t carry = 0;
    ASHLAR_UNROLL
    for (int i = 0; i < 8; i++) {
      const int k = i % 4;
      ashlar_u128 column = i < 4 ? low[k] : middle[k];
      if (k < 3) {
        column = ashlar_u128_add(column, middle[k + 4]);
        if (i >= 4) {
          column = ashlar_u128_add(column, low[k + 4]);
        }
      }
      column = ashlar_u128_add(column, ashlar_u128_of(carry));
      out.v[i] = ashlar_u128_low(column) & kMask;
      carry = ashlar_u128_low(ashlar_u128_shift(column, kLimbBits));
    }
    // Two limbs more, and then the excess of both.
    out.v[0] += carry & kMask;
    out.v[4] += carry & kMask;
    out.v[1] += carry >> kLimbBits;
    out.v[5] += carry >> kLimbBits;
    tighten(out);
  }
};

}  // namespace ashlar::crypto::x448
