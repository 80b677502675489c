/* SPDX-License-Identifier: Apache-2.0
 *
 * The division steps of Bernstein and Yang ("Fast constant-time gcd computation and modular inversion", TCHES
 * 2019) in the variant that starts at delta = 1/2, in the common subset of C and C++ so that a bounded model
 * checker can prove them.
 *
 * Algorithm. It starts with f = m and g = a. A step makes g even and halves it: if g is odd and delta > 0, it
 * replaces (f, g) by (g, (g - f) / 2) and negates delta, otherwise g by (g + (g mod 2) f) / 2. Then delta
 * grows by 1. After ASHLAR_DIVISION_ROUNDS of 60 steps g is 0 and f is plus or minus the greatest common
 * divisor. d and e are kept beside them with f = d a and g = e a modulo m. So d is the inverse, except for
 * the sign of f.
 *
 * A step looks at the lowest bits only, so 60 steps are done on single words and collected in a matrix
 * (u v; q r) times 2^-60. The matrix is then applied to the long numbers: to f and g, where the division is
 * exact, and to d and e, where multiples of m make it exact.
 *
 * Twenty steps need twenty bits of f and g, and their matrix has numbers of 21 bits. So a word holds the low
 * bits of f and its row of the matrix, and another those of g: each operation of a step is done once instead
 * of three times. See ashlar_division_twenty.
 *
 * Numbers are signed digits of 60 bits, least significant first. The last digit has the sign. All are kept in
 * unsigned words. |f|, |g| <= m; d and e stay in (-2 m, m). Numbers of digits are public; everything runs in
 * constant time in the values. */
#pragma once

#include "bignum/wide.h"

#include <ashlar/base/ct_core.h>

#include <stddef.h>
#include <stdint.h>

#define ASHLAR_DIGIT_BITS 60
#define ASHLAR_DIGIT_MASK (~(uint64_t)0 >> 4)
/* Digits for a number of so many limbs, its sign, and the factor of two by which d and e exceed m. */
#define ASHLAR_DIGITS(limbs) ((64 * (limbs) + 2 + ASHLAR_DIGIT_BITS - 1) / ASHLAR_DIGIT_BITS)
/* Rounds of 60 steps for a modulus of so many bits: (45907 bits + 26313) / 19929 steps. */
#define ASHLAR_DIVISION_ROUNDS(bits) \
  (((45907 * (bits) + 26313) / 19929 + ASHLAR_DIGIT_BITS - 1) / ASHLAR_DIGIT_BITS)

typedef struct {
  int64_t u, v, q, r;
} ashlar_division_matrix;

static inline void ashlar_digits_from_limbs(uint64_t* digits, const uint64_t* limbs, size_t count) {
  size_t i;
  for (i = 0; i < ASHLAR_DIGITS(count); i++) {
    const size_t limb = ASHLAR_DIGIT_BITS * i / 64, shift = ASHLAR_DIGIT_BITS * i % 64;
    uint64_t digit = limb < count ? limbs[limb] >> shift : 0;
    if (shift > 64 - ASHLAR_DIGIT_BITS && limb + 1 < count) {
      digit |= limbs[limb + 1] << (64 - shift);
    }
    digits[i] = digit & ASHLAR_DIGIT_MASK;
  }
}

/* Of a number that is not negative and fits. */
static inline void ashlar_digits_to_limbs(uint64_t* limbs, const uint64_t* digits, size_t count) {
  size_t i;
  for (i = 0; i < count; i++) {
    const size_t digit = 64 * i / ASHLAR_DIGIT_BITS, shift = 64 * i % ASHLAR_DIGIT_BITS;
    limbs[i] = digits[digit] >> shift;
    if (digit + 1 < ASHLAR_DIGITS(count)) {
      limbs[i] |= digits[digit + 1] << (ASHLAR_DIGIT_BITS - shift);
    }
    if (shift > 2 * ASHLAR_DIGIT_BITS - 64 && digit + 2 < ASHLAR_DIGITS(count)) {
      limbs[i] |= digits[digit + 2] << (2 * ASHLAR_DIGIT_BITS - shift);
    }
  }
}

