// SPDX-License-Identifier: Apache-2.0
// Inverses modulo an odd number of a fixed size in constant time, by division steps.
#pragma once

#include "bignum/division_steps.h"

#include <ashlar/base/bytes.hpp>

namespace ashlar::crypto::ec {

// inverse = 1 / a modulo the odd m > 1 of at most kBits bits for a < m; 0 for 0. m_negated_inverse = -1 / m
// mod 2^64.
template <std::size_t N, std::size_t kBits = 64 * N>
void invert(std::uint64_t* inverse, const std::uint64_t* a, const std::uint64_t* m,
            std::uint64_t m_negated_inverse) {
  constexpr std::size_t kDigits = ASHLAR_DIGITS(N);
  struct {
    std::uint64_t a[kDigits], m[kDigits], f[kDigits], g[kDigits], d[kDigits], e[kDigits];
    ashlar_division_matrix t;
  } s;
  ashlar_digits_from_limbs(s.a, a, N);
  ashlar_digits_from_limbs(s.m, m, N);
  ashlar_division_run(s.f, s.g, s.d, s.e, &s.t, s.a, s.m, 0 - m_negated_inverse, N, kBits);
  ashlar_digits_normalise(s.d, kDigits, ashlar_digits_sign(s.f, kDigits), s.m);
  ashlar_digits_to_limbs(inverse, s.d, N);
  wipe(&s, sizeof s);
}

}  // namespace ashlar::crypto::ec
