// SPDX-License-Identifier: Apache-2.0
// ChaCha20 on 256-bit registers with AVX-512's instructions: 32 registers hold eight blocks, and a rotation
// is one instruction. For the CPUs that slow down when 512-bit registers are used (cpu.cpp). 960 operations
// for eight blocks at three per cycle: 0.63 cycles per byte; Poly1305's 32 blocks of 15.6 cycles each beside
// them are the bound, 0.98. The rest is chacha20_x86_ymm.inc.
#include "chacha20poly1305/poly1305_x86_bmi2.hpp"

#if ASHLAR_X86_KERNELS

#define ASHLAR_YMM "avx2,avx512f,avx512vl"
#define ASHLAR_YMM_ROW(name) name##_avx512vl

namespace ashlar::crypto::chacha {
namespace {

ASHLAR_TARGET_INLINE(ASHLAR_YMM) void clear_vectors() {
  clear_vectors_avx512();
}

template <int Count>
ASHLAR_TARGET_INLINE(ASHLAR_YMM)
__m256i rotate(__m256i x) {
  return _mm256_rol_epi32(x, Count);
}

// Step of four quarter rounds on words: a += b, d = (d ^ a) <<< Count.
template <int Count>
ASHLAR_TARGET_INLINE(ASHLAR_YMM)
void step(__m256i x[16], const int a[4], const int b[4], const int d[4]) {
  ASHLAR_UNROLL
  for (int i = 0; i < 4; ++i) {
    x[a[i]] = _mm256_add_epi32(x[a[i]], x[b[i]]);
  }
  ASHLAR_UNROLL
  for (int i = 0; i < 4; ++i) {
    x[d[i]] = rotate<Count>(_mm256_xor_si256(x[d[i]], x[a[i]]));
  }
}

// Four quarter rounds, whose words b, c and d come from columns further on by `turn` times 1, 2 and 3.
template <int Turn, class Between>
ASHLAR_TARGET_INLINE(ASHLAR_YMM)
void quarter_rounds(__m256i x[16], Between& between, bool twice) {
  constexpr int kT = Turn;
  constexpr int a[4] = {0, 1, 2, 3};
  constexpr int b[4] = {4 + kT % 4, 4 + (1 + kT) % 4, 4 + (2 + kT) % 4, 4 + (3 + kT) % 4};
  constexpr int c[4] = {8 + 2 * kT % 4, 8 + (1 + 2 * kT) % 4, 8 + (2 + 2 * kT) % 4, 8 + (3 + 2 * kT) % 4};
  constexpr int d[4] = {12 + 3 * kT % 4, 12 + (1 + 3 * kT) % 4, 12 + (2 + 3 * kT) % 4, 12 + (3 + 3 * kT) % 4};
  step<16>(x, a, b, d);
  step<12>(x, c, d, b);
  between();
  step<8>(x, a, b, d);
  step<7>(x, c, d, b);
  if (twice) {
    between();
  }
}

// The twenty rounds of eight blocks.
template <class Between>
ASHLAR_TARGET_INLINE(ASHLAR_YMM)
void twenty_rounds(__m256i x[16], Between& between) {
  for (int round = 0; round < 10; ++round) {
    quarter_rounds<0>(x, between, true);
    quarter_rounds<1>(x, between, false);
  }
  between();
  between();
}

}  // namespace
}  // namespace ashlar::crypto::chacha

#include "chacha20poly1305/chacha20_x86_ymm.inc"

#endif
