// SPDX-License-Identifier: Apache-2.0
// Pieces of the asm statements of fields of more than four limbs, with MULX, ADCX and ADOX: rows of products
// and squares of numbers in memory. lo and hi take each partial product, rdx is the factor, p points to the
// square.
#pragma once

#include <cstdint>

// Copies limbs one at a time. Compilers would pair them in vectors, and a vector waits until the limbs that
// were just written have left for the cache.
template <int kLimbs>
__attribute__((always_inline)) inline void ashlar_copy_limbs(std::uint64_t* to, const std::uint64_t* from) {
  for (int i = 0; i < kLimbs; i++) {
    std::uint64_t limb = from[i];
    __asm__("" : "+r"(limb));
    to[i] = limb;
  }
}

// low and high += the limb at `offset` from `from`, times rdx, each in its own chain of carries.
#define ASHLAR_ADX_STEP(from, offset, low, high) \
  "mulx " #offset "(%[" #from                    \
  "]), %[lo], %[hi]\n\t"                         \
  "adcx %[lo], %[" #low                          \
  "]\n\t"                                        \
  "adox %[hi], %[" #high "]\n\t"

// Before the steps of a row: its factor is the limb at `offset` from `from`, its highest limb and both
// carries are 0.
#define ASHLAR_ADX_FACTOR(from, offset, top) \
  "mov " #offset "(%[" #from                 \
  "]), %%rdx\n\t"                            \
  "xor %k[" #top "], %k[" #top "]\n\t"

// After them: the carry of the low halves; that of the high halves is 0.
#define ASHLAR_ADX_LAST(top) \
  "mov $0, %k[lo]\n\t"       \
  "adcx %[lo], %[" #top "]\n\t"

// Two limbs that are done, to memory.
#define ASHLAR_ADX_KEEP(at, low, high) \
  "mov %[" #low "], " #at              \
  "(%[p])\n\t"                         \
  "mov %[" #high "], 8+" #at "(%[p])\n\t"

// The two limbs at `at` are doubled, and the square of the limb at `offset` from `from` is added.
#define ASHLAR_ADX_SQUARE(from, offset, at) \
  "mov " #offset "(%[" #from                \
  "]), %%rdx\n\t"                           \
  "mulx %%rdx, %[lo], %[hi]\n\t"            \
  "mov " #at                                \
  "(%[p]), %[t0]\n\t"                       \
  "adcx %[t0], %[t0]\n\t"                   \
  "adox %[lo], %[t0]\n\t"                   \
  "mov %[t0], " #at                         \
  "(%[p])\n\t"                              \
  "mov 8+" #at                              \
  "(%[p]), %[t0]\n\t"                       \
  "adcx %[t0], %[t0]\n\t"                   \
  "adox %[hi], %[t0]\n\t"                   \
  "mov %[t0], 8+" #at "(%[p])\n\t"
