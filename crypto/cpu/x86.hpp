// SPDX-License-Identifier: Apache-2.0
// Whether this build has x86-64 kernels, and the target attributes they are compiled under. The build never
// passes -mavx2 and the like to a file: only the functions that the dispatcher reaches behind a CPUID check
// use wide registers.
#pragma once

#if defined(ASHLAR_EMULATED_KERNELS)
// A test compiles kernels against plain-C++ intrinsics (tests/crypto/emulated).
#define ASHLAR_X86_KERNELS 1
#include "emulated/immintrin.h"

#define ASHLAR_TARGET(features)
#define ASHLAR_TARGET_INLINE(features) inline
inline void clear_vectors_avx512() {}
#elif defined(__x86_64__) && !defined(ASHLAR_NO_X86_KERNELS)
#define ASHLAR_X86_KERNELS 1
// g++ 12 spells "any value" as an initialisation of a variable by itself and then warns of it.
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
// Zeroes all vector registers, where a kernel's last secrets lie. vzeroall leaves zmm16 to zmm31.
ASHLAR_TARGET_INLINE("avx512f") void clear_vectors_avx512() {
  _mm256_zeroall();
#define ASHLAR_CLEAR4(a, b, c, d)                                                                     \
  __asm__ volatile("vpxord %%zmm" #a ", %%zmm" #a ", %%zmm" #a "\n\tvpxord %%zmm" #b ", %%zmm" #b     \
                   ", %%zmm" #b "\n\tvpxord %%zmm" #c ", %%zmm" #c ", %%zmm" #c "\n\tvpxord %%zmm" #d \
                   ", %%zmm" #d ", %%zmm" #d                                                          \
                   :                                                                                  \
                   :                                                                                  \
                   : "xmm" #a, "xmm" #b, "xmm" #c, "xmm" #d)
  ASHLAR_CLEAR4(16, 17, 18, 19);
  ASHLAR_CLEAR4(20, 21, 22, 23);
  ASHLAR_CLEAR4(24, 25, 26, 27);
  ASHLAR_CLEAR4(28, 29, 30, 31);
#undef ASHLAR_CLEAR4
}
// Before a loop whose count is a small constant and whose arrays are registers: unrolls it at any level of
// optimisation above none.
#if defined(__clang__)
#define ASHLAR_UNROLL _Pragma("unroll")
// Clang warns where such a loop turns out to run once or never.
#pragma clang diagnostic ignored "-Wpass-failed"
#else
#define ASHLAR_UNROLL _Pragma("GCC unroll 16")
#endif
#else
#define ASHLAR_X86_KERNELS 0
#endif
