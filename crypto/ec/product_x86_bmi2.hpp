// SPDX-License-Identifier: Apache-2.0
// Products of numbers of four limbs, and squares, with MULX and one chain of carries, as text for the asm
// statements of fields: for machines without ADCX and ADOX.
//
// Algorithm. Neighbouring partial products overlap by a limb, and every other one does not. A row therefore
// takes two passes of one chain: the products of the even limbs, then those of the odd ones. MULX leaves the
// carry alone, so each product is added as it is made, and no more registers are needed than with two chains.
// Squares compute the products off the diagonal once.
//
// Registers. As in product_x86_adx.hpp: t0..t7, lo, hi, rdx, a and b.
#pragma once

#define ASHLAR_BMI2_STEP(from, offset, add, low, high)                      \
  "mulx " #offset "(%[" #from "]), %[lo], %[hi]\n\t" #add " %[lo], %[" #low \
  "]\n\t"                                                                   \
  "adc %[hi], %[" #high "]\n\t"

// u4 : u0..u3 = u0..u3 + a * b[offset / 8]
#define ASHLAR_BMI2_ROW(offset, u0, u1, u2, u3, u4)                                                     \
  "mov " #offset                                                                                        \
  "(%[b]), %%rdx\n\t"                                                                                   \
  "xor %k[" #u4 "], %k[" #u4 "]\n\t" ASHLAR_BMI2_STEP(a, 0, add, u0, u1)                                \
      ASHLAR_BMI2_STEP(a, 16, adc, u2, u3) "adc $0, %[" #u4 "]\n\t" ASHLAR_BMI2_STEP(a, 8, add, u1, u2) \
          ASHLAR_BMI2_STEP(a, 24, adc, u3, u4)

// t0..t7 = a * b
#define ASHLAR_BMI2_PRODUCT_4                                                                        \
  "mov 0(%[b]), %%rdx\n\t"                                                                           \
  "mulx 0(%[a]), %[t0], %[t1]\n\t"                                                                   \
  "mulx 8(%[a]), %[lo], %[t2]\n\t"                                                                   \
  "add %[lo], %[t1]\n\t"                                                                             \
  "mulx 16(%[a]), %[lo], %[t3]\n\t"                                                                  \
  "adc %[lo], %[t2]\n\t"                                                                             \
  "mulx 24(%[a]), %[lo], %[t4]\n\t"                                                                  \
  "adc %[lo], %[t3]\n\t"                                                                             \
  "adc $0, %[t4]\n\t" ASHLAR_BMI2_ROW(8, t1, t2, t3, t4, t5) ASHLAR_BMI2_ROW(16, t2, t3, t4, t5, t6) \
      ASHLAR_BMI2_ROW(24, t3, t4, t5, t6, t7)

// t0..t7 = a * a
#define ASHLAR_BMI2_SQUARE_4 \
  "mov 0(%[a]), %%rdx\n\t"             \
  "mulx 8(%[a]), %[t1], %[t2]\n\t"     \
  "mulx 16(%[a]), %[lo], %[t3]\n\t"    \
  "add %[lo], %[t2]\n\t"               \
  "mulx 24(%[a]), %[lo], %[t4]\n\t"    \
  "adc %[lo], %[t3]\n\t"               \
  "adc $0, %[t4]\n\t"                  \
  "mov 8(%[a]), %%rdx\n\t"             \
  "mulx 24(%[a]), %[t0], %[t5]\n\t"    \
  ASHLAR_BMI2_STEP(a, 16, add, t3, t4) \
  "adc $0, %[t5]\n\t"                  \
  "mov 16(%[a]), %%rdx\n\t"            \
  "mulx 24(%[a]), %[lo], %[t6]\n\t"    \
  "add %[t0], %[t4]\n\t"               \
  "adc %[lo], %[t5]\n\t"               \
  "adc $0, %[t6]\n\t"                  \
  "xor %k[t7], %k[t7]\n\t"             \
  "add %[t1], %[t1]\n\t"               \
  "adc %[t2], %[t2]\n\t"               \
  "adc %[t3], %[t3]\n\t"               \
  "adc %[t4], %[t4]\n\t"               \
  "adc %[t5], %[t5]\n\t"               \
  "adc %[t6], %[t6]\n\t"               \
  "adc %[t7], %[t7]\n\t"               \
  "mov 0(%[a]), %%rdx\n\t"             \
  "mulx %%rdx, %[t0], %[hi]\n\t"       \
  "add %[hi], %[t1]\n\t"               \
  "mov 8(%[a]), %%rdx\n\t"             \
  "mulx %%rdx, %[lo], %[hi]\n\t"       \
  "adc %[lo], %[t2]\n\t"               \
  "adc %[hi], %[t3]\n\t"               \
  "mov 16(%[a]), %%rdx\n\t"            \
  "mulx %%rdx, %[lo], %[hi]\n\t"       \
  "adc %[lo], %[t4]\n\t"               \
  "adc %[hi], %[t5]\n\t"               \
  "mov 24(%[a]), %%rdx\n\t"            \
  "mulx %%rdx, %[lo], %[hi]\n\t"       \
  "adc %[lo], %[t6]\n\t"               \
  "adc %[hi], %[t7]\n\t"
