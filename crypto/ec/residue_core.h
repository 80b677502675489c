/* SPDX-License-Identifier: Apache-2.0
 *
 * Arithmetic modulo a fixed odd number of n limbs, in the common subset of C and C++ so that a bounded model
 * checker can prove it. Everything runs in constant time in the values; n is public, and with a constant n
 * the loops unroll. Residues are below m; results may be operands. */
#pragma once

#include "bignum/limbs_core.h"

#include <ashlar/base/ct_core.h>

#define ASHLAR_RESIDUE_MAX_LIMBS 9

/* r = a + b mod m */
static inline void ashlar_residue_add(uint64_t* r, const uint64_t* a, const uint64_t* b, const uint64_t* m,
                                      size_t n) {
  const uint64_t carry = ashlar_limbs_add(r, a, b, n);
  ashlar_limbs_reduce_once(r, carry, m, n);
}

/* r = a - b mod m */
static inline void ashlar_residue_subtract(uint64_t* r, const uint64_t* a, const uint64_t* b,
                                           const uint64_t* m, size_t n) {
  const uint64_t borrow = ashlar_limbs_sub(r, a, b, n);
  (void)ashlar_limbs_add_masked(0u - borrow, r, m, n);
}

/* r = a / 2 mod the odd m: m is added where a is odd. */
static inline void ashlar_residue_half(uint64_t* r, const uint64_t* a, const uint64_t* m, size_t n) {
  uint64_t carry;
  size_t i;
  for (i = 0; i < n; i++) {
    r[i] = a[i];
  }
  carry = ashlar_limbs_add_masked(0u - (a[0] & 1u), r, m, n);
  for (i = 0; i < n; i++) {
    r[i] = r[i] >> 1 | (i + 1 < n ? r[i + 1] : carry) << 63;
  }
}

/* r = a * b / 2^(64 n) mod m for m_inverse = -1 / m mod 2^64 and n at most ASHLAR_RESIDUE_MAX_LIMBS
 * (Montgomery's multiplication: rows of products and rows of reduction alternate). */
static inline void ashlar_residue_multiply(uint64_t* r, const uint64_t* a, const uint64_t* b,
                                           const uint64_t* m, uint64_t m_inverse, size_t n) {
  uint64_t t[ASHLAR_RESIDUE_MAX_LIMBS + 1] = {0};
  uint64_t top = 0;
  size_t i, j;
  for (i = 0; i < n; i++) {
    uint64_t high = 0, carry = 0, quotient;
    for (j = 0; j < n; j++) {
      t[j] = ashlar_limb_mul_add(t[j], a[j], b[i], &high);
    }
    t[n] = ashlar_limb_add(top, high, &carry);
    top = carry;
    quotient = t[0] * m_inverse;
    high = 0;
    (void)ashlar_limb_mul_add(t[0], quotient, m[0], &high);
    for (j = 1; j < n; j++) {
      t[j - 1] = ashlar_limb_mul_add(t[j], quotient, m[j], &high);
    }
    carry = 0;
    t[n - 1] = ashlar_limb_add(t[n], high, &carry);
    top += carry;
  }
  for (i = 0; i < n; i++) {
    r[i] = t[i];
  }
  ashlar_limbs_reduce_once(r, top, m, n);
}
