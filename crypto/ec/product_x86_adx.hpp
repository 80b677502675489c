// SPDX-License-Identifier: Apache-2.0
// The 512-bit product of two numbers of four limbs, and the square of one, with MULX, ADCX and ADOX, as text
// for the asm statements of the fields of 256 bits.
//
// Algorithm. A product is four rows, a[0..3] * b[i]: the low halves go in one carry chain (ADCX), the high
// halves in another (ADOX), so that neither waits for the other. A square computes the six products off the
// diagonal once, then doubles them in one chain while the other adds the four squares: ten multiplications
// instead of sixteen.
//
// Registers. t0..t7 take the product; lo and hi each partial product; rdx the factor; a and b point to the
// operands. Thirteen in all, which leaves the compiler a frame pointer. The asm statement around the text
// continues with the reduction: t0..t7 are in registers, lo, hi and rdx are free, and a and b are not needed
// any more.
//
// What is odd. The text is macros. Compilers do not promise that flags and registers survive from one asm
// statement to the next, and a call for each part would cost more than its work. The statements are volatile
// and clobber memory, because they read their operands through pointers: a compiler that sees only the
// pointers would take two squarings of one variable for the same value. Memory operands would be more precise
// but may need a register each.
#pragma once

#define ASHLAR_ROW_STEP(offset, low, high) \
  "mulx " #offset                          \
  "(%[a]), %[lo], %[hi]\n\t"               \
  "adcx %[lo], %[" #low                    \
  "]\n\t"                                  \
  "adox %[hi], %[" #high "]\n\t"

// u4 : u0..u3 = u0..u3 + a * b[offset / 8]
#define ASHLAR_ROW(offset, u0, u1, u2, u3, u4)                                          \
  "mov " #offset                                                                        \
  "(%[b]), %%rdx\n\t"                                                                   \
  "xor %k[" #u4 "], %k[" #u4 "]\n\t" /* clears both carries too */                      \
      ASHLAR_ROW_STEP(0, u0, u1) ASHLAR_ROW_STEP(8, u1, u2) ASHLAR_ROW_STEP(16, u2, u3) \
          ASHLAR_ROW_STEP(24, u3, u4) "adc $0, %[" #u4 "]\n\t" /* of the low halves; the other carry is 0 */

// t0..t7 = a * b
#define ASHLAR_PRODUCT_4                                                                   \
  "mov 0(%[b]), %%rdx\n\t"                                                                 \
  "mulx 0(%[a]), %[t0], %[t1]\n\t"                                                         \
  "mulx 8(%[a]), %[lo], %[t2]\n\t"                                                         \
  "add %[lo], %[t1]\n\t"                                                                   \
  "mulx 16(%[a]), %[lo], %[t3]\n\t"                                                        \
  "adc %[lo], %[t2]\n\t"                                                                   \
  "mulx 24(%[a]), %[lo], %[t4]\n\t"                                                        \
  "adc %[lo], %[t3]\n\t"                                                                   \
  "adc $0, %[t4]\n\t" ASHLAR_ROW(8, t1, t2, t3, t4, t5) ASHLAR_ROW(16, t2, t3, t4, t5, t6) \
      ASHLAR_ROW(24, t3, t4, t5, t6, t7)

// t0..t7 = a * a
#define ASHLAR_SQUARE_4                                                         \
  "mov 0(%[a]), %%rdx\n\t"                                                      \
  "mulx 8(%[a]), %[t1], %[t2]\n\t"                                              \
  "mulx 16(%[a]), %[lo], %[t3]\n\t"                                             \
  "add %[lo], %[t2]\n\t"                                                        \
  "mulx 24(%[a]), %[lo], %[t4]\n\t"                                             \
  "adc %[lo], %[t3]\n\t"                                                        \
  "adc $0, %[t4]\n\t"                                                           \
  "mov 8(%[a]), %%rdx\n\t"                                                      \
  "xor %k[t5], %k[t5]\n\t" /* clears both carries too */                        \
  "mulx 16(%[a]), %[lo], %[hi]\n\t"                                             \
  "adcx %[lo], %[t3]\n\t"                                                       \
  "adox %[hi], %[t4]\n\t"                                                       \
  "mulx 24(%[a]), %[lo], %[hi]\n\t"                                             \
  "adcx %[lo], %[t4]\n\t"                                                       \
  "adox %[hi], %[t5]\n\t"                                                       \
  "mov 16(%[a]), %%rdx\n\t"                                                     \
  "mulx 24(%[a]), %[lo], %[t6]\n\t"                                             \
  "adcx %[lo], %[t5]\n\t"                                                       \
  "mov $0, %k[lo]\n\t"                                                          \
  "adcx %[lo], %[t6]\n\t"                                                       \
  "xor %k[t7], %k[t7]\n\t" /* from here t1..t6 are doubled and squares added */ \
  "mov 0(%[a]), %%rdx\n\t"                                                      \
  "mulx %%rdx, %[t0], %[hi]\n\t"                                                \
  "adcx %[t1], %[t1]\n\t"                                                       \
  "adox %[hi], %[t1]\n\t"                                                       \
  "mov 8(%[a]), %%rdx\n\t"                                                      \
  "mulx %%rdx, %[lo], %[hi]\n\t"                                                \
  "adcx %[t2], %[t2]\n\t"                                                       \
  "adox %[lo], %[t2]\n\t"                                                       \
  "adcx %[t3], %[t3]\n\t"                                                       \
  "adox %[hi], %[t3]\n\t"                                                       \
  "mov 16(%[a]), %%rdx\n\t"                                                     \
  "mulx %%rdx, %[lo], %[hi]\n\t"                                                \
  "adcx %[t4], %[t4]\n\t"                                                       \
  "adox %[lo], %[t4]\n\t"                                                       \
  "adcx %[t5], %[t5]\n\t"                                                       \
  "adox %[hi], %[t5]\n\t"                                                       \
  "mov 24(%[a]), %%rdx\n\t"                                                     \
  "mulx %%rdx, %[lo], %[hi]\n\t"                                                \
  "adcx %[t6], %[t6]\n\t"                                                       \
  "adox %[lo], %[t6]\n\t"                                                       \
  "adcx %[t7], %[t7]\n\t"                                                       \
  "adox %[hi], %[t7]\n\t"
