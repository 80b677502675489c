// SPDX-License-Identifier: Apache-2.0
// Multiples of points of edwards25519, over any implementation of the group (edwards.hpp).
#pragma once

#include "ed25519/edwards.hpp"

#include <ashlar/base/bytes.hpp>

namespace ashlar::crypto::ed25519 {

// Signed digits of four bits (Booth): k = sum of digit(i) * 16^i, each from -8 to 8, for i from 0 to 63 and k
// below 2^255. Constant time in k.
inline ec::SignedDigit signed_digit(const std::uint8_t* k, unsigned i) {
  const unsigned byte = k[i / 2];
  // Bits 4 i - 1 to 4 i + 3; bit -1 is 0.
  const std::uint64_t window =
      i % 2 == 1 ? byte >> 3 : ((byte << 1) & 31) | (i == 0 ? 0u : unsigned{k[i / 2 - 1]} >> 7);
  const ct::Mask negative = ct::Mask::from_bit(window >> 4);
  const std::uint64_t positive = ct::select(negative, 31 - window, window);
  return {negative, (positive >> 1) + (positive & 1)};
}

// out = k * B for k below 2^255. Constant time in k.
template <class Group>
void base_multiple(typename Group::Point& out, const std::uint8_t* k) {
  typename Group::Work work;
  Group::identity(out);
  for (unsigned odd = 2; odd-- > 0;) {
    for (unsigned i = 0; i < 32; i++) {
      Group::add_from_row(out, work, kBaseTable[i], signed_digit(k, 2 * i + odd));
    }
    if (odd == 1) {
      Group::twice(out, 4);
    }
  }
  wipe(&work, sizeof work);
}

// out = s * B + k * P, for P with affine coordinates x and y and s, k below 2^253. Variable time: for public
// numbers.
template <class Group>
void sum_public(typename Group::Point& out, const std::uint8_t* s, const std::uint8_t* k,
                const std::uint64_t* x, const std::uint64_t* y) {
  constexpr std::size_t kSlidingDigits = 256;
  std::int8_t digits[kSlidingDigits];
  ec::sliding_digits<5>(digits, [k](std::size_t i) { return i < 256 ? (k[i / 8] >> (i % 8)) & 1 : 0; });
  typename Group::Addend odd[8];  // P, 3 P, … 15 P
  typename Group::Addend twice;
  typename Group::Point p, q;
  Group::from_affine(p, x, y);
  q = p;
  Group::twice(q, 1);
  Group::prepare(twice, q);
  for (int i = 0; i < 8; i++) {
    Group::prepare(odd[i], p);
    Group::add_public(p, twice, false);
  }
  Group::identity(out);
  const auto add_multiples_of_base = [&](unsigned odd_places) {
    for (unsigned i = 0; i < 32; i++) {
      const ec::SignedDigit digit = signed_digit(s, 2 * i + odd_places);
      if (digit.magnitude != 0) {
        Group::add_public(out, kBaseTable[i][digit.magnitude - 1], digit.negative.declassify());
      }
    }
  };
  // Doublings in runs up to the next digit. Multiples of B come when four are left, and at the end.
  int pending = 0;
  for (std::size_t i = kSlidingDigits; i-- > 0;) {
    const bool here = digits[i] != 0;
    pending++;
    if (here || i == 4 || i == 0) {
      Group::twice(out, pending);
      pending = 0;
    }
    if (here) {
      Group::add_public(out, odd[(digits[i] < 0 ? -digits[i] : digits[i]) / 2], digits[i] < 0);
    }
    if (i == 4) {
      add_multiples_of_base(1);
    }
  }
  add_multiples_of_base(0);
}

}  // namespace ashlar::crypto::ed25519
