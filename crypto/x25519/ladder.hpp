// SPDX-License-Identifier: Apache-2.0
// The Montgomery ladder of RFC 7748 §5 over any implementation of the field of 2^255 - 19.
//
// A Field has: Element; load and store (store reduces fully); one(); multiply, square, add, subtract,
// multiply_small (by 121665); swap_if. The Field defines which sums may feed which products without a carry
// in between. The ladder never adds to a sum or subtracts from a difference.
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
  Field::load(s.x1, point);
  s.x2 = Field::one();
  s.z2 = Field::zero();
  s.x3 = s.x1;
  s.z3 = Field::one();
  std::uint64_t swapped = 0;
  for (int i = 254; i >= 0; i--) {
    const std::uint64_t bit = (clamped[i >> 3] >> (i & 7)) & 1;
    const ct::Mask swap = ct::Mask::from_bit(swapped ^ bit);
    swapped = bit;
    Field::swap_if(swap, s.x2, s.x3);
    Field::swap_if(swap, s.z2, s.z3);
    // The names are those of RFC 7748 §5, in lower case; the order puts independent operations side by side.
    Field::add(s.a, s.x2, s.z2);
    Field::subtract(s.b, s.x2, s.z2);
    Field::add(s.c, s.x3, s.z3);
    Field::subtract(s.d, s.x3, s.z3);
    Field::multiply(s.d, s.d, s.a);  // DA
    Field::multiply(s.c, s.c, s.b);  // CB
    Field::square(s.a, s.a);         // AA
    Field::square(s.b, s.b);         // BB
    Field::add(s.x3, s.d, s.c);
    Field::subtract(s.z3, s.d, s.c);
    Field::subtract(s.e, s.a, s.b);
    Field::multiply(s.x2, s.a, s.b);
    Field::square(s.x3, s.x3);
    Field::square(s.z3, s.z3);
    Field::multiply_small(s.b, s.e);
    Field::add(s.b, s.b, s.a);
    Field::multiply(s.z3, s.z3, s.x1);
    Field::multiply(s.z2, s.e, s.b);
  }
  const ct::Mask swap = ct::Mask::from_bit(swapped);
  Field::swap_if(swap, s.x2, s.x3);
  Field::swap_if(swap, s.z2, s.z3);
  invert<Field>(s.z2, s.z2);
  Field::multiply(s.x2, s.x2, s.z2);
  Field::store(out, s.x2);
  wipe(&s, sizeof s);
  wipe(clamped, sizeof clamped);
}

}  // namespace ashlar::crypto::x25519
