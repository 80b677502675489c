// SPDX-License-Identifier: Apache-2.0
// Modular inverse by division steps. The end checks that g is 0 and f = +-1, so a number without an inverse
// is noticed.
#include "bignum/division_steps.h"
#include "bignum/limbs.hpp"

namespace ashlar::crypto::bignum {
namespace {

struct Work {
  using Digits = SecretLimbs<ASHLAR_DIGITS(kMaxInverseLimbs)>;
  Digits value, modulus, f, g, d, e;
  ashlar_division_matrix matrix;
  ~Work() { wipe(&matrix, sizeof matrix); }
};

}  // namespace

ct::Mask invert(Limb* inverse, const Limb* value, const Limb* modulus, std::size_t limbs) {
  if (limbs > kMaxInverseLimbs) {
    __builtin_trap();
  }
  const std::size_t digits = ASHLAR_DIGITS(limbs);
  Work w;
  ashlar_digits_from_limbs(w.value, value, limbs);
  ashlar_digits_from_limbs(w.modulus, modulus, limbs);
  ashlar_division_run(w.f, w.g, w.d, w.e, &w.matrix, w.value, w.modulus,
                      0 - ashlar_limb_negated_inverse(modulus[0]), limbs, kLimbBits * limbs);
  const Limb f_sign = ashlar_digits_sign(w.f, digits);
  ashlar_digits_normalise(w.d, digits, f_sign, w.modulus);
  ashlar_digits_to_limbs(inverse, w.d, limbs);
  ashlar_digits_adjust(w.f, digits, f_sign, w.modulus, 0);
  return ct::is_zero(~(ashlar_limbs_equal_limb(w.f, digits, 1) & ashlar_limbs_equal_limb(w.g, digits, 0)));
}

}  // namespace ashlar::crypto::bignum
