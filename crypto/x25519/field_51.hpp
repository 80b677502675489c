// SPDX-License-Identifier: Apache-2.0
// The field of 2^255 - 19 in five limbs of 51 bits, portable and constant time.
//
// Bounds. "Tight" limbs are below 2^51 + 2^14: load, multiply, square and multiply_small_add give them. add
// and subtract take tight elements and give "loose" ones, below 2^54. multiply and square take loose ones. A
// product column is then at most 5 * 19 * 2^108 < 2^115, its carry below 2^64, and the last carry, from a
// column without the factor 19, below 2^60, so 19 times it still fits.
#pragma once

#include "bignum/wide.h"
#include "cpu/unroll.hpp"
#include "ec/montgomery.hpp"

#include <ashlar/base/bytes.hpp>
#include <ashlar/base/ct.hpp>
#include <ashlar/base/endian.hpp>

namespace ashlar::crypto::x25519 {

// A sum of products of two limbs.
class Column {
 public:
  Column& accumulate(std::uint64_t a, std::uint64_t b) {
    sum_ = ashlar_u128_add(sum_, ashlar_u128_mul(a, b));
    return *this;
  }
  Column& add(std::uint64_t a) {
    sum_ = ashlar_u128_add(sum_, ashlar_u128_of(a));
    return *this;
  }
  std::uint64_t low_51() const { return ashlar_u128_low(sum_) & ((std::uint64_t{1} << 51) - 1); }
  std::uint64_t carry_51() const { return ashlar_u128_low(ashlar_u128_shift(sum_, 51)); }

 private:
  ashlar_u128 sum_ = {};
};

struct Field51 {
  struct Element {
    std::uint64_t v[5];
  };
  static constexpr std::uint64_t kMask = (std::uint64_t{1} << 51) - 1;

  static Element zero() { return {}; }
  static Element one() { return {{1, 0, 0, 0, 0}}; }

  // Takes 255 bits, canonical or not (RFC 7748 §5).
  static void load(Element& out, const std::uint8_t* bytes) {
    const std::uint64_t words[4] = {load_le64(bytes), load_le64(bytes + 8), load_le64(bytes + 16),
                                    load_le64(bytes + 24)};
    load_words(out, words);
  }
  static void load_words(Element& out, const std::uint64_t* words) {
    const std::uint64_t w0 = words[0], w1 = words[1], w2 = words[2], w3 = words[3];
    out.v[0] = w0 & kMask;
    out.v[1] = ((w0 >> 51) | (w1 << 13)) & kMask;
    out.v[2] = ((w1 >> 38) | (w2 << 26)) & kMask;
    out.v[3] = ((w2 >> 25) | (w3 << 39)) & kMask;
    out.v[4] = (w3 >> 12) & kMask;
  }

  // The canonical value of a tight element.
  static void store(std::uint8_t* bytes, const Element& a) {
    std::uint64_t t[5] = {a.v[0], a.v[1], a.v[2], a.v[3], a.v[4]};
    carry_around(t);
    // t < 2^255 + 2^14 now. It is at least p exactly if adding 19 carries into bit 255. Then add 19 times
    // that carry and take the sum modulo 2^255: that is the reduced value.
    std::uint64_t carry = 19;
    ASHLAR_UNROLL
    for (int i = 0; i < 5; i++) {
      carry = (t[i] + carry) >> 51;
    }
    carry *= 19;
    ASHLAR_UNROLL
    for (int i = 0; i < 5; i++) {
      carry += t[i];
      t[i] = carry & kMask;
      carry >>= 51;
    }
    store_le64(bytes, t[0] | (t[1] << 51));
    store_le64(bytes + 8, (t[1] >> 13) | (t[2] << 38));
    store_le64(bytes + 16, (t[2] >> 26) | (t[3] << 25));
    store_le64(bytes + 24, (t[3] >> 39) | (t[4] << 12));
    wipe(t, sizeof t);
  }

  static void add(Element& out, const Element& a, const Element& b) {
    ASHLAR_UNROLL
    for (int i = 0; i < 5; i++) {
      out.v[i] = a.v[i] + b.v[i];
    }
  }
  // a - b + 4 p, so that no limb goes below zero.
  static void subtract(Element& out, const Element& a, const Element& b) {
    out.v[0] = a.v[0] + 4 * (kMask - 18) - b.v[0];
    ASHLAR_UNROLL
    for (int i = 1; i < 5; i++) {
      out.v[i] = a.v[i] + 4 * kMask - b.v[i];
    }
  }
  static void sum_and_difference(Element& sum, Element& difference, const Element& a, const Element& b) {
    add(sum, a, b);
    subtract(difference, a, b);
  }
  // For the formulas of edwards25519 only: the sum of a loose element and a tight one, and a - b - c of tight
  // ones. Both results are loose.
  static void add_loose(Element& out, const Element& a, const Element& b) { add(out, a, b); }
  static void subtract_two(Element& out, const Element& a, const Element& b, const Element& c) {
    Element sum;
    add(sum, b, c);
    subtract(out, a, sum);
  }

