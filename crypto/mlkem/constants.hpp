// SPDX-License-Identifier: Apache-2.0
// Constants of the number-theoretic transform modulo 3329 (FIPS 203 §4.3 and Appendix A), computed by the
// compiler.
#pragma once

#include "mlkem/arithmetic.hpp"

namespace ashlar::crypto::mlkem {

// q^-1 modulo 2^16.
inline constexpr std::int16_t kQInverse = -3327;

// a modulo q, of the smallest absolute value. For constants only.
constexpr std::int16_t centred(long long a) {
  const long long r = ((a % kQ) + kQ) % kQ;
  return static_cast<std::int16_t>(r > kQ / 2 ? r - kQ : r);
}
constexpr long long power(long long base, unsigned exponent) {
  long long out = 1;
  for (; exponent != 0; --exponent) {
    out = out * base % kQ;
  }
  return out;
}
constexpr unsigned reversed7(unsigned n) {
  unsigned out = 0;
  for (int i = 0; i < 7; ++i) {
    out = 2 * out | ((n >> i) & 1);
  }
  return out;
}
// a 2^16 modulo q: after a Montgomery reduction it counts as the factor a.
constexpr std::int16_t montgomery(long long a) {
  return centred(a * 65536);
}
// zeta^BitRev7(i), times 2^16.
constexpr std::int16_t zeta(unsigned i) {
  return montgomery(power(17, reversed7(i)));
}
constexpr std::int16_t inverse_zeta(unsigned i) {
  return montgomery(power(17, 256 - reversed7(i)));
}
// The root of the i-th pair: zeta^(2 BitRev7(i) + 1) (FIPS 203 Algorithm 11).
constexpr long long pair_root(unsigned i) {
  return power(17, 2 * reversed7(i) + 1);
}
// 1/128, the last factor of the inverse transform.
inline constexpr long long kScale = 3303;
static_assert(kScale * 128 % kQ == 1);
static_assert(static_cast<std::int16_t>(kQ * kQInverse) == 1);

}  // namespace ashlar::crypto::mlkem
