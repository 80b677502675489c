/* SPDX-License-Identifier: Apache-2.0
 *
 * Constant-time arithmetic on masks, in the common subset of C and C++ so that a bounded model checker can
 * prove it. A mask is 0 or all ones. Every function runs in constant time in all its arguments.
 *
 * Each mask passes through a value barrier: without one, compilers recognise that a mask has only two values
 * and turn a masked selection back into a branch on the secret (clang does so at every optimisation level).
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* These are C casts. They shall compile where a C++ program warns of them. */
#if defined(__cplusplus)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wold-style-cast"
#endif

/* Returns the value. The optimiser can no longer reason about it. */
static inline uint64_t ashlar_ct_barrier(uint64_t value) {
#if defined(__GNUC__)
  __asm__("" : "+r"(value));
#endif
  return value;
}

/* All ones if the top bit of `value` is set, else 0. */
static inline uint64_t ashlar_ct_msb(uint64_t value) {
  return ashlar_ct_barrier(0u - (value >> 63));
}

/* All ones if value == 0. */
static inline uint64_t ashlar_ct_is_zero(uint64_t value) {
  return ashlar_ct_msb(~value & (value - 1u));
}

/* All ones if a == b. */
static inline uint64_t ashlar_ct_eq(uint64_t a, uint64_t b) {
  return ashlar_ct_is_zero(ashlar_ct_barrier(a) ^ ashlar_ct_barrier(b));
}

/* All ones if a < b as unsigned numbers. Both pass a barrier first. Otherwise g++ 12 rewrites a loop that
 * compares its counter with a secret: it counts the difference of the two, and addresses memory by sums in
 * which the secret cancels out. */
static inline uint64_t ashlar_ct_lt(uint64_t a, uint64_t b) {
  a = ashlar_ct_barrier(a);
  b = ashlar_ct_barrier(b);
  return ashlar_ct_msb(a ^ ((a ^ b) | ((a - b) ^ a)));
}

/* a where the mask is all ones, b where it is 0. */
static inline uint64_t ashlar_ct_select(uint64_t mask, uint64_t a, uint64_t b) {
  mask = ashlar_ct_barrier(mask);
  return (mask & a) | (~mask & b);
}

/* All ones if the `size` bytes at a and b are equal. */
static inline uint64_t ashlar_ct_equal_bytes(const uint8_t* a, const uint8_t* b, size_t size) {
  uint64_t difference = 0;
  size_t i;
  for (i = 0; i < size; i++) {
    difference |= (uint64_t)(a[i] ^ b[i]);
  }
  return ashlar_ct_is_zero(difference);
}

/* Copies `size` bytes from `from` to `to` if the mask is all ones. In either case both are read and
 * `to` is written. */
static inline void ashlar_ct_copy_bytes(uint64_t mask, uint8_t* to, const uint8_t* from, size_t size) {
  const uint8_t m = (uint8_t)ashlar_ct_barrier(mask);
  size_t i;
  for (i = 0; i < size; i++) {
    to[i] = (uint8_t)((to[i] & (uint8_t)~m) | (from[i] & m));
  }
}

#if defined(__cplusplus)
#pragma GCC diagnostic pop
#endif