/* The rest of a number of 20 bits, and a row of the matrix, negated, as fields of one word: the number + 2^21
 * u + 2^42 v after twenty steps. u is one of -2^20 to 2^20 - 1 only if it is negated: f keeps its row (2^20,
 * 0) while g is even. */
#define ASHLAR_PACKED_BITS 20
#define ASHLAR_PACKED_MASK (((uint64_t)1 << ASHLAR_PACKED_BITS) - 1)

static inline int64_t ashlar_packed_u(uint64_t row) {
  return -((int64_t)((row + ((uint64_t)1 << 20)) << 22) >> 43);
}
static inline int64_t ashlar_packed_v(uint64_t row) {
  return -((int64_t)(row + ((uint64_t)1 << 20) + ((uint64_t)1 << 41)) >> 42);
}

/* Twenty division steps on packed words, which are read as numbers with sign. They stay between -2^63 and
 * 2^63: u and v of a row are at most 2^20 in size together, and those of two rows sum up to less than 2^21.
 * zeta = -(delta + 1/2), at first -1; returns the new one. */
static inline int64_t ashlar_division_twenty_portable(uint64_t* packed_f, uint64_t* packed_g, int64_t zeta) {
  uint64_t f = *packed_f, g = *packed_g;
  int i;
  for (i = 0; i < ASHLAR_PACKED_BITS; i++) {
    const uint64_t positive = ashlar_ct_barrier((uint64_t)(zeta >> 63)); /* delta > 0 */
    const uint64_t odd = ashlar_ct_barrier(0u - (g & 1u));
    const uint64_t swap = positive & odd;
    g += ((f ^ positive) - positive) & odd; /* plus or minus f where g is odd */
    f += g & swap;                          /* the old g, which is the new one plus f */
    zeta = (zeta ^ (int64_t)swap) - 1;
    g = (uint64_t)((int64_t)g >> 1);
  }
  *packed_f = f;
  *packed_g = g;
  return zeta;
}

#if defined(__x86_64__) && defined(__GNUC__) && !defined(ASHLAR_NO_X86_KERNELS)
/* The same with conditional moves, which every x86-64 machine has: 4.2 cycles a step on Zen 4. Its chain from
 * g over the sum, the move and the shift to the next g is shorter; sixteen instructions are what bounds it.
 */
static inline int64_t ashlar_division_twenty(uint64_t* packed_f, uint64_t* packed_g, int64_t zeta) {
  uint64_t f = *packed_f, g = *packed_g, sum, next_f;
  int64_t next_zeta, count = 5;
  __asm__(
      "1:\n\t"
      ".rept 4\n\t"
      "mov %[f], %[sum]\n\t"
      "mov %[f], %[next_f]\n\t"
      "mov $-2, %[next_zeta]\n\t"
      "neg %[sum]\n\t"
      "sub %[zeta], %[next_zeta]\n\t"
      "test %[zeta], %[zeta]\n\t"
      "cmovns %[f], %[sum]\n\t"
      "cmovs %[g], %[next_f]\n\t"
      "lea -1(%[zeta]), %[zeta]\n\t"
      "cmovns %[zeta], %[next_zeta]\n\t"
      "add %[g], %[sum]\n\t" /* g - f if delta > 0, else g + f */
      "test $1, %b[g]\n\t"
      "cmovnz %[next_f], %[f]\n\t"
      "cmovnz %[next_zeta], %[zeta]\n\t"
      "cmovnz %[sum], %[g]\n\t"
      "sar %[g]\n\t"
      ".endr\n\t"
      "dec %[count]\n\t"
      "jnz 1b\n\t"
      : [f] "+&r"(f), [g] "+&r"(g), [zeta] "+&r"(zeta), [count] "+&r"(count), [sum] "=&r"(sum),
        [next_f] "=&r"(next_f), [next_zeta] "=&r"(next_zeta)
      :
      : "cc");
  *packed_f = f;
  *packed_g = g;
  return zeta;
}
#else
#define ashlar_division_twenty ashlar_division_twenty_portable
#endif

