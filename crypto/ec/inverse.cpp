// SPDX-License-Identifier: Apache-2.0
// One copy of the 4 kB of an inverse serves all fields of a size. In a header each kernel got its own.
#include "ec/inverse.hpp"

#include "bignum/division_steps.h"

#include <ashlar/base/bytes.hpp>

namespace ashlar::crypto::ec {

template <std::size_t N, std::size_t kBits>
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

#define ASHLAR_INVERT(limbs, bits) \
  template void invert<limbs, bits>(std::uint64_t*, const std::uint64_t*, const std::uint64_t*, std::uint64_t)
ASHLAR_INVERT(4, 256);  // P-256 and Curve25519
ASHLAR_INVERT(6, 384);  // P-384
ASHLAR_INVERT(7, 448);  // Curve448
ASHLAR_INVERT(9, 521);  // P-521

}  // namespace ashlar::crypto::ec
