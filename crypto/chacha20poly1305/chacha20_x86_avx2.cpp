// SPDX-License-Identifier: Apache-2.0
// ChaCha20 on AVX2: the rotations and the rounds of eight blocks; the rest is chacha20_x86_ymm.inc.
//
// Eight blocks would take all sixteen registers and leave none for the two shifts and the OR of a rotation by
// 12 or 7 (those by 16 and 8 are byte shuffles). So two quarter rounds go together, and of words 8 to 11 only
// the two that they use are in registers. Column rounds take 8, 9 and then 10, 11. Diagonal rounds take 10,
// 11, which are loaded already, and then 8, 9. The moves to and from memory are written as assembly, because
// the compilers choose worse ones. About 1.2 cycles per byte.
#include "chacha20poly1305/poly1305_x86_bmi2.hpp"

#if ASHLAR_X86_KERNELS

#define ASHLAR_YMM "avx2"
#define ASHLAR_YMM_ROW(name) name##_avx2

namespace ashlar::crypto::chacha {
namespace {

ASHLAR_TARGET_INLINE("avx2") void clear_vectors() {
  clear_vectors_avx();
}

template <int Count>
ASHLAR_TARGET_INLINE("avx2")
__m256i rotate(__m256i x) {
  if constexpr (Count == 16) {
    return _mm256_shuffle_epi8(
        x, _mm256_set_epi64x(0x0d0c0f0e09080b0a, 0x0504070601000302, 0x0d0c0f0e09080b0a, 0x0504070601000302));
  } else if constexpr (Count == 8) {
    return _mm256_shuffle_epi8(
        x, _mm256_set_epi64x(0x0e0d0c0f0a09080b, 0x0605040702010003, 0x0e0d0c0f0a09080b, 0x0605040702010003));
  } else {
    return _mm256_or_si256(_mm256_slli_epi32(x, Count), _mm256_srli_epi32(x, 32 - Count));
  }
}

// One step of two quarter rounds: a += b, d = (d ^ a) <<< Count.
template <int Count>
ASHLAR_TARGET_INLINE("avx2")
void step(__m256i& a0, __m256i& a1, __m256i b0, __m256i b1, __m256i& d0, __m256i& d1) {
  a0 = _mm256_add_epi32(a0, b0);
  a1 = _mm256_add_epi32(a1, b1);
  d0 = rotate<Count>(_mm256_xor_si256(d0, a0));
  d1 = rotate<Count>(_mm256_xor_si256(d1, a1));
}

ASHLAR_TARGET_INLINE("avx2")
void two_quarter_rounds(__m256i& a0, __m256i& a1, __m256i& b0, __m256i& b1, __m256i& c0, __m256i& c1,
                        __m256i& d0, __m256i& d1) {
  step<16>(a0, a1, b0, b1, d0, d1);
  step<12>(c0, c1, d0, d1, b0, b1);
  step<8>(a0, a1, b0, b1, d0, d1);
  step<7>(c0, c1, d0, d1, b0, b1);
}

// Stores `out` to `saved_out` and loads the register again from `saved_in`.
ASHLAR_TARGET_INLINE("avx2") void exchange(__m256i& word, __m256i& saved_out, const __m256i& saved_in) {
  __asm__ volatile(
      "vmovdqa %[word], %[out]\n\t"
      "vmovdqa %[in], %[word]"
      : [word] "+x"(word), [out] "=m"(saved_out)
      : [in] "m"(saved_in));
}

// The twenty rounds of eight blocks.
template <class Between>
ASHLAR_TARGET_INLINE("avx2")
void twenty_rounds(__m256i x[16], Between& between) {
  // Words 8 to 11: the pair in registers, and memory for each word when it is not.
  __m256i c0 = x[8], c1 = x[9];
  __m256i saved[4] = {x[8], x[9], x[10], x[11]};
  for (int round = 0; round < 10; ++round) {
    two_quarter_rounds(x[0], x[1], x[4], x[5], c0, c1, x[12], x[13]);
    between();
    exchange(c0, saved[0], saved[2]);
    exchange(c1, saved[1], saved[3]);
    two_quarter_rounds(x[2], x[3], x[6], x[7], c0, c1, x[14], x[15]);
    between();
    two_quarter_rounds(x[0], x[1], x[5], x[6], c0, c1, x[15], x[12]);
    between();
    exchange(c0, saved[2], saved[0]);
    exchange(c1, saved[3], saved[1]);
    two_quarter_rounds(x[2], x[3], x[7], x[4], c0, c1, x[13], x[14]);
  }
  x[8] = c0;
  x[9] = c1;
  x[10] = saved[2];
  x[11] = saved[3];
  between();
  between();
}

}  // namespace
}  // namespace ashlar::crypto::chacha

#include "chacha20poly1305/chacha20_x86_ymm.inc"

#endif
