// SPDX-License-Identifier: Apache-2.0
// The windows of an exponent: digits of a few bits each, all looked up in the same way.
#pragma once

#include "bignum/limbs.hpp"

namespace ashlar::crypto::bignum {

inline constexpr std::size_t kWindowBits = 5;

// The window of the exponent whose lowest bit is `low`; bits past the top are zero.
inline Limb window(const Limb* exponent, std::size_t bits, std::size_t low) {
  const std::size_t at = low / kLimbBits;
  const std::size_t shift = low % kLimbBits;
  Limb value = exponent[at] >> shift;
  if (shift > kLimbBits - kWindowBits && (at + 1) * kLimbBits < bits) {
    value |= exponent[at + 1] << (kLimbBits - shift);
  }
  const std::size_t width = bits - low < kWindowBits ? bits - low : kWindowBits;
  return value & ((Limb{1} << width) - 1);
}

}  // namespace ashlar::crypto::bignum
