// SPDX-License-Identifier: Apache-2.0
// Points of x^2 + y^2 = 1 - 39081 x^2 y^2 over the field of 2^448 - 2^224 - 1 (RFC 8032 §5.2), in projective
// coordinates: x = X/Z, y = Y/Z. The addition is complete: it is correct for any two points of the curve.
#pragma once

#include "ec/scalar_multiply.hpp"
#include "x448/field.hpp"

namespace ashlar::crypto::ed448 {

using x448::Element;
using x448::Field;

struct Point {
  Element x, y, z;
};
struct Affine {
  Element x, y;
};

// Multiples of the base point: entry [i][j] is (j + 1) * 16^(4 i) * B, eight limbs of x, then of y. 28672
// bytes.
inline constexpr unsigned kRows = 28;
inline constexpr unsigned kApart = 4;
extern const std::uint64_t kBaseTable[kRows][8][16];

// The order of the base point (§5.2): 2^446 -
// 13818066809895115352007386748515426880336692474882178609894547503885.
struct Order {
  static constexpr ec::Limbs<7> kValue = {{0x2378c292ab5844f3, 0x216cc2728dc58f55, 0xc44edb49aed63690,
                                           0xffffffff7cca23e9, 0xffffffffffffffff, 0xffffffffffffffff,
                                           0x3fffffffffffffff}};
};
using Scalar = x448::Number;
using Scalars = ec::PortableField<Order>;

inline Point identity() {
  return {Element{}, Field::kOne, Field::kOne};
}

// p = 2 p. 3 products, 4 squares (§5.2.4).
void twice(Point& p);
// p = p + q. 9 products, 1 square.
void add_affine(Point& p, const Affine& q);

// out = k * B for k below L. Constant time in k.
void base_multiple(Point& out, const Scalar& k);
// out = s * B + k * p. Variable time: for public numbers.
void sum_public(Point& out, const Scalar& s, const Scalar& k, const Affine& p);

// The 57 bytes of a point (§5.2.2). Constant time.
void encode(std::uint8_t* out, const Point& p);
// The opposite of the point with this encoding; false if there is none, or a shorter one (§5.2.3). Variable
// time.
bool decode_negated(Affine& out, const std::uint8_t* bytes);

}  // namespace ashlar::crypto::ed448
