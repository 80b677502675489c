// SPDX-License-Identifier: Apache-2.0
// Multiples of the base points: a comb for secret scalars, and odd multiples for public ones. These are two
// tables, so that a program that only verifies links no comb.
#pragma once

#include "ec/curves.hpp"

namespace ashlar::crypto::ec {

// Entry [j] is (2 j + 1) * G, for all sliding digits of kBaseWindow bits. 4 kB on P-256, 9 on P-521.
inline constexpr unsigned kBaseWindow = 8;
inline constexpr unsigned kOddMultiples = 1 << (kBaseWindow - 2);
template <class Curve>
struct OddMultiples;
template <>
struct OddMultiples<P256> {
  static const std::uint64_t kEntries[kOddMultiples][8];
};
template <>
struct OddMultiples<P384> {
  static const std::uint64_t kEntries[kOddMultiples][12];
};
template <>
struct OddMultiples<P521> {
  static const std::uint64_t kEntries[kOddMultiples][18];
};

// Entry [i][j] is (j + 1) * 2^(kWidth * kApart * i) * G: a comb of kRows rows. Its kRows * kApart places
// cover all digits of kWidth bits of a scalar.
template <class Curve>
struct BaseTable;

// A row for each digit, so keys and signatures need no doublings: 88064 bytes. Digits of five bits would take
// 53248 bytes and nine additions more, digits of seven 151552 bytes and six additions fewer.
template <>
struct BaseTable<P256> {
  static constexpr unsigned kWidth = 6;
  static constexpr unsigned kRows = 43;
  static constexpr unsigned kApart = 1;
  static const std::uint64_t kEntries[kRows][32][8];
};

// 30720 bytes. A row for each digit, as for P-256, would take 118 kB and save 15 doublings; 77 additions
// stay.
template <>
struct BaseTable<P384> {
  static constexpr unsigned kWidth = 5;
  static constexpr unsigned kRows = 20;
  static constexpr unsigned kApart = 4;
  static const std::uint64_t kEntries[kRows][16][12];
};

// 48384 bytes.
template <>
struct BaseTable<P521> {
  static constexpr unsigned kWidth = 5;
  static constexpr unsigned kRows = 21;
  static constexpr unsigned kApart = 5;
  static const std::uint64_t kEntries[kRows][16][18];
};

}  // namespace ashlar::crypto::ec
