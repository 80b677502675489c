/* SPDX-License-Identifier: Apache-2.0
 *
 * Arithmetic on numbers of n 64-bit limbs, least significant first, in the common subset of C and C++ so that
 * a bounded model checker can prove it. Everything runs in constant time in the values; n is public. With a
 * constant n the loops unroll. */
#pragma once

#include <ashlar/base/ct_core.h>

/* The low half of a * b + c + d, which never exceeds 128 bits; the high half goes to *high. */
static inline uint64_t ashlar_limb_mul_add(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t* high) {
#if defined(__SIZEOF_INT128__)
  __extension__ typedef unsigned __int128 wide;
  const wide product = (wide)a * b + c + d;
  *high = (uint64_t)(product >> 64);
  return (uint64_t)product;
#else
  const uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
  const uint64_t p00 = a0 * b0, p01 = a0 * b1, p10 = a1 * b0, p11 = a1 * b1;
  const uint64_t middle = (p00 >> 32) + (uint32_t)p01 + (uint32_t)p10;
  uint64_t low = (middle << 32) | (uint32_t)p00;
  uint64_t top = p11 + (p01 >> 32) + (p10 >> 32) + (middle >> 32);
  low += c;
  top += ashlar_ct_lt(low, c) & 1;
  low += d;
  top += ashlar_ct_lt(low, d) & 1;
  *high = top;
  return low;
#endif
}

/* a + b + *carry; *carry, 0 or 1, becomes the carry out. */
static inline uint64_t ashlar_limb_add(uint64_t a, uint64_t b, uint64_t* carry) {
#if defined(__SIZEOF_INT128__)
  __extension__ typedef unsigned __int128 wide;
  const wide sum = (wide)a + b + *carry;
  *carry = (uint64_t)(sum >> 64);
  return (uint64_t)sum;
#else
  const uint64_t partial = a + b;
  const uint64_t sum = partial + *carry;
  *carry = (((a & b) | ((a | b) & ~partial)) >> 63) | ((partial & ~sum) >> 63);
  return sum;
#endif
}

/* a - b - *borrow; *borrow, 0 or 1, becomes the borrow out. */
static inline uint64_t ashlar_limb_sub(uint64_t a, uint64_t b, uint64_t* borrow) {
#if defined(__SIZEOF_INT128__)
  __extension__ typedef unsigned __int128 wide;
  const wide difference = (wide)a - b - *borrow;
  *borrow = (uint64_t)(difference >> 64) & 1;
  return (uint64_t)difference;
#else
  const uint64_t partial = a - b;
  const uint64_t difference = partial - *borrow;
  *borrow = (((~a & b) | (~(a ^ b) & partial)) >> 63) | ((~partial & difference) >> 63);
  return difference;
#endif
}

/* out = a + b; returns the carry. out may be a or b. */
static inline uint64_t ashlar_limbs_add(uint64_t* out, const uint64_t* a, const uint64_t* b, size_t n) {
  uint64_t carry = 0;
  size_t i;
  for (i = 0; i < n; i++) {
    out[i] = ashlar_limb_add(a[i], b[i], &carry);
  }
  return carry;
}

/* out = a - b; returns the borrow. out may be a or b. */
static inline uint64_t ashlar_limbs_sub(uint64_t* out, const uint64_t* a, const uint64_t* b, size_t n) {
  uint64_t borrow = 0;
  size_t i;
  for (i = 0; i < n; i++) {
    out[i] = ashlar_limb_sub(a[i], b[i], &borrow);
  }
  return borrow;
}

/* out = a where the mask is all ones, b where it is 0. out may be a or b. */
static inline void ashlar_limbs_select(uint64_t* out, uint64_t mask, const uint64_t* a, const uint64_t* b,
                                       size_t n) {
  size_t i;
  mask = ashlar_ct_barrier(mask);
  for (i = 0; i < n; i++) {
    out[i] = (mask & a[i]) | (~mask & b[i]);
  }
}

/* All ones if a is zero. */
static inline uint64_t ashlar_limbs_is_zero(const uint64_t* a, size_t n) {
  uint64_t bits = 0;
  size_t i;
  for (i = 0; i < n; i++) {
    bits |= a[i];
  }
  return ashlar_ct_is_zero(bits);
}

/* All ones if a < b. */
static inline uint64_t ashlar_limbs_less(const uint64_t* a, const uint64_t* b, size_t n) {
  uint64_t borrow = 0;
  size_t i;
  for (i = 0; i < n; i++) {
    (void)ashlar_limb_sub(a[i], b[i], &borrow);
  }
  return ashlar_ct_barrier(0u - borrow);
}

/* out = carry * 2^(64 n) + a, less m if it is at least m. The input is below 2 m, n at most 9. out may be a.
 */
static inline void ashlar_limbs_reduce_once(uint64_t* out, uint64_t carry, const uint64_t* a,
                                            const uint64_t* m, size_t n) {
  uint64_t reduced[9];
  const uint64_t borrow = ashlar_limbs_sub(reduced, a, m, n);
  /* Keep a only where subtracting m took more than there was: no carry in, a borrow out. */
  ashlar_limbs_select(out, 0u - (borrow & ~carry & 1), a, reduced, n);
}

/* out = a * b / 2^(64 n) mod m, below m, for odd m, a and b below m and m * m_inverse = -1 mod 2^64
 * (Montgomery, operand scanning with the reduction interleaved). n at most 9. out may be a or b. */
static inline void ashlar_limbs_montgomery_multiply(uint64_t* out, const uint64_t* a, const uint64_t* b,
                                                    const uint64_t* m, uint64_t m_inverse, size_t n) {
  uint64_t t[10] = {0};
  uint64_t top = 0;
  size_t i, j;
  for (i = 0; i < n; i++) {
    uint64_t high = 0, carry = 0, quotient;
    for (j = 0; j < n; j++) {
      t[j] = ashlar_limb_mul_add(a[j], b[i], t[j], high, &high);
    }
    t[n] = ashlar_limb_add(top, high, &carry);
    top = carry;
    quotient = t[0] * m_inverse;
    high = 0;
    (void)ashlar_limb_mul_add(quotient, m[0], t[0], 0, &high);
    for (j = 1; j < n; j++) {
      t[j - 1] = ashlar_limb_mul_add(quotient, m[j], t[j], high, &high);
    }
    carry = 0;
    t[n - 1] = ashlar_limb_add(t[n], high, &carry);
    top += carry;
  }
  ashlar_limbs_reduce_once(out, top, t, m, n);
}
