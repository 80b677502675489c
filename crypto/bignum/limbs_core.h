/* SPDX-License-Identifier: Apache-2.0
 *
 * Arithmetic on little-endian arrays of 64-bit limbs, in the common subset of C and C++ so that a bounded
 * model checker can prove it. Lengths are public; every function runs in constant time in all values. Inputs
 * and results may be the same array, but may not overlap otherwise. Masks are 0 or all ones (ct_core.h). */
#pragma once

#include "bignum/wide.h"

#include <ashlar/base/ct_core.h>

#include <stddef.h>
#include <stdint.h>

/* a + b + *carry; *carry (0 or 1) becomes the carry out. */
static inline uint64_t ashlar_limb_add(uint64_t a, uint64_t b, uint64_t* carry) {
  const ashlar_u128 sum =
      ashlar_u128_add(ashlar_u128_add(ashlar_u128_of(a), ashlar_u128_of(b)), ashlar_u128_of(*carry));
  *carry = ashlar_u128_high(sum);
  return ashlar_u128_low(sum);
}

/* a - b - *borrow; *borrow (0 or 1) becomes the borrow out. */
static inline uint64_t ashlar_limb_sub(uint64_t a, uint64_t b, uint64_t* borrow) {
  const ashlar_u128 difference =
      ashlar_u128_sub(ashlar_u128_sub(ashlar_u128_of(a), ashlar_u128_of(b)), ashlar_u128_of(*borrow));
  *borrow = ashlar_u128_high(difference) & 1u;
  return ashlar_u128_low(difference);
}

/* Low limb of sum + a * b + *carry; *carry becomes the high limb. Never overflows 128 bits. */
static inline uint64_t ashlar_limb_mul_add(uint64_t sum, uint64_t a, uint64_t b, uint64_t* carry) {
  ashlar_u128 product = ashlar_u128_add(ashlar_u128_mul(a, b), ashlar_u128_of(sum));
  product = ashlar_u128_add(product, ashlar_u128_of(*carry));
  *carry = ashlar_u128_high(product);
  return ashlar_u128_low(product);
}

/* r = a + b; returns the carry. */
static inline uint64_t ashlar_limbs_add(uint64_t* r, const uint64_t* a, const uint64_t* b, size_t limbs) {
  uint64_t carry = 0;
  size_t i;
  for (i = 0; i < limbs; i++) {
    r[i] = ashlar_limb_add(a[i], b[i], &carry);
  }
  return carry;
}

/* r = a - b; returns the borrow. */
static inline uint64_t ashlar_limbs_sub(uint64_t* r, const uint64_t* a, const uint64_t* b, size_t limbs) {
  uint64_t borrow = 0;
  size_t i;
  for (i = 0; i < limbs; i++) {
    r[i] = ashlar_limb_sub(a[i], b[i], &borrow);
  }
  return borrow;
}

/* r += b where the mask says so; returns the carry. */
static inline uint64_t ashlar_limbs_add_masked(uint64_t mask, uint64_t* r, const uint64_t* b, size_t limbs) {
  uint64_t carry = 0;
  size_t i;
  mask = ashlar_ct_barrier(mask);
  for (i = 0; i < limbs; i++) {
    r[i] = ashlar_limb_add(r[i], b[i] & mask, &carry);
  }
  return carry;
}

/* r -= b where the mask says so; returns the borrow. */
static inline uint64_t ashlar_limbs_sub_masked(uint64_t mask, uint64_t* r, const uint64_t* b, size_t limbs) {
  uint64_t borrow = 0;
  size_t i;
  mask = ashlar_ct_barrier(mask);
  for (i = 0; i < limbs; i++) {
    r[i] = ashlar_limb_sub(r[i], b[i] & mask, &borrow);
  }
  return borrow;
}

