// SPDX-License-Identifier: Apache-2.0
// Arithmetic on public numbers as textbooks have it: short, slow, and in time that depends on the numbers.
// For showing how signatures are checked, beside the library, which judges. Never for a secret.
#pragma once

#include <ashlar/base/bytes.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace ashlar::cli {

class Number {
 public:
  Number() = default;
  explicit Number(std::uint32_t small) : limbs_(small == 0 ? 0 : 1, small) {}
  static Number from_bytes(Bytes big_endian);
  static Number from_hex(std::string_view digits);
  // With leading zeros up to `size` bytes.
  std::vector<std::uint8_t> bytes(std::size_t size) const;
  std::string hex(std::size_t size) const;

  std::size_t bits() const;
  bool bit(std::size_t index) const;
  bool is_zero() const { return limbs_.empty(); }
  friend bool operator==(const Number& a, const Number& b) { return a.limbs_ == b.limbs_; }
  friend bool operator<(const Number& a, const Number& b);
  // The number without its lowest bits.
  Number shifted_right(std::size_t count) const;

  // Modulo m; the operands are below m, except reduce's.
  static Number reduce(const Number& a, const Number& m);
  static Number add(const Number& a, const Number& b, const Number& m);
  static Number subtract(const Number& a, const Number& b, const Number& m);
  static Number multiply(const Number& a, const Number& b, const Number& m);
  static Number power(const Number& a, const Number& exponent, const Number& m);
  static Number inverse(const Number& a, const Number& prime);  // Fermat: a^(prime - 2)

 private:
  void trim();
  void plus(const Number& other);
  void minus(const Number& other);  // not more than this
  void double_and(bool bit);

  std::vector<std::uint32_t> limbs_;  // the lowest first, without leading zeros
};

// A curve y² = x³ - 3x + b over a prime field (FIPS 186-5), and points on it.
struct Curve {
  std::string_view name;  // of KeyKind
  Number p, n, x, y;      // the field, the order, the base point
};
const Curve* curve_named(std::string_view name);  // null: it is not one of P-256, P-384 and P-521

struct Point {  // affine
  Number x, y;
  bool infinite = true;
};
// a * P + b * Q.
Point combine(const Curve& curve, const Number& a, const Point& p, const Number& b, const Point& q);

}  // namespace ashlar::cli
