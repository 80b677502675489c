// SPDX-License-Identifier: Apache-2.0
// A row of ed25519_kernels() over any implementation of the group: points as bytes (RFC 8032 §5.1.2, §5.1.3).
#pragma once

#include "ed25519/multiply.hpp"
#include "x25519/ladder.hpp"

#include <ashlar/crypto/ed25519.hpp>

namespace ashlar::crypto::ed25519 {

// A row of ed25519_kernels() without what private keys need.
struct Verifier {
  std::string_view name;
  cpu::Features required;
  bool (*decode_negated)(std::uint64_t point[8], const std::uint8_t* bytes);
  void (*sum)(std::uint8_t* out, const std::uint8_t* s, const std::uint8_t* k, const std::uint64_t point[8]);
};
std::span<const Verifier> verifiers();

template <class Group>
struct Operations {
  using Field = typename Group::Field;
  using Element = typename Field::Element;
  using Point = typename Group::Point;

  static void base_multiple(std::uint8_t* out, const std::uint8_t* k) {
    Point point;
    ed25519::base_multiple<Group>(point, k);
    encode(out, point);
    wipe(&point, sizeof point);
  }

  static void sum(std::uint8_t* out, const std::uint8_t* s, const std::uint8_t* k,
                  const std::uint64_t point[8]) {
    Point total;
    sum_public<Group>(total, s, k, point, point + 4);
    encode(out, total);
  }

  static bool decode_negated(std::uint64_t point[8], const std::uint8_t* bytes) {
    if (!is_canonical(bytes)) {
      return false;
    }
    Element x, y, u, v, t;
    Field::load(y, bytes);
    // x^2 = u / v with u = y^2 - 1, v = d y^2 + 1. A candidate is u v^3 (u v^7)^((p - 5) / 8).
    Field::load_words(t, kD);
    Field::square(u, y);
    Field::multiply(v, u, t);
    Field::subtract(u, u, Field::one());
    Field::add(v, v, Field::one());
    tighten(u);
    tighten(v);
    Element v3;
    Field::square(v3, v);
    Field::multiply(v3, v3, v);
    Field::square(x, v3);
    Field::multiply(x, x, v);
    Field::multiply(x, x, u);
    power_of_root(x);
    Field::multiply(x, x, v3);
    Field::multiply(x, x, u);
    return choose_root(point, bytes, x, u, v);
  }

  // Whether y is below p.
  static bool is_canonical(const std::uint8_t* bytes) {
    std::uint8_t canonical[32];
    Element y;
    Field::load(y, bytes);
    Field::store(canonical, y);
    canonical[31] = static_cast<std::uint8_t>(canonical[31] | (bytes[31] & 0x80));
    return equal_public(canonical, Bytes(bytes, 32));
  }

  // The rest of decode_negated, for u, v and the candidate of the root.
  static bool choose_root(std::uint64_t point[8], const std::uint8_t* bytes, Element x, const Element& u,
                          const Element& v) {
    static constexpr std::uint64_t kRootOfMinusOne[4] = {0xc4ee1b274a0ea0b0, 0x2f431806ad2fe478,
                                                         0x2b4d00993dfbd7a7, 0x2b8324804fc1df0b};
    Element t;
    // v x^2 is u; or it is -u, and x lacks the root of -1; or there is no root.
    Field::square(t, x);
    Field::multiply(t, t, v);
    if (!same(t, u)) {
      Field::add(t, t, u);
      tighten(t);
      if (!same(t, Field::zero())) {
        return false;
      }
      Field::load_words(t, kRootOfMinusOne);
      Field::multiply(x, x, t);
    }
    std::uint8_t x_bytes[32];
    Field::store(x_bytes, x);
    const std::uint8_t sign = bytes[31] & 0x80;
    if (sign != 0 && same(x, Field::zero())) {
      return false;
    }
    // The result is negated, so it takes the root whose lowest bit is not the wanted one.
    if ((x_bytes[0] & 1) == (sign >> 7)) {
      Field::subtract(x, Field::zero(), x);
      tighten(x);
      Field::store(x_bytes, x);
    }
    for (int i = 0; i < 4; i++) {
      point[i] = load_le64(x_bytes + 8 * i);
      point[4 + i] = load_le64(bytes + 8 * i);
    }
    point[7] &= ~std::uint64_t{0} >> 1;
    return true;
  }

 private:
  static void tighten(Element& a) { Field::multiply(a, a, Field::one()); }
  static bool same(const Element& a, const Element& b) {
    std::uint8_t one[32], other[32];
    Field::store(one, a);
    Field::store(other, b);
    return equal_public(one, other);
  }
  static void squares(Element& out, const Element& a, int times) {
    Field::square(out, a);
    for (int i = 1; i < times; i++) {
      Field::square(out, out);
    }
  }
  // a^((p - 5) / 8) = a^(2^252 - 3): exponents 2^n - 1 for growing n.
  static void power_of_root(Element& a) {
    Element t, e5, e10, e50;
    squares(t, a, 1);
    Field::multiply(t, t, a);  // 2^2 - 1
    squares(e5, t, 2);
    Field::multiply(e5, e5, t);  // 2^4 - 1
    squares(e5, e5, 1);
    Field::multiply(e5, e5, a);  // 2^5 - 1
    squares(e10, e5, 5);
    Field::multiply(e10, e10, e5);  // 2^10 - 1
    squares(t, e10, 10);
    Field::multiply(t, t, e10);  // 2^20 - 1
    squares(e50, t, 20);
    Field::multiply(t, e50, t);  // 2^40 - 1
    squares(t, t, 10);
    Field::multiply(e50, t, e10);  // 2^50 - 1
    squares(t, e50, 50);
    Field::multiply(t, t, e50);  // 2^100 - 1
    Element e100 = t;
    squares(t, t, 100);
    Field::multiply(t, t, e100);  // 2^200 - 1
    squares(t, t, 50);
    Field::multiply(t, t, e50);  // 2^250 - 1
    squares(t, t, 2);
    Field::multiply(a, t, a);  // 2^252 - 3
  }

  // y, and the lowest bit of x in the top bit.
  static void encode(std::uint8_t* out, const Point& point) {
    struct {
      Element x, y, z;
      std::uint8_t bytes[32];
    } s;
    Group::coordinates(point, s.x, s.y, s.z);
    x25519::invert<Field>(s.z, s.z);
    Field::multiply(s.x, s.x, s.z);
    Field::multiply(s.y, s.y, s.z);
    Field::store(s.bytes, s.x);
    Field::store(out, s.y);
    out[31] = static_cast<std::uint8_t>(out[31] | (s.bytes[0] & 1) << 7);
    wipe(&s, sizeof s);
  }
};

#define ASHLAR_ED25519_ROW(row)                                                   \
  void base_multiple_##row(std::uint8_t* out, const std::uint8_t* k);             \
  bool decode_##row(std::uint64_t point[8], const std::uint8_t* bytes);           \
  void sum_##row(std::uint8_t* out, const std::uint8_t* s, const std::uint8_t* k, \
                 const std::uint64_t point[8])
ASHLAR_ED25519_ROW(portable);
ASHLAR_ED25519_ROW(x86_adx);
ASHLAR_ED25519_ROW(x86_bmi2);
ASHLAR_ED25519_ROW(x86_ifma);
#undef ASHLAR_ED25519_ROW

}  // namespace ashlar::crypto::ed25519
