// SPDX-License-Identifier: Apache-2.0
// Slow arithmetic for tests: numbers modulo m bit by bit, and points of y^2 = x^3 - 3x + b in affine
// coordinates. Nothing is shared with the library.
#pragma once

#include "support/bytes.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

namespace ashlar::test::slow {

// Up to 26 digits of 32 bits, least significant first.
class Number {
 public:
  Number(std::uint32_t value = 0) : size_(value != 0 ? 1 : 0) { digits_[0] = value; }
  static Number from_bytes(Bytes big_endian) {
    Number out;
    for (std::size_t i = 0; i < big_endian.size(); i++) {
      out.digits_.at(i / 4) |= std::uint32_t{big_endian[big_endian.size() - 1 - i]} << (8 * (i % 4));
    }
    out.trim(kCapacity);
    return out;
  }
  static Number from_hex(std::string_view text) { return from_bytes(unhex(text)); }
  static Number from_limbs(const std::uint64_t* limbs, std::size_t n) {
    Number out;
    for (std::size_t i = 0; i < n; i++) {
      out.digits_.at(2 * i) = static_cast<std::uint32_t>(limbs[i]);
      out.digits_.at(2 * i + 1) = static_cast<std::uint32_t>(limbs[i] >> 32);
    }
    out.trim(2 * n);
    return out;
  }
  static Number power_of_two(unsigned exponent) {
    Number out;
    out.digits_.at(exponent / 32) = std::uint32_t{1} << (exponent % 32);
    out.size_ = exponent / 32 + 1;
    return out;
  }
  template <class L>
  L to_limbs() const {
    L out{};
    for (std::size_t i = 0; i < size_; i++) {
      out.v[i / 2] |= std::uint64_t{digits_[i]} << (32 * (i % 2));
    }
    return out;
  }
  Buffer to_bytes(std::size_t size) const {
    Buffer out(size);
    for (std::size_t i = 0; i < size && i / 4 < size_; i++) {
      out[size - 1 - i] = static_cast<std::uint8_t>(digits_[i / 4] >> (8 * (i % 4)));
    }
    return out;
  }

  bool is_zero() const { return size_ == 0; }
  bool is_odd() const { return (digits_[0] & 1) != 0; }
  std::size_t digits() const { return size_; }
  std::size_t bits() const { return 32 * size_; }
  bool bit(std::size_t i) const { return i / 32 < size_ && ((digits_[i / 32] >> (i % 32)) & 1) != 0; }
  std::uint32_t digit(std::size_t i) const { return i < size_ ? digits_[i] : 0; }
  bool operator==(const Number& other) const { return digits_ == other.digits_; }
  bool operator<(const Number& other) const {
    for (std::size_t i = std::max(size_, other.size_); i-- > 0;) {
      if (digit(i) != other.digit(i)) {
        return digit(i) < other.digit(i);
      }
    }
    return false;
  }
  // this * 2^(32 shift) + a * b
  Number shifted_plus(std::size_t shift, const Number& a, std::uint32_t b) const {
    Number out;
    std::uint64_t carry = 0;
    const std::size_t size = std::max(size_ + shift, a.size_) + 1;
    for (std::size_t i = 0; i < size; i++) {
      carry += std::uint64_t{a.digit(i)} * b + (i >= shift ? digit(i - shift) : 0);
      out.digits_.at(i) = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    out.trim(size);
    return out;
  }
  Number operator+(const Number& other) const { return shifted_plus(0, other, 1); }
  // For other * factor not above *this.
  Number minus_multiple(const Number& other, std::uint32_t factor) const {
    Number out;
    std::uint64_t product = 0;
    std::int64_t borrow = 0;
    for (std::size_t i = 0; i < size_; i++) {
      product += std::uint64_t{other.digit(i)} * factor;
      borrow += std::int64_t{digits_[i]} - static_cast<std::int64_t>(product & 0xffffffff);
      out.digits_[i] = static_cast<std::uint32_t>(borrow);
      product >>= 32;
      borrow >>= 32;
    }
    out.trim(size_);
    return out;
  }
  Number operator-(const Number& other) const { return minus_multiple(other, 1); }
  Number half() const {
    Number out;
    for (std::size_t i = 0; i < size_; i++) {
      out.digits_[i] = (digits_[i] >> 1) | (digit(i + 1) << 31);
    }
    out.trim(size_);
    return out;
  }

 private:
  static constexpr std::size_t kCapacity = 26;
  void trim(std::size_t size) {
    while (size > 0 && digits_[size - 1] == 0) {
      size--;
    }
    size_ = size;
  }
  std::array<std::uint32_t, kCapacity> digits_{};
  std::size_t size_;
};

inline Number add(const Number& a, const Number& b, const Number& m) {
  const Number sum = a + b;
  return sum < m ? sum : sum - m;
}
inline Number subtract(const Number& a, const Number& b, const Number& m) {
  return a < b ? a + m - b : a - b;
}
// a modulo m, with quotients of the highest digits, which are never too large.
inline Number reduce(Number a, const Number& m) {
  const std::uint64_t divisor = std::uint64_t{m.digit(m.digits() - 1)} + 1;
  while (!(a < m)) {
    std::size_t shift = a.digits() - m.digits();
    std::uint64_t quotient = a.digit(a.digits() - 1) / divisor;
    if (quotient == 0 && shift > 0) {
      shift--;
      quotient = (std::uint64_t{a.digit(a.digits() - 1)} << 32 | a.digit(a.digits() - 2)) / divisor;
    }
    quotient = std::max<std::uint64_t>(quotient, 1);
    a = a -
        Number().shifted_plus(0, m, static_cast<std::uint32_t>(quotient)).shifted_plus(shift, Number(), 0);
  }
  return a;
}
inline Number multiply(const Number& a, const Number& b, const Number& m) {
  Number out;
  for (std::size_t i = b.digits(); i-- > 0;) {
    out = reduce(out.shifted_plus(1, a, b.digit(i)), m);
  }
  return out;
}
// 1/a for odd m and a prime to m, by halving.
inline Number invert(const Number& a, const Number& m) {
  Number u = a, v = m, x(1), y;
  const auto halve = [&m](Number& n) { n = n.is_odd() ? (n + m).half() : n.half(); };
  while (!(u == Number(1)) && !(v == Number(1))) {
    while (!u.is_odd()) {
      u = u.half();
      halve(x);
    }
    while (!v.is_odd()) {
      v = v.half();
      halve(y);
    }
    if (v < u) {
      u = u - v;
      x = subtract(x, y, m);
    } else {
      v = v - u;
      y = subtract(y, x, m);
    }
  }
  return u == Number(1) ? x : y;
}

// A finite point; no value is the point at infinity.
using Coordinates = std::pair<Number, Number>;
using Point = std::optional<Coordinates>;

class Curve {
 public:
  Number p, b, n;
  Point g;

