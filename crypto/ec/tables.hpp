// SPDX-License-Identifier: Apache-2.0
// Multiples of the base points. Entry [i][j] of a table is (j + 1) * 32^(kApart * i) * G: a comb of kRows
// rows, whose kRows * kApart places cover the digits of five bits of a scalar.
#pragma once

#include "ec/curves.hpp"

namespace ashlar::crypto::ec {

template <class Curve>
struct BaseTable;

// A row for each digit, for keys and signatures without doublings: 53248 bytes.
template <>
struct BaseTable<P256> {
  static constexpr unsigned kRows = 52;
  static constexpr unsigned kApart = 1;
  static const std::uint64_t kEntries[kRows][16][8];
};

// 30720 bytes. A row for each digit, as P-256 has it, would take 118 kB and save 15 doublings beside 77
// additions.
template <>
struct BaseTable<P384> {
  static constexpr unsigned kRows = 20;
  static constexpr unsigned kApart = 4;
  static const std::uint64_t kEntries[kRows][16][12];
};

// 48384 bytes.
template <>
struct BaseTable<P521> {
  static constexpr unsigned kRows = 21;
  static constexpr unsigned kApart = 5;
  static const std::uint64_t kEntries[kRows][16][18];
};

}  // namespace ashlar::crypto::ec
