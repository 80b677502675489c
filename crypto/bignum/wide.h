/* SPDX-License-Identifier: Apache-2.0
 *
 * Numbers of 128 bits, for products of limbs and their sums. They are the compiler's if it has them.
 * Otherwise (32-bit machines) they are two words, multiplied by halves. In the common subset of C and C++ so
 * that a bounded model checker can prove it. All is modulo 2^128, so the same sums serve unsigned numbers and
 * two's complement. Constant time wherever the machine's multiplication is. */
#pragma once

#include <ashlar/base/ct_core.h>

#include <stdint.h>

#if defined(__SIZEOF_INT128__) && !defined(ASHLAR_NO_INT128)

__extension__ typedef unsigned __int128 ashlar_u128;
__extension__ typedef __int128 ashlar_i128;

static inline ashlar_u128 ashlar_u128_of(uint64_t a) {
  return a;
}
static inline uint64_t ashlar_u128_low(ashlar_u128 a) {
  return (uint64_t)a;
}
static inline uint64_t ashlar_u128_high(ashlar_u128 a) {
  return (uint64_t)(a >> 64);
}
static inline ashlar_u128 ashlar_u128_add(ashlar_u128 a, ashlar_u128 b) {
  return a + b;
}
static inline ashlar_u128 ashlar_u128_sub(ashlar_u128 a, ashlar_u128 b) {
  return a - b;
}
static inline ashlar_u128 ashlar_u128_mul(uint64_t a, uint64_t b) {
  return (ashlar_u128)a * b;
}
static inline ashlar_u128 ashlar_u128_mul_signed(int64_t a, int64_t b) {
  return (ashlar_u128)((ashlar_i128)a * b);
}
/* a / 2^bits, rounded down, for 0 < bits < 64: of an unsigned number, of one in two's complement. */
static inline ashlar_u128 ashlar_u128_shift(ashlar_u128 a, unsigned bits) {
  return a >> bits;
}
static inline ashlar_u128 ashlar_u128_shift_signed(ashlar_u128 a, unsigned bits) {
  return (ashlar_u128)((ashlar_i128)a >> bits);
}
/* a / 2^64, rounded down, of a number in two's complement. */
static inline ashlar_u128 ashlar_u128_upper_signed(ashlar_u128 a) {
  return (ashlar_u128)((ashlar_i128)a >> 64);
}

#else

typedef struct {
  uint64_t low, high;
} ashlar_u128;

static inline ashlar_u128 ashlar_u128_of(uint64_t a) {
  const ashlar_u128 r = {a, 0};
  return r;
}
static inline uint64_t ashlar_u128_low(ashlar_u128 a) {
  return a.low;
}
static inline uint64_t ashlar_u128_high(ashlar_u128 a) {
  return a.high;
}
/* The carries come from the top bits: a comparison of 64-bit numbers may be a branch on a 32-bit machine. */
static inline ashlar_u128 ashlar_u128_add(ashlar_u128 a, ashlar_u128 b) {
  ashlar_u128 r;
  r.low = a.low + b.low;
  r.high = a.high + b.high + (((a.low & b.low) | ((a.low | b.low) & ~r.low)) >> 63);
  return r;
}
static inline ashlar_u128 ashlar_u128_sub(ashlar_u128 a, ashlar_u128 b) {
  ashlar_u128 r;
  r.low = a.low - b.low;
  r.high = a.high - b.high - (((~a.low & b.low) | ((~a.low | b.low) & r.low)) >> 63);
  return r;
}
static inline ashlar_u128 ashlar_u128_mul(uint64_t a, uint64_t b) {
  const uint32_t a0 = (uint32_t)a, a1 = (uint32_t)(a >> 32);
  const uint32_t b0 = (uint32_t)b, b1 = (uint32_t)(b >> 32);
  const uint64_t bottom = (uint64_t)a0 * b0;
  const uint64_t cross = (uint64_t)a1 * b0 + (bottom >> 32); /* at most (2^32 - 1) 2^32 */
  const uint64_t middle = (uint64_t)a0 * b1 + (uint32_t)cross;
  ashlar_u128 r;
  r.low = (middle << 32) | (uint32_t)bottom;
  r.high = (uint64_t)a1 * b1 + (cross >> 32) + (middle >> 32);
  return r;
}
/* A negative factor, taken as unsigned, is 2^64 too large. */
static inline ashlar_u128 ashlar_u128_mul_signed(int64_t a, int64_t b) {
  ashlar_u128 r = ashlar_u128_mul((uint64_t)a, (uint64_t)b);
  r.high -= ashlar_ct_msb((uint64_t)a) & (uint64_t)b;
  r.high -= ashlar_ct_msb((uint64_t)b) & (uint64_t)a;
  return r;
}
static inline ashlar_u128 ashlar_u128_shift(ashlar_u128 a, unsigned bits) {
  ashlar_u128 r;
  r.low = (a.low >> bits) | (a.high << (64 - bits));
  r.high = a.high >> bits;
  return r;
}
static inline ashlar_u128 ashlar_u128_shift_signed(ashlar_u128 a, unsigned bits) {
  ashlar_u128 r;
  r.low = (a.low >> bits) | (a.high << (64 - bits));
  r.high = (uint64_t)((int64_t)a.high >> bits);
  return r;
}
static inline ashlar_u128 ashlar_u128_upper_signed(ashlar_u128 a) {
  ashlar_u128 r;
  r.low = a.high;
  r.high = 0u - (a.high >> 63);
  return r;
}

#endif
