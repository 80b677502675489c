// SPDX-License-Identifier: Apache-2.0
#include "ed448/group.hpp"

namespace ashlar::crypto::ed448 {

const std::uint64_t kBaseTable[kRows][8][16] = {
#include "ed448/base_table.inc"
};

namespace {

constexpr std::uint64_t kMinusD = 39081;

void negate(Element& a) {
  Field::subtract(a, Element{}, a);
}

// a^((p - 3) / 4) = a^(2^446 - 2^222 - 1).
void power_of_root(Element& out, const Element& a) {
  const auto squares = [](Element& x, int times) {
    for (int i = 0; i < times; i++) {
      Field::square(x, x);
    }
  };
  // all[n] would be a^(2^n - 1): 222 ones, then 223 and a zero before the 222.
  const auto join = [&](Element& to, const Element& high, int low_bits, const Element& low) {
    Element x = high;
    squares(x, low_bits);
    Field::multiply(to, x, low);
  };
  Element e2, e3, e6, e9, e18, e37, e74, e111, e222, e223;
  join(e2, a, 1, a);
  join(e3, e2, 1, a);
  join(e6, e3, 3, e3);
  join(e9, e6, 3, e3);
  join(e18, e9, 9, e9);
  join(e37, e18, 18, e18);
  join(e37, e37, 1, a);
  join(e74, e37, 37, e37);
  join(e111, e74, 37, e37);
  join(e222, e111, 111, e111);
  join(e223, e222, 1, a);
  // 2^446 - 2^222 - 1 = (2^223 - 1) 2^223 + 2^222 - 1.
  join(out, e223, 223, e222);
}

}  // namespace

void twice(Point& p) {
  Element b, c, d, e, h, j;
  Field::add(b, p.x, p.y);
  Field::square(b, b);
  Field::square(c, p.x);
  Field::square(d, p.y);
  Field::square(h, p.z);
  Field::add(e, c, d);
  Field::subtract(j, e, h);
  Field::subtract(j, j, h);
  Field::subtract(b, b, e);
  Field::subtract(c, c, d);
  Field::multiply(p.x, b, j);
  Field::multiply(p.y, e, c);
  Field::multiply(p.z, e, j);
}

void add_affine(Point& p, const Affine& q) {
  Element b, c, d, e, f, g, h, sum;
  Field::square(b, p.z);
  Field::multiply(c, p.x, q.x);
  Field::multiply(d, p.y, q.y);
  Field::multiply(e, c, d);
  Field::multiply_small(e, e, kMinusD);
  Field::add(f, b, e);
  Field::subtract(g, b, e);
  Field::add(h, p.x, p.y);
  Field::add(sum, q.x, q.y);
  Field::multiply(h, h, sum);
  Field::subtract(h, h, c);
  Field::subtract(h, h, d);
  Field::subtract(d, d, c);
  Field::multiply(p.x, p.z, f);
  Field::multiply(p.x, p.x, h);
  Field::multiply(p.y, p.z, g);
  Field::multiply(p.y, p.y, d);
  Field::multiply(p.z, f, g);
}

void base_multiple(Point& out, const Scalar& k) {
  struct {
    Affine entry;
    Element negated;
  } s;
  out = identity();
  for (unsigned j = kApart; j-- > 0;) {
    if (j + 1 != kApart) {
      for (int i = 0; i < 4; i++) {
        twice(out);
      }
    }
    for (unsigned i = 0; i < kRows; i++) {
      const ec::SignedDigit digit = ec::signed_digit<4>(k, kApart * i + j);
      ec::scan(s.entry, kBaseTable[i], 8, digit.magnitude);
      // The neutral point is (0, 1).
      ec::select(s.entry.y, ct::is_zero(digit.magnitude), Field::kOne, s.entry.y);
      s.negated = s.entry.x;
      negate(s.negated);
      ec::select(s.entry.x, digit.negative, s.negated, s.entry.x);
      add_affine(out, s.entry);
    }
  }
  wipe(&s, sizeof s);
}

void sum_public(Point& out, const Scalar& s, const Scalar& k, const Affine& p) {
  // Multiples of p, affine: p, 3 p … 15 p by one inversion.
  constexpr std::size_t kOdd = 8;
  Point points[kOdd], two = {p.x, p.y, Field::kOne};
  twice(two);
  Affine odd[kOdd];
  Element inverse;
  Field::invert(inverse, two.z);
  Affine step;
  Field::multiply(step.x, two.x, inverse);
  Field::multiply(step.y, two.y, inverse);
  points[0] = {p.x, p.y, Field::kOne};
  Element products[kOdd] = {Field::kOne};
  for (std::size_t i = 1; i < kOdd; i++) {
    points[i] = points[i - 1];
    add_affine(points[i], step);
    Field::multiply(products[i], products[i - 1], points[i].z);
  }
  Field::invert(inverse, products[kOdd - 1]);
  for (std::size_t i = kOdd; i-- > 1;) {
    Element own;
    Field::multiply(own, inverse, products[i - 1]);
    Field::multiply(inverse, inverse, points[i].z);
    Field::multiply(odd[i].x, points[i].x, own);
    Field::multiply(odd[i].y, points[i].y, own);
  }
  odd[0] = p;
  std::int8_t digits[448];
  ec::sliding_digits<5>(
      digits, [&k](std::size_t i) { return i < 448 ? static_cast<int>(k.v[i / 64] >> (i % 64) & 1) : 0; });
  out = identity();
  const auto add_signed = [&out](Affine entry, bool negative) {
    if (negative) {
      negate(entry.x);
    }
    add_affine(out, entry);
  };
  for (unsigned i = 448; i-- > 0;) {
    twice(out);
    if (digits[i] != 0) {
      add_signed(odd[(digits[i] < 0 ? -digits[i] : digits[i]) / 2], digits[i] < 0);
    }
    // The rows of the base point's table are 16 doublings apart: its places 0 to 3 come with the last ones.
    if (i % 4 == 0 && i / 4 < kApart) {
      for (unsigned row = 0; row < kRows; row++) {
        const ec::SignedDigit digit = ec::signed_digit<4>(s, kApart * row + i / 4);
        if (digit.magnitude != 0) {
          Affine entry;
          std::memcpy(&entry, kBaseTable[row][digit.magnitude - 1], sizeof entry);
          add_signed(entry, digit.negative.declassify());
        }
      }
    }
  }
}

void encode(std::uint8_t* out, const Point& p) {
  struct {
    Element inverse, x, y;
    x448::Number number;
  } s;
  Field::invert(s.inverse, p.z);
  Field::multiply(s.x, p.x, s.inverse);
  Field::multiply(s.y, p.y, s.inverse);
  Field::reduce(s.number, s.y);
  x448::store_number(out, s.number);
  Field::reduce(s.number, s.x);
  out[x448::kBytes] = static_cast<std::uint8_t>((s.number.v[0] & 1) << 7);
  wipe(&s, sizeof s);
}

bool decode_negated(Affine& out, const std::uint8_t* bytes) {
  const bool sign = (bytes[x448::kBytes] & 0x80) != 0;
  const x448::Number number = x448::load_number(bytes);
  if ((bytes[x448::kBytes] & 0x7f) != 0 || !ec::less(number, x448::Prime::kValue).declassify()) {
    return false;
  }
  const Element y = Field::load(number);
  out.y = y;
  // x^2 = u / v with u = y^2 - 1, v = d y^2 - 1. A candidate is u^3 v (u^5 v^3)^((p - 3) / 4).
  Element u, v, u3v, x, t;
  Field::square(t, y);
  Field::subtract(u, t, Field::kOne);
  Field::multiply_small(v, t, kMinusD);
  Field::add(v, v, Field::kOne);
  negate(v);
  Field::square(t, u);
  Field::multiply(u3v, t, u);
  Field::multiply(u3v, u3v, v);
  Field::multiply(t, u3v, t);  // u^5 v
  Field::multiply(t, t, v);
  Field::multiply(t, t, v);
  power_of_root(x, t);
  Field::multiply(x, x, u3v);
  Field::square(t, x);
  Field::multiply(t, t, v);
  if (!ec::equal(Field::reduced(t), Field::reduced(u)).declassify()) {
    return false;
  }
  const x448::Number root = Field::reduced(x);
  if (sign && ec::is_zero(root).declassify()) {
    return false;
  }
  // The opposite point is wanted: the root whose lowest bit is not the sign.
  if (((root.v[0] & 1) != 0) == sign) {
    negate(x);
  }
  out.x = x;
  return true;
}

}  // namespace ashlar::crypto::ed448
