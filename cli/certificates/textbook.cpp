// SPDX-License-Identifier: Apache-2.0
#include "certificates/textbook.hpp"

#include <algorithm>

namespace ashlar::cli {
namespace {

int digit(char c) {
  return c <= '9' ? c - '0' : c - 'a' + 10;
}

// x = X / Z², y = Y / Z³; Z = 0 is the point at infinity.
struct Jacobian {
  Number x{1}, y{1}, z;
};

Jacobian doubled(const Curve& c, const Jacobian& a) {
  if (a.z.is_zero() || a.y.is_zero()) {
    return {};
  }
  const auto mul = [&c](const Number& s, const Number& t) { return Number::multiply(s, t, c.p); };
  const auto add = [&c](const Number& s, const Number& t) { return Number::add(s, t, c.p); };
  const auto sub = [&c](const Number& s, const Number& t) { return Number::subtract(s, t, c.p); };
  const Number zz = mul(a.z, a.z), yy = mul(a.y, a.y);
  const Number s = mul(Number(4), mul(a.x, yy));
  // 3x² + a·z⁴ with a = -3.
  const Number m = mul(Number(3), mul(sub(a.x, zz), add(a.x, zz)));
  Jacobian out;
  out.x = sub(mul(m, m), add(s, s));
  out.y = sub(mul(m, sub(s, out.x)), mul(Number(8), mul(yy, yy)));
  out.z = mul(add(a.y, a.y), a.z);
  return out;
}

Jacobian sum(const Curve& c, const Jacobian& a, const Jacobian& b) {
  if (a.z.is_zero() || b.z.is_zero()) {
    return a.z.is_zero() ? b : a;
  }
  const auto mul = [&c](const Number& s, const Number& t) { return Number::multiply(s, t, c.p); };
  const auto sub = [&c](const Number& s, const Number& t) { return Number::subtract(s, t, c.p); };
  const Number za = mul(a.z, a.z), zb = mul(b.z, b.z);
  const Number u = mul(a.x, zb), s = mul(a.y, mul(zb, b.z));
  const Number h = sub(mul(b.x, za), u), r = sub(mul(b.y, mul(za, a.z)), s);
  if (h.is_zero()) {
    return r.is_zero() ? doubled(c, a) : Jacobian{};
  }
  const Number hh = mul(h, h), hhh = mul(hh, h), v = mul(u, hh);
  Jacobian out;
  out.x = sub(sub(sub(mul(r, r), hhh), v), v);
  out.y = sub(mul(r, sub(v, out.x)), mul(s, hhh));
  out.z = mul(h, mul(a.z, b.z));
  return out;
}

Jacobian jacobian(const Point& p) {
  Jacobian out;
  if (!p.infinite) {
    out.x = p.x;
    out.y = p.y;
    out.z = Number(1);
  }
  return out;
}

Jacobian multiple(const Curve& curve, const Number& factor, const Point& point) {
  const Jacobian base = jacobian(point);
  Jacobian out;
  for (std::size_t i = factor.bits(); i-- > 0;) {
    out = doubled(curve, out);
    if (factor.bit(i)) {
      out = sum(curve, out, base);
    }
  }
  return out;
}

}  // namespace

Number Number::from_bytes(Bytes big_endian) {
  Number out;
  out.limbs_.resize((big_endian.size() + 3) / 4);
  for (std::size_t i = 0; i < big_endian.size(); ++i) {
    const std::size_t place = big_endian.size() - 1 - i;
    out.limbs_[place / 4] |= std::uint32_t{big_endian[i]} << (8 * (place % 4));
  }
  out.trim();
  return out;
}

Number Number::from_hex(std::string_view digits) {
  Number out;
  for (const char c : digits) {
    for (int bit = 3; bit >= 0; --bit) {
      out.double_and((digit(c) >> bit & 1) != 0);
    }
  }
  return out;
}

std::vector<std::uint8_t> Number::bytes(std::size_t size) const {
  std::vector<std::uint8_t> out(size);
  for (std::size_t i = 0; i < size && i / 4 < limbs_.size(); ++i) {
    out[size - 1 - i] = static_cast<std::uint8_t>(limbs_[i / 4] >> (8 * (i % 4)));
  }
  return out;
}

std::string Number::hex(std::size_t size) const {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : bytes(size)) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

void Number::trim() {
  while (!limbs_.empty() && limbs_.back() == 0) {
    limbs_.pop_back();
  }
}

std::size_t Number::bits() const {
  std::size_t count = 32 * limbs_.size();
  while (count > 0 && !bit(count - 1)) {
    --count;
  }
  return count;
}

bool Number::bit(std::size_t index) const {
  return index / 32 < limbs_.size() && (limbs_[index / 32] >> (index % 32) & 1) != 0;
}

bool operator<(const Number& a, const Number& b) {
  if (a.limbs_.size() != b.limbs_.size()) {
    return a.limbs_.size() < b.limbs_.size();
  }
  return std::lexicographical_compare(a.limbs_.rbegin(), a.limbs_.rend(), b.limbs_.rbegin(), b.limbs_.rend());
}

Number Number::shifted_right(std::size_t count) const {
  Number out;
  for (std::size_t i = bits(); i-- > count;) {
    out.double_and(bit(i));
  }
  return out;
}

void Number::plus(const Number& other) {
  limbs_.resize(std::max(limbs_.size(), other.limbs_.size()) + 1);
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < limbs_.size(); ++i) {
    carry += std::uint64_t{limbs_[i]} + (i < other.limbs_.size() ? other.limbs_[i] : 0);
    limbs_[i] = static_cast<std::uint32_t>(carry);
    carry >>= 32;
  }
  trim();
}

