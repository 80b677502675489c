// SPDX-License-Identifier: Apache-2.0
// SHA-256 compression with the SHA extensions.
//
// sha256rnds2 does two rounds on the state held as ABEF and CDGH and takes its two words of W + K from the
// low half of its third operand; each such step waits for the one before it, so that the bound is the latency
// of 32 of them: 128 cycles per block where it takes 4 (2.0 cycles per byte). Everything else hides beneath.
// The message schedule lives in four registers, each with four consecutive words, that take turns: the group
// of words 4g..4g+3 is computed in the register that held 4g-16..4g-13 by sha256msg1, an alignr for W[t-7]
// and sha256msg2, two groups ahead of its use. Registers: abef, cdgh, their copies at the block's start,
// w0..w3, one for W + K: nine of sixteen. The state in memory is in the order of FIPS 180-4, so it is
// shuffled on entry and exit, once per call.
#include "cpu/x86.hpp"
#include "sha2/sha2_kernels.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::sha2 {
namespace {

#define ASHLAR_SHA_TARGET "sha,sse4.1,ssse3"

// Four rounds with the words of w; k points to their constants.
ASHLAR_TARGET_INLINE(ASHLAR_SHA_TARGET)
void four_rounds(__m128i& abef, __m128i& cdgh, __m128i w, const std::uint32_t* k) {
  const __m128i wk = _mm_add_epi32(w, _mm_load_si128(reinterpret_cast<const __m128i*>(k)));
  cdgh = _mm_sha256rnds2_epu32(cdgh, abef, wk);
  abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(wk, 0x0e));
}

// The next four words of the schedule in the place of the oldest four.
ASHLAR_TARGET_INLINE(ASHLAR_SHA_TARGET)
void schedule(__m128i& oldest, __m128i second, __m128i third, __m128i newest) {
  oldest = _mm_sha256msg2_epu32(
      _mm_add_epi32(_mm_sha256msg1_epu32(oldest, second), _mm_alignr_epi8(newest, third, 4)), newest);
}

}  // namespace

ASHLAR_TARGET(ASHLAR_SHA_TARGET)
void compress_256_shani(void* state, const std::uint8_t* data, std::size_t blocks) {
  __m128i* const memory = static_cast<__m128i*>(state);
  const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  const std::uint32_t* const k = kRound256;

  const __m128i cdab = _mm_shuffle_epi32(_mm_loadu_si128(memory), 0xb1);
  const __m128i efgh = _mm_shuffle_epi32(_mm_loadu_si128(memory + 1), 0x1b);
  __m128i abef = _mm_alignr_epi8(cdab, efgh, 8);
  __m128i cdgh = _mm_blend_epi16(efgh, cdab, 0xf0);

  for (; blocks != 0; --blocks, data += 64) {
    const __m128i abef_before = abef;
    const __m128i cdgh_before = cdgh;
    const __m128i* const in = reinterpret_cast<const __m128i*>(data);
    __m128i w0 = _mm_shuffle_epi8(_mm_loadu_si128(in), swap);
    __m128i w1 = _mm_shuffle_epi8(_mm_loadu_si128(in + 1), swap);
    __m128i w2 = _mm_shuffle_epi8(_mm_loadu_si128(in + 2), swap);
    __m128i w3 = _mm_shuffle_epi8(_mm_loadu_si128(in + 3), swap);

    for (int r = 0; r < 48; r += 16) {
      four_rounds(abef, cdgh, w0, k + r);
      schedule(w0, w1, w2, w3);
      four_rounds(abef, cdgh, w1, k + r + 4);
      schedule(w1, w2, w3, w0);
      four_rounds(abef, cdgh, w2, k + r + 8);
      schedule(w2, w3, w0, w1);
      four_rounds(abef, cdgh, w3, k + r + 12);
      schedule(w3, w0, w1, w2);
    }
    four_rounds(abef, cdgh, w0, k + 48);
    four_rounds(abef, cdgh, w1, k + 52);
    four_rounds(abef, cdgh, w2, k + 56);
    four_rounds(abef, cdgh, w3, k + 60);

    abef = _mm_add_epi32(abef, abef_before);
    cdgh = _mm_add_epi32(cdgh, cdgh_before);
  }

  const __m128i feba = _mm_shuffle_epi32(abef, 0x1b);
  const __m128i dchg = _mm_shuffle_epi32(cdgh, 0xb1);
  _mm_storeu_si128(memory, _mm_blend_epi16(feba, dchg, 0xf0));
  _mm_storeu_si128(memory + 1, _mm_alignr_epi8(dchg, feba, 8));
}

}  // namespace ashlar::crypto::sha2

#endif