  __attribute__((noinline)) static void multiply(Element& out, const Element& a, const Element& b) {
    const std::uint64_t a0 = a.v[0], a1 = a.v[1], a2 = a.v[2], a3 = a.v[3], a4 = a.v[4];
    const std::uint64_t b0 = b.v[0], b1 = b.v[1], b2 = b.v[2], b3 = b.v[3], b4 = b.v[4];
    const std::uint64_t c1 = 19 * b1, c2 = 19 * b2, c3 = 19 * b3, c4 = 19 * b4;  // what wraps around 2^255
    Column t[5];
    t[0].accumulate(a0, b0).accumulate(a1, c4).accumulate(a2, c3).accumulate(a3, c2).accumulate(a4, c1);
    t[1].accumulate(a0, b1).accumulate(a1, b0).accumulate(a2, c4).accumulate(a3, c3).accumulate(a4, c2);
    t[2].accumulate(a0, b2).accumulate(a1, b1).accumulate(a2, b0).accumulate(a3, c4).accumulate(a4, c3);
    t[3].accumulate(a0, b3).accumulate(a1, b2).accumulate(a2, b1).accumulate(a3, b0).accumulate(a4, c4);
    t[4].accumulate(a0, b4).accumulate(a1, b3).accumulate(a2, b2).accumulate(a3, b1).accumulate(a4, b0);
    reduce(out, t);
  }
  __attribute__((noinline)) static void square(Element& out, const Element& a) {
    const std::uint64_t a0 = a.v[0], a1 = a.v[1], a2 = a.v[2], a3 = a.v[3], a4 = a.v[4];
    const std::uint64_t d0 = 2 * a0, d1 = 2 * a1, d2 = 2 * a2, c3 = 19 * a3, c4 = 19 * a4;
    Column t[5];
    t[0].accumulate(a0, a0).accumulate(d1, c4).accumulate(d2, c3);
    t[1].accumulate(d0, a1).accumulate(d2, c4).accumulate(a3, c3);
    t[2].accumulate(d0, a2).accumulate(a1, a1).accumulate(2 * a3, c4);
    t[3].accumulate(d0, a3).accumulate(d1, a2).accumulate(a4, c4);
    t[4].accumulate(d0, a4).accumulate(d1, a3).accumulate(a2, a2);
    reduce(out, t);
  }
  // a * (A - 2) / 4 + b, of the curve's coefficient A = 486662.
  static void multiply_small_add(Element& out, const Element& a, const Element& b) {
    Column t[5];
    ASHLAR_UNROLL
    for (int i = 0; i < 5; i++) {
      t[i].accumulate(a.v[i], 121665).add(b.v[i]);
    }
    reduce(out, t);
  }
  // a becomes b where the mask says so.
  static void choose(Element& a, ct::Mask mask, const Element& b) {
    const std::uint64_t bits = mask.bits();
    for (int i = 0; i < 5; i++) {
      const std::uint64_t limb = ec::alone(a.v[i]);
      a.v[i] = limb ^ (bits & (limb ^ ec::alone(b.v[i])));
    }
  }

 private:
  static void reduce(Element& out, Column (&t)[5]) {
    std::uint64_t r[5];
    ASHLAR_UNROLL
    for (int i = 0; i < 4; i++) {
      r[i] = t[i].low_51();
      t[i + 1].add(t[i].carry_51());
    }
    r[4] = t[4].low_51();
    r[0] += 19 * t[4].carry_51();
    r[1] += r[0] >> 51;
    r[0] &= kMask;
    ASHLAR_UNROLL
    for (int i = 0; i < 5; i++) {
      out.v[i] = r[i];
    }
  }
  static void carry_around(std::uint64_t (&t)[5]) {
    ASHLAR_UNROLL
    for (int i = 0; i < 4; i++) {
      t[i + 1] += t[i] >> 51;
      t[i] &= kMask;
    }
    t[0] += 19 * (t[4] >> 51);
    t[4] &= kMask;
  }
};

}  // namespace ashlar::crypto::x25519