void Number::minus(const Number& other) {
  std::uint64_t borrow = 0;
  for (std::size_t i = 0; i < limbs_.size(); ++i) {
    const std::uint64_t away = (i < other.limbs_.size() ? other.limbs_[i] : 0) + borrow;
    borrow = limbs_[i] < away ? 1 : 0;
    limbs_[i] = static_cast<std::uint32_t>(limbs_[i] - away);
  }
  trim();
}

void Number::double_and(bool bit) {
  std::uint32_t carry = bit ? 1 : 0;
  for (std::uint32_t& limb : limbs_) {
    const std::uint32_t out = limb >> 31;
    limb = limb << 1 | carry;
    carry = out;
  }
  if (carry != 0) {
    limbs_.push_back(carry);
  }
}

Number Number::reduce(const Number& a, const Number& m) {
  Number out;
  for (std::size_t i = a.bits(); i-- > 0;) {
    out.double_and(a.bit(i));
    if (!(out < m)) {
      out.minus(m);
    }
  }
  return out;
}

Number Number::add(const Number& a, const Number& b, const Number& m) {
  Number out = a;
  out.plus(b);
  if (!(out < m)) {
    out.minus(m);
  }
  return out;
}

Number Number::subtract(const Number& a, const Number& b, const Number& m) {
  Number out = a;
  if (a < b) {
    out.plus(m);
  }
  out.minus(b);
  return out;
}

Number Number::multiply(const Number& a, const Number& b, const Number& m) {
  Number out;
  for (std::size_t i = b.bits(); i-- > 0;) {
    out = add(out, out, m);
    if (b.bit(i)) {
      out = add(out, a, m);
    }
  }
  return out;
}

Number Number::power(const Number& a, const Number& exponent, const Number& m) {
  Number out(1);
  for (std::size_t i = exponent.bits(); i-- > 0;) {
    out = multiply(out, out, m);
    if (exponent.bit(i)) {
      out = multiply(out, a, m);
    }
  }
  return out;
}

Number Number::inverse(const Number& a, const Number& prime) {
  Number exponent = prime;
  exponent.minus(Number(2));
  return power(a, exponent, prime);
}

const Curve* curve_named(std::string_view name) {
  static const Curve kCurves[] = {
      {"ECDSA P-256", Number::from_hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"),
       Number::from_hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"),
       Number::from_hex("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"),
       Number::from_hex("4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5")},
      {"ECDSA P-384",
       Number::from_hex("fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe"
                        "ffffffff0000000000000000ffffffff"),
       Number::from_hex("ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf"
                        "581a0db248b0a77aecec196accc52973"),
       Number::from_hex("aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a38"
                        "5502f25dbf55296c3a545e3872760ab7"),
       Number::from_hex("3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c0"
                        "0a60b1ce1d7e819d7a431d7c90ea0e5f")},
      {"ECDSA P-521",
       Number::from_hex("01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
                        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"),
       Number::from_hex("01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
                        "ffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409"),
       Number::from_hex("00c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3d"
                        "baa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66"),
       Number::from_hex("011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e66"
                        "2c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650")},
  };
  for (const Curve& curve : kCurves) {
    if (curve.name == name) {
      return &curve;
    }
  }
  return nullptr;
}

Point combine(const Curve& curve, const Number& a, const Point& p, const Number& b, const Point& q) {
  const Jacobian joined = sum(curve, multiple(curve, a, p), multiple(curve, b, q));
  if (joined.z.is_zero()) {
    return {};
  }
  const Number inverse = Number::inverse(joined.z, curve.p);
  const Number squared = Number::multiply(inverse, inverse, curve.p);
  return {Number::multiply(joined.x, squared, curve.p),
          Number::multiply(joined.y, Number::multiply(squared, inverse, curve.p), curve.p), false};
}

}  // namespace ashlar::cli
