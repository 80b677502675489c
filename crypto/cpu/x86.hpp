// SPDX-License-Identifier: Apache-2.0
// Whether this build has x86-64 kernels, and their target attributes. The build never passes -mavx2 and
// the like for a file. Only functions that the dispatcher reaches after a CPUID check use wide
// registers.
#pragma once

#include "cpu/unroll.hpp"

#if defined(ASHLAR_EMULATED_KERNELS)
// A test compiles kernels against plain-C++ intrinsics (tests/crypto/emulated).
#define ASHLAR_X86_KERNELS 1
#include "emulated/immintrin.h"

#define ASHLAR_TARGET(features)
#define ASHLAR_TARGET_INLINE(features) inline
inline void clear_vectors_sse() {}
inline void clear_vectors_avx() {}
inline void clear_vectors_avx512() {}
#elif defined(__x86_64__) && !defined(ASHLAR_NO_X86_KERNELS)
#define ASHLAR_X86_KERNELS 1
// g++ 12 implements "any value" by initialising a variable with itself, and then warns of it.
#pragma GCC diagnostic push
#if !defined(__clang__)
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <immintrin.h>
#pragma GCC diagnostic pop

#define ASHLAR_TARGET(features) __attribute__((target(features)))
// A helper of a kernel: inlined into a caller whose targets include its own.
#define ASHLAR_TARGET_INLINE(features) __attribute__((target(features), always_inline)) inline
// Zero the vector registers, which hold a kernel's last secrets. To xor a register with itself costs only a
// place in the pipeline: eight cycles for all 32, while vzeroall alone takes fourteen.
#define ASHLAR_CLEAR4(xor_of, a, b, c, d)                  \
  __asm__ volatile(xor_of(a) xor_of(b) xor_of(c) xor_of(d) \
                   :                                       \
                   :                                       \
                   : "xmm" #a, "xmm" #b, "xmm" #c, "xmm" #d, "memory")
#define ASHLAR_CLEAR16(xor_of)         \
  ASHLAR_CLEAR4(xor_of, 0, 1, 2, 3);   \
  ASHLAR_CLEAR4(xor_of, 4, 5, 6, 7);   \
  ASHLAR_CLEAR4(xor_of, 8, 9, 10, 11); \
  ASHLAR_CLEAR4(xor_of, 12, 13, 14, 15)
#define ASHLAR_PXOR(r) "pxor %%xmm" #r ", %%xmm" #r "\n\t"
#define ASHLAR_VPXOR(r) "vpxor %%xmm" #r ", %%xmm" #r ", %%xmm" #r "\n\t"
#define ASHLAR_VPXORD(r) "vpxord %%zmm" #r ", %%zmm" #r ", %%zmm" #r "\n\t"
ASHLAR_TARGET_INLINE("sse2") void clear_vectors_sse() {
  ASHLAR_CLEAR16(ASHLAR_PXOR);
}
ASHLAR_TARGET_INLINE("avx") void clear_vectors_avx() {
  ASHLAR_CLEAR16(ASHLAR_VPXOR);
  _mm256_zeroupper();
}
ASHLAR_TARGET_INLINE("avx512f") void clear_vectors_avx512() {
  ASHLAR_CLEAR4(ASHLAR_VPXORD, 16, 17, 18, 19);
  ASHLAR_CLEAR4(ASHLAR_VPXORD, 20, 21, 22, 23);
  ASHLAR_CLEAR4(ASHLAR_VPXORD, 24, 25, 26, 27);
  ASHLAR_CLEAR4(ASHLAR_VPXORD, 28, 29, 30, 31);
  clear_vectors_avx();
}
#undef ASHLAR_CLEAR4
#undef ASHLAR_CLEAR16
#undef ASHLAR_PXOR
#undef ASHLAR_VPXOR
#undef ASHLAR_VPXORD
#else
#define ASHLAR_X86_KERNELS 0
#endif
