// SPDX-License-Identifier: Apache-2.0
// Points of -x^2 + y^2 = 1 + d x^2 y^2 over any implementation of the field of 2^255 - 19 (RFC 8032 §5.1), in
// extended coordinates: x = X/Z, y = Y/Z, x y = T/Z. The addition is complete: it is correct for any two
// points of the curve.
//
// The Field defines which sums may feed which products (x25519/ladder.hpp). Here sums are made of products,
// except those by add_loose and subtract_two.
#pragma once

#include "ec/scalar_multiply.hpp"
#include "ed25519/base_table.hpp"

namespace ashlar::crypto::ed25519 {

// Constants of the curve, in words.
inline constexpr std::uint64_t kD[4] = {0x75eb4dca135978a3, 0x00700a4d4141d8ab, 0x8cc740797779e898,
                                        0x52036cee2b6ffe73};
inline constexpr std::uint64_t kTwiceD[4] = {0xebd69b9426b2f159, 0x00e0149a8283b156, 0x198e80f2eef3d130,
                                             0x2406d9dc56dffce7};
inline constexpr std::uint64_t kHalf[4] = {0xfffffffffffffff7, ~std::uint64_t{0}, ~std::uint64_t{0},
                                           0x3fffffffffffffff};

// An entry of a row of the table of the base point, picked by a secret digit.
struct PickedEntry {
  alignas(16) std::uint64_t words[12];
};

// out = the entry of digit's magnitude, or the neutral point, (1 / 2, 1 / 2, 0); negated where the digit is.
// The opposite point has (y + x) / 2 and (y - x) / 2 exchanged and d x y negated. p - d x y has no borrows,
// word by word: a unit test sees that no entry's lowest word is above 2^64 - 19. Constant time in the digit.
inline void pick(PickedEntry& out, const TableEntry (&row)[8], const ec::SignedDigit& digit) {
  ec::scan(out, row, 8, digit.magnitude);
  std::uint64_t* const words = out.words;
  const std::uint64_t none = ct::is_zero(digit.magnitude).bits(), negative = digit.negative.bits();
  for (int i = 0; i < 4; i++) {
    const std::uint64_t exchanged = negative & (words[i] ^ words[4 + i]), half = kHalf[i] & none;
    words[i] = (words[i] ^ exchanged) | half;
    words[4 + i] = (words[4 + i] ^ exchanged) | half;
    words[8 + i] ^= negative;
  }
  words[8] -= 18 & negative;
  words[11] &= ~std::uint64_t{0} >> 1;
}

template <class F>
struct Edwards {
  using Field = F;
  using Element = typename Field::Element;

  struct Point {
    Element x, y, z, t;
  };
  // A point to be added again and again: Y + X, Y - X, 2 Z, 2 d T.
  struct Addend {
    Element sum, difference, z, t;
  };

  // One copy of each instead of one at each call: fifteen copies would take 10 kB.
  __attribute__((noinline)) static void multiply(Element& out, const Element& a, const Element& b) {
    Field::multiply(out, a, b);
  }
  __attribute__((noinline)) static void square(Element& out, const Element& a) { Field::square(out, a); }

  static void identity(Point& p) { p = {Field::zero(), Field::one(), Field::one(), Field::zero()}; }
  static void from_affine(Point& p, const std::uint64_t* x, const std::uint64_t* y) {
    Field::load_words(p.x, x);
    Field::load_words(p.y, y);
    p.z = Field::one();
    multiply(p.t, p.x, p.y);
  }
  static void coordinates(const Point& p, Element& x, Element& y, Element& z) {
    x = p.x;
    y = p.y;
    z = p.z;
  }

  // p = 2^times * p. 3 products, 4 squares each, and a product at the end.
  static void twice(Point& p, int times) {
    Element a, b, e, f, g, h;
    for (int i = 1; i <= times; i++) {
      Field::add(e, p.x, p.y);
      square(a, p.x);
      square(b, p.y);
      square(f, p.z);
      square(e, e);
      Field::add(f, f, f);
      Field::add_loose(f, f, a);
      Field::subtract_two(e, e, a, b);  // 2 X Y
      Field::add(h, b, a);
      Field::subtract(g, b, a);
      Field::subtract(f, f, b);
      multiply(p.x, e, f);
      multiply(p.y, g, h);
      multiply(p.z, f, g);
      if (i == times) {
        multiply(p.t, e, h);
      }
    }
  }

  static void prepare(Addend& out, const Point& p) {
    Element d2;
    Field::load_words(d2, kTwiceD);
    Field::add(out.sum, p.y, p.x);
    Field::subtract(out.difference, p.y, p.x);
    Field::add(out.z, p.z, p.z);
    multiply(out.t, p.t, d2);
  }
  // p = p + q, or p - q. Branches on which.
  static void add_public(Point& p, const Addend& q, bool negative) {
    Element t = q.t, z;
    if (negative) {
      Field::subtract(t, Field::zero(), t);
    }
    multiply(z, p.z, q.z);
    add(p, negative ? q.difference : q.sum, negative ? q.sum : q.difference, z, t);
  }
  static void add_public(Point& p, const TableEntry& entry, bool negative) {
    Element sum, difference, t;
    load_entry(entry, sum, difference, t);
    if (negative) {
      Field::subtract(t, Field::zero(), t);
    }
    const Element z = p.z;
    add(p, negative ? difference : sum, negative ? sum : difference, z, t);
  }

  // Workspace of add_from_row. Its owner wipes it after the last call.
  struct Work {
    PickedEntry entry;
    Element sum, difference, t;
  };
  // p = p + digit times the point whose multiples are in the row. Constant time in everything.
  static void add_from_row(Point& p, Work& work, const TableEntry (&row)[8], const ec::SignedDigit& digit) {
    pick(work.entry, row, digit);
    load_entry(work.entry.words, work.sum, work.difference, work.t);
    add(p, work.sum, work.difference, p.z, work.t);
  }

 private:
  static void load_entry(const std::uint64_t* words, Element& sum, Element& difference, Element& t) {
    Field::load_words(sum, words);
    Field::load_words(difference, words + 4);
    Field::load_words(t, words + 8);
  }
  // z: Z of p times Z of the addend. It and the addend have a factor 2 (or 1, with halves).
  static void add(Point& p, const Element& sum, const Element& difference, const Element& z,
                  const Element& t) {
    Element a, b, c, e, f, g, h;
    Field::sum_and_difference(b, a, p.y, p.x);
    multiply(c, p.t, t);
    multiply(a, a, difference);
    multiply(b, b, sum);
    Field::sum_and_difference(g, f, z, c);
    Field::sum_and_difference(h, e, b, a);
    multiply(p.x, e, f);
    multiply(p.y, g, h);
    multiply(p.z, f, g);
    multiply(p.t, e, h);
  }
};

}  // namespace ashlar::crypto::ed25519
