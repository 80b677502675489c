// SPDX-License-Identifier: Apache-2.0
// Points of edwards25519 in affine coordinates by slow arithmetic. Nothing is shared with the library.
#pragma once

#include "crypto/ec/slow.hpp"

namespace ashlar::test::slow {

struct Edwards {
  using Point = Coordinates;

  Number p = Number::power_of_two(255) - Number(19);
  Number d = multiply_numbers(subtract(Number(0), Number(121665), p), invert(Number(121666), p));
  Point b = *decode(unhex("5866666666666666666666666666666666666666666666666666666666666666"));

  Number multiply_numbers(const Number& x, const Number& y) const { return slow::multiply(x, y, p); }
  Number power(const Number& x, const Number& exponent) const {
    Number out(1);
    for (std::size_t i = exponent.bits(); i-- > 0;) {
      out = multiply_numbers(out, out);
      out = exponent.bit(i) ? multiply_numbers(out, x) : out;
    }
    return out;
  }

  Point add(const Point& s, const Point& t) const {
    const Number xy = multiply_numbers(s.first, t.second), yx = multiply_numbers(s.second, t.first);
    const Number yy = multiply_numbers(s.second, t.second), xx = multiply_numbers(s.first, t.first);
    const Number e = multiply_numbers(d, multiply_numbers(xx, yy));
    return {multiply_numbers(slow::add(xy, yx, p), invert(slow::add(Number(1), e, p), p)),
            multiply_numbers(slow::add(yy, xx, p), invert(subtract(Number(1), e, p), p))};
  }
  // A little-endian scalar.
  Point multiply(Buffer k, const Point& q) const {
    Point out{Number(0), Number(1)};
    for (std::size_t i = 8 * k.size(); i-- > 0;) {
      out = add(out, out);
      out = (k[i / 8] >> (i % 8) & 1) != 0 ? add(out, q) : out;
    }
    return out;
  }
  Buffer encode(const Point& q) const {
    Buffer out = q.second.to_bytes(32);
    std::reverse(out.begin(), out.end());
    out[31] = static_cast<std::uint8_t>(out[31] | (q.first.is_odd() ? 0x80 : 0));
    return out;
  }
  std::optional<Point> decode(Buffer bytes) const {
    const bool odd = (bytes[31] & 0x80) != 0;
    bytes[31] &= 0x7f;
    std::reverse(bytes.begin(), bytes.end());
    const Number y = Number::from_bytes(bytes);
    if (!(y < p)) {
      return std::nullopt;
    }
    const Number yy = multiply_numbers(y, y);
    const Number xx = multiply_numbers(subtract(yy, Number(1), p),
                                       invert(slow::add(multiply_numbers(d, yy), Number(1), p), p));
    // p = 5 modulo 8: xx^((p + 3) / 8), perhaps times the root of -1.
    Number x = power(xx, (p + Number(3)).half().half().half());
    if (!(multiply_numbers(x, x) == xx)) {
      x = multiply_numbers(x, power(Number(2), (p - Number(1)).half().half()));
    }
    if (!(multiply_numbers(x, x) == xx) || (x.is_zero() && odd)) {
      return std::nullopt;
    }
    return Point{x.is_odd() == odd ? x : p - x, y};
  }
};

}  // namespace ashlar::test::slow
