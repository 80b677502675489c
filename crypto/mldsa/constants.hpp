// SPDX-License-Identifier: Apache-2.0
// Constants of the number-theoretic transform modulo 8380417 (FIPS 204 §7.5 and Appendix B), computed by the
// compiler.
#pragma once

#include "mldsa/arithmetic.hpp"

namespace ashlar::crypto::mldsa {

// q^-1 modulo 2^32.
inline constexpr std::int32_t kQInverse = 58728449;
static_assert(static_cast<std::uint32_t>(kQ) * static_cast<std::uint32_t>(kQInverse) == 1);

// a modulo q, of the smallest absolute value. For constants only.
constexpr std::int32_t centred(long long a) {
  const long long r = ((a % kQ) + kQ) % kQ;
  return static_cast<std::int32_t>(r > kQ / 2 ? r - kQ : r);
}
// A factor times this counts as the factor itself after a Montgomery reduction.
inline constexpr long long kR = (1LL << 32) % kQ;

// 1753^BitRev8(i) 2^32, and the same for the inverses.
struct Zetas {
  std::int32_t forward[256], inverse[256];
};
constexpr Zetas zetas() {
  Zetas out = {};
  // Computes the powers in order and puts each in its place: 256 steps.
  long long value = kR;
  for (unsigned exponent = 0; exponent < 256; ++exponent) {
    unsigned i = 0;
    for (unsigned bit = 0; bit < 8; ++bit) {
      i |= ((exponent >> bit) & 1) << (7 - bit);
    }
    out.forward[i] = centred(value);
    value = value * 1753 % kQ;
  }
  // The inverse of a root is the negative of its mirror image in the layer.
  for (unsigned layer = 1; layer < 256; layer *= 2) {
    for (unsigned i = layer; i < 2 * layer; ++i) {
      out.inverse[i] = -out.forward[3 * layer - 1 - i];
    }
  }
  return out;
}
inline constexpr Zetas kZetas = zetas();

// 2^64 / 256: removes the factor of a product and that of the transform.
inline constexpr std::int32_t kScale = centred(kR * kR % kQ * 8347681);
static_assert(8347681LL * 256 % kQ == 1);

}  // namespace ashlar::crypto::mldsa