  static Curve p256() {
    return {
        Number::from_hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"),
        Number::from_hex("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b"),
        Number::from_hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"),
        Coordinates(Number::from_hex("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"),
                    Number::from_hex("4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"))};
  }
  static Curve p384() {
    return {Number::from_hex("fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe"
                             "ffffffff0000000000000000ffffffff"),
            Number::from_hex("b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875a"
                             "c656398d8a2ed19d2a85c8edd3ec2aef"),
            Number::from_hex("ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf"
                             "581a0db248b0a77aecec196accc52973"),
            Coordinates(Number::from_hex("aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a38"
                                         "5502f25dbf55296c3a545e3872760ab7"),
                        Number::from_hex("3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c0"
                                         "0a60b1ce1d7e819d7a431d7c90ea0e5f"))};
  }

  static Curve p521() {
    return {
        Number::power_of_two(521) - Number(1),
        Number::from_hex("0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e1"
                         "56193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00"),
        Number::from_hex("01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa"
                         "51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409"),
        Coordinates(Number::from_hex("00c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dba"
                                     "a14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66"),
                    Number::from_hex("011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c"
                                     "97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650"))};
  }

  std::size_t coordinate_size = (p.bits() == 544 ? 528 : p.bits()) / 8;  // of a coordinate

  bool contains(const Coordinates& q) const {
    const Number xx = multiply(q.first, q.first, p);
    const Number right = add(multiply(q.first, subtract(xx, Number(3), p), p), b, p);  // x (x^2 - 3) + b
    return multiply(q.second, q.second, p) == right;
  }
  Point add_points(const Point& s, const Point& t) const {
    if (!s) {
      return t;
    }
    if (!t) {
      return s;
    }
    Number slope;
    if (s->first == t->first) {
      if (!(s->second == t->second) || s->second.is_zero()) {
        return std::nullopt;
      }
      const Number xx = subtract(multiply(s->first, s->first, p), Number(1), p);
      slope = multiply(add(add(xx, xx, p), xx, p), invert(add(s->second, s->second, p), p), p);
    } else {
      slope = multiply(subtract(t->second, s->second, p), invert(subtract(t->first, s->first, p), p), p);
    }
    const Number x = subtract(subtract(multiply(slope, slope, p), s->first, p), t->first, p);
    return Coordinates(x, subtract(multiply(slope, subtract(s->first, x, p), p), s->second, p));
  }
  Point multiply_point(const Number& k, const Point& q) const {
    Point out;
    for (std::size_t i = k.bits(); i-- > 0;) {
      out = add_points(out, out);
      if (k.bit(i)) {
        out = add_points(out, q);
      }
    }
    return out;
  }
  // 04 || x || y
  Buffer encode(const Point& q) const {
    Buffer out = {4};
    for (const Number& coordinate : {q->first, q->second}) {
      const Buffer bytes = coordinate.to_bytes(coordinate_size);
      out.insert(out.end(), bytes.begin(), bytes.end());
    }
    return out;
  }
};

}  // namespace ashlar::test::slow