/* r += a * b for a single limb b; returns the limb that follows. */
static inline uint64_t ashlar_limbs_mul_add(uint64_t* r, const uint64_t* a, size_t limbs, uint64_t b) {
  uint64_t carry = 0;
  size_t i;
  for (i = 0; i < limbs; i++) {
    r[i] = ashlar_limb_mul_add(r[i], a[i], b, &carry);
  }
  return carry;
}

/* r += carry; returns the carry out. */
static inline uint64_t ashlar_limbs_add_limb(uint64_t* r, size_t limbs, uint64_t value) {
  uint64_t carry = value;
  size_t i;
  for (i = 0; i < limbs; i++) {
    uint64_t next = 0;
    r[i] = ashlar_limb_add(r[i], carry, &next);
    carry = next;
  }
  return carry;
}

/* r = 2 * r + bit; returns the bit shifted out. */
static inline uint64_t ashlar_limbs_double(uint64_t* r, size_t limbs, uint64_t bit) {
  size_t i;
  for (i = 0; i < limbs; i++) {
    const uint64_t out = r[i] >> 63;
    r[i] = (r[i] << 1) | bit;
    bit = out;
  }
  return bit;
}

/* r = r / 2 with `top` (0 or 1) shifted in, where the mask says so. */
static inline void ashlar_limbs_halve_masked(uint64_t mask, uint64_t* r, size_t limbs, uint64_t top) {
  size_t i;
  mask = ashlar_ct_barrier(mask);
  for (i = 0; i < limbs; i++) {
    const uint64_t above = i + 1 < limbs ? r[i + 1] : top;
    const uint64_t half = (r[i] >> 1) | (above << 63);
    r[i] = (half & mask) | (r[i] & ~mask);
  }
}

/* r = a where the mask is all ones, b where it is 0. */
static inline void ashlar_limbs_select(uint64_t mask, uint64_t* r, const uint64_t* a, const uint64_t* b,
                                       size_t limbs) {
  size_t i;
  mask = ashlar_ct_barrier(mask);
  for (i = 0; i < limbs; i++) {
    r[i] = (a[i] & mask) | (b[i] & ~mask);
  }
}

/* All ones if a < b. */
static inline uint64_t ashlar_limbs_less(const uint64_t* a, const uint64_t* b, size_t limbs) {
  uint64_t borrow = 0;
  size_t i;
  for (i = 0; i < limbs; i++) {
    (void)ashlar_limb_sub(a[i], b[i], &borrow);
  }
  return ashlar_ct_barrier(0u - borrow);
}

/* All ones if a == b. */
static inline uint64_t ashlar_limbs_equal(const uint64_t* a, const uint64_t* b, size_t limbs) {
  uint64_t difference = 0;
  size_t i;
  for (i = 0; i < limbs; i++) {
    difference |= a[i] ^ b[i];
  }
  return ashlar_ct_is_zero(difference);
}

/* All ones if a == value. */
static inline uint64_t ashlar_limbs_equal_limb(const uint64_t* a, size_t limbs, uint64_t value) {
  uint64_t difference = a[0] ^ value;
  size_t i;
  for (i = 1; i < limbs; i++) {
    difference |= a[i];
  }
  return ashlar_ct_is_zero(difference);
}

/* r -= m if r, with `carry` (0 or 1) as the limb above, is at least m. For r < 2 * m: reduces modulo m. */
static inline void ashlar_limbs_reduce_once(uint64_t* r, uint64_t carry, const uint64_t* m, size_t limbs) {
  const uint64_t less = ashlar_limbs_less(r, m, limbs) & ashlar_ct_is_zero(carry);
  (void)ashlar_limbs_sub_masked(~less, r, m, limbs);
}

/* -1 / odd modulo 2^64: five Newton steps from an inverse that is right in five bits. */
static inline uint64_t ashlar_limb_negated_inverse(uint64_t odd) {
  uint64_t inverse = (odd * 3u) ^ 2u;
  inverse *= 2u - odd * inverse;
  inverse *= 2u - odd * inverse;
  inverse *= 2u - odd * inverse;
  inverse *= 2u - odd * inverse;
  return 0u - inverse;
}