/* 60 division steps on the lowest digits of f and g. */
static inline int64_t ashlar_division_steps(ashlar_division_matrix* t, int64_t zeta, uint64_t f, uint64_t g) {
  ashlar_division_matrix all = {1, 0, 0, 1};
  int i;
  for (i = 0; i < ASHLAR_DIGIT_BITS / ASHLAR_PACKED_BITS; i++) {
    uint64_t row_f = (f & ASHLAR_PACKED_MASK) - ((uint64_t)1 << 41);
    uint64_t row_g = (g & ASHLAR_PACKED_MASK) - ((uint64_t)1 << 62);
    zeta = ashlar_division_twenty(&row_f, &row_g, zeta);
    {
      const int64_t u = ashlar_packed_u(row_f), v = ashlar_packed_v(row_f);
      const int64_t q = ashlar_packed_u(row_g), r = ashlar_packed_v(row_g);
      const ashlar_division_matrix before = all;
      const uint64_t f_before = f;
      /* The low bits that later steps need are right modulo 2^64. */
      f = ((uint64_t)u * f_before + (uint64_t)v * g) >> ASHLAR_PACKED_BITS;
      g = ((uint64_t)q * f_before + (uint64_t)r * g) >> ASHLAR_PACKED_BITS;
      all.u = u * before.u + v * before.q;
      all.v = u * before.v + v * before.r;
      all.q = q * before.u + r * before.q;
      all.r = q * before.v + r * before.r;
    }
  }
  *t = all;
  return zeta;
}

/* a x + b y for two digits x and y. */
static inline ashlar_u128 ashlar_digit_products(int64_t a, uint64_t x, int64_t b, uint64_t y) {
  return ashlar_u128_add(ashlar_u128_mul_signed(a, (int64_t)x), ashlar_u128_mul_signed(b, (int64_t)y));
}

/* (f, g) = t (f, g) / 2^60, exactly. */
static inline void ashlar_division_apply(uint64_t* f, uint64_t* g, size_t digits,
                                         const ashlar_division_matrix* t) {
  ashlar_u128 sum_f = ashlar_u128_of(0), sum_g = ashlar_u128_of(0);
  size_t i;
  for (i = 0; i < digits; i++) {
    sum_f = ashlar_u128_add(sum_f, ashlar_digit_products(t->u, f[i], t->v, g[i]));
    sum_g = ashlar_u128_add(sum_g, ashlar_digit_products(t->q, f[i], t->r, g[i]));
    if (i > 0) {
      f[i - 1] = ashlar_u128_low(sum_f) & ASHLAR_DIGIT_MASK;
      g[i - 1] = ashlar_u128_low(sum_g) & ASHLAR_DIGIT_MASK;
    }
    sum_f = ashlar_u128_shift_signed(sum_f, ASHLAR_DIGIT_BITS);
    sum_g = ashlar_u128_shift_signed(sum_g, ASHLAR_DIGIT_BITS);
  }
  f[digits - 1] = ashlar_u128_low(sum_f);
  g[digits - 1] = ashlar_u128_low(sum_g);
}

/* (d, e) = t (d, e) / 2^60 modulo m, back in (-2 m, m). Added multiples of m make negative numbers positive
 * and the lowest digit zero. m_inverse = 1 / m modulo 2^60 at least. */
