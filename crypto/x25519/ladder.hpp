// SPDX-License-Identifier: Apache-2.0
// The Montgomery ladder of RFC 7748 §5 over any implementation of the field of 2^255 - 19.
//
// A Field has: Element; load and store (store reduces fully); one(); multiply, square, subtract,
// sum_and_difference; multiply_small_add (121665 a + b); choose. The Field defines which sums may feed which
// products without a carry in between. The ladder never adds to a sum or subtracts from a difference, except
// that the difference of two squares feeds multiply_small_add.
#pragma once

#include "ec/montgomery.hpp"

#include <ashlar/base/bytes.hpp>
#include <ashlar/base/ct.hpp>

namespace ashlar::crypto::x25519 {

// 1/a; 0 for 0. a must be a result of multiply. Constant time.
template <class Field>
void invert(typename Field::Element& out, const typename Field::Element& a) {
  static constexpr std::uint64_t kPrime[4] = {0xffffffffffffffed, ~std::uint64_t{0}, ~std::uint64_t{0},
                                              ~std::uint64_t{0} >> 1};
  std::uint8_t bytes[32];
  std::uint64_t number[4];
  Field::store(bytes, a);
  for (int i = 0; i < 4; i++) {
    number[i] = load_le64(bytes + 8 * i);
  }
  ec::invert<4>(number, number, kPrime, ec::negative_inverse(kPrime[0]));
  for (int i = 0; i < 4; i++) {
    store_le64(bytes + 8 * i, number[i]);
  }
  Field::load(out, bytes);
  wipe(bytes, sizeof bytes);
  wipe(number, sizeof number);
}

// The scalar as RFC 7748 §5 uses it.
inline void clamp(std::uint8_t* clamped, const std::uint8_t* scalar) {
  std::memmove(clamped, scalar, 32);
  clamped[0] &= 248;
  clamped[31] = static_cast<std::uint8_t>((clamped[31] & 127) | 64);
}

// out = the u coordinate of scalar times the point with u coordinate `point`; the scalar is clamped, the top
// bit of the point ignored. Constant time in both.
template <class Field>
void ladder(std::uint8_t* out, const std::uint8_t* scalar, const std::uint8_t* point) {
  using Element = typename Field::Element;
  std::uint8_t clamped[32];
  clamp(clamped, scalar);

  struct {
    Element x1, x2, z2, x3, z3, a, b, c, d, e;
  } s;
  // The names are those of RFC 7748 §5, in lower case; the order puts independent operations side by side.
  const auto twice = [&s] {
    Field::square(s.a, s.a);  // AA
    Field::square(s.b, s.b);  // BB
    Field::subtract(s.e, s.a, s.b);
    Field::multiply(s.x2, s.a, s.b);
    Field::multiply_small_add(s.b, s.e, s.a);
    Field::multiply(s.z2, s.e, s.b);
  };
  // Bit 254 is 1: (x2, z2) is twice the point, (x3, z3) the point, and they are exchanged.
  Field::load(s.x1, point);
  s.x3 = s.x1;
  s.z3 = Field::one();
  Field::sum_and_difference(s.a, s.b, s.x3, s.z3);
  twice();
  std::uint64_t exchanged = 1;
  for (int i = 253; i >= 3; i--) {
    const std::uint64_t bit = (clamped[i >> 3] >> (i & 7)) & 1;
    const ct::Mask exchange = ct::Mask::from_bit(exchanged ^ bit);
    exchanged = bit;
    Field::sum_and_difference(s.a, s.b, s.x2, s.z2);
    Field::sum_and_difference(s.c, s.d, s.x3, s.z3);
    // The sum of the points is the same if they are exchanged. Only what is doubled is chosen.
    Field::multiply(s.x3, s.d, s.a);  // DA
    Field::multiply(s.z3, s.c, s.b);  // CB
    Field::choose(s.a, exchange, s.c);
    Field::choose(s.b, exchange, s.d);
    Field::square(s.a, s.a);  // AA
    Field::square(s.b, s.b);  // BB
    Field::subtract(s.e, s.a, s.b);
    Field::sum_and_difference(s.c, s.d, s.x3, s.z3);
    Field::square(s.x3, s.c);
    Field::square(s.z3, s.d);
    Field::multiply_small_add(s.c, s.e, s.a);
    Field::multiply(s.x2, s.a, s.b);
    Field::multiply(s.z3, s.z3, s.x1);
    Field::multiply(s.z2, s.e, s.c);
  }
  // Bits 0 to 2 are 0: what is left is to double three times.
  const ct::Mask exchange = ct::Mask::from_bit(exchanged);
  Field::choose(s.x2, exchange, s.x3);
  Field::choose(s.z2, exchange, s.z3);
  for (int i = 0; i < 3; i++) {
    Field::sum_and_difference(s.a, s.b, s.x2, s.z2);
    twice();
  }
  invert<Field>(s.z2, s.z2);
  Field::multiply(s.x2, s.x2, s.z2);
  Field::store(out, s.x2);
  wipe(&s, sizeof s);
  wipe(clamped, sizeof clamped);
}

}  // namespace ashlar::crypto::x25519