static inline void ashlar_division_apply_modular(uint64_t* d, uint64_t* e, size_t digits,
                                                 const ashlar_division_matrix* t, const uint64_t* m,
                                                 uint64_t m_inverse) {
  const int64_t d_sign = (int64_t)d[digits - 1] >> 63, e_sign = (int64_t)e[digits - 1] >> 63;
  int64_t d_times = (t->u & d_sign) + (t->v & e_sign);
  int64_t e_times = (t->q & d_sign) + (t->r & e_sign);
  ashlar_u128 sum_d = ashlar_digit_products(t->u, d[0], t->v, e[0]);
  ashlar_u128 sum_e = ashlar_digit_products(t->q, d[0], t->r, e[0]);
  size_t i;
  d_times -= (int64_t)((m_inverse * ashlar_u128_low(sum_d) + (uint64_t)d_times) & ASHLAR_DIGIT_MASK);
  e_times -= (int64_t)((m_inverse * ashlar_u128_low(sum_e) + (uint64_t)e_times) & ASHLAR_DIGIT_MASK);
  sum_d = ashlar_u128_add(sum_d, ashlar_u128_mul_signed(d_times, (int64_t)m[0]));
  sum_e = ashlar_u128_add(sum_e, ashlar_u128_mul_signed(e_times, (int64_t)m[0]));
  for (i = 1; i < digits; i++) {
    sum_d = ashlar_u128_shift_signed(sum_d, ASHLAR_DIGIT_BITS);
    sum_e = ashlar_u128_shift_signed(sum_e, ASHLAR_DIGIT_BITS);
    sum_d = ashlar_u128_add(sum_d, ashlar_digit_products(t->u, d[i], t->v, e[i]));
    sum_e = ashlar_u128_add(sum_e, ashlar_digit_products(t->q, d[i], t->r, e[i]));
    sum_d = ashlar_u128_add(sum_d, ashlar_u128_mul_signed(d_times, (int64_t)m[i]));
    sum_e = ashlar_u128_add(sum_e, ashlar_u128_mul_signed(e_times, (int64_t)m[i]));
    d[i - 1] = ashlar_u128_low(sum_d) & ASHLAR_DIGIT_MASK;
    e[i - 1] = ashlar_u128_low(sum_e) & ASHLAR_DIGIT_MASK;
  }
  d[digits - 1] = ashlar_u128_low(ashlar_u128_shift_signed(sum_d, ASHLAR_DIGIT_BITS));
  e[digits - 1] = ashlar_u128_low(ashlar_u128_shift_signed(sum_e, ASHLAR_DIGIT_BITS));
}

/* x = (x ^ negate) - negate + (m & add), in digits again. The masks are 0 or all ones. */
static inline void ashlar_digits_adjust(uint64_t* x, size_t digits, uint64_t negate, const uint64_t* m,
                                        uint64_t add) {
  int64_t carry = 0;
  size_t i;
  for (i = 0; i < digits; i++) {
    carry += (int64_t)((x[i] ^ negate) - negate) + (int64_t)(m[i] & add);
    x[i] = (uint64_t)carry & (i + 1 < digits ? ASHLAR_DIGIT_MASK : ~(uint64_t)0);
    carry >>= ASHLAR_DIGIT_BITS;
  }
}

/* All ones where x is negative. */
static inline uint64_t ashlar_digits_sign(const uint64_t* x, size_t digits) {
  return ashlar_ct_msb(x[digits - 1]);
}

/* d in (-2 m, m), negated where the mask `negate` says so, to [0, m). */
static inline void ashlar_digits_normalise(uint64_t* d, size_t digits, uint64_t negate, const uint64_t* m) {
  ashlar_digits_adjust(d, digits, 0, m, ashlar_digits_sign(d, digits));
  ashlar_digits_adjust(d, digits, negate, m, 0);
  ashlar_digits_adjust(d, digits, 0, m, ashlar_digits_sign(d, digits));
}

/* Runs all rounds for an odd m > 1 of this many limbs and at most that many bits, m and a < m in digits: f =
 * +-gcd(a, m), g = 0, f = d a modulo m. t is workspace and as secret as the numbers. m_inverse = 1 / m modulo
 * 2^64. */
static inline void ashlar_division_run(uint64_t* f, uint64_t* g, uint64_t* d, uint64_t* e,
                                       ashlar_division_matrix* t, const uint64_t* a, const uint64_t* m,
                                       uint64_t m_inverse, size_t limbs, size_t bits) {
  const size_t digits = ASHLAR_DIGITS(limbs);
  int64_t zeta = -1;
  size_t i;
  for (i = 0; i < digits; i++) {
    f[i] = m[i];
    g[i] = a[i];
    d[i] = 0;
    e[i] = i == 0;
  }
  for (i = 0; i < ASHLAR_DIVISION_ROUNDS(bits); i++) {
    zeta = ashlar_division_steps(t, zeta, f[0], g[0]);
    ashlar_division_apply_modular(d, e, digits, t, m, m_inverse);
    ashlar_division_apply(f, g, digits, t);
  }
}
