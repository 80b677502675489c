// SPDX-License-Identifier: Apache-2.0
// SHA-1 compression with the SHA extensions.
//
// sha1rnds4 does four rounds on A to D; E for the next four comes out of A by sha1nexte, which also adds the
// message words. The chain of 20 sha1rnds4 at a latency of 6 bounds a block at 120 cycles (1.875 cycles per
// byte); the schedule (sha1msg1, an XOR, sha1msg2), four groups of four words that take turns, hides beneath.
#include "sha1/sha1_kernels.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::sha1 {
namespace {

#define ASHLAR_SHA_TARGET "sha,sse4.1,ssse3"

// Four rounds of kind F with the words w; e holds A of four rounds ago and leaves holding A of now.
template <int F>
ASHLAR_TARGET_INLINE(ASHLAR_SHA_TARGET)
void four_rounds(__m128i& abcd, __m128i& e, __m128i w) {
  const __m128i sum = _mm_sha1nexte_epu32(e, w);
  e = abcd;
  abcd = _mm_sha1rnds4_epu32(abcd, sum, F);
}

// The next four words of the schedule in the place of the oldest four.
ASHLAR_TARGET_INLINE(ASHLAR_SHA_TARGET)
void schedule(__m128i& oldest, __m128i second, __m128i third, __m128i newest) {
  oldest = _mm_sha1msg2_epu32(_mm_xor_si128(_mm_sha1msg1_epu32(oldest, second), third), newest);
}

}  // namespace

ASHLAR_TARGET(ASHLAR_SHA_TARGET)
void compress_shani(void* state, const std::uint8_t* data, std::size_t blocks) {
  auto* const words = static_cast<std::uint32_t*>(state);
  const __m128i reverse = _mm_set_epi64x(0x0001020304050607, 0x08090a0b0c0d0e0f);
  __m128i abcd = _mm_shuffle_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(words)), 0x1b);
  __m128i e0 = _mm_set_epi32(static_cast<int>(words[4]), 0, 0, 0);

  for (; blocks != 0; --blocks, data += 64) {
    const __m128i abcd_before = abcd;
    const __m128i e_before = e0;
    const auto* const in = reinterpret_cast<const __m128i*>(data);
    __m128i w0 = _mm_shuffle_epi8(_mm_loadu_si128(in), reverse);
    __m128i w1 = _mm_shuffle_epi8(_mm_loadu_si128(in + 1), reverse);
    __m128i w2 = _mm_shuffle_epi8(_mm_loadu_si128(in + 2), reverse);
    __m128i w3 = _mm_shuffle_epi8(_mm_loadu_si128(in + 3), reverse);

    // The first group adds E itself instead of deriving it.
    __m128i e = abcd;
    abcd = _mm_sha1rnds4_epu32(abcd, _mm_add_epi32(e0, w0), 0);
    four_rounds<0>(abcd, e, w1);
    four_rounds<0>(abcd, e, w2);
    four_rounds<0>(abcd, e, w3);
    schedule(w0, w1, w2, w3);
    four_rounds<0>(abcd, e, w0);
    schedule(w1, w2, w3, w0);
    four_rounds<1>(abcd, e, w1);
    schedule(w2, w3, w0, w1);
    four_rounds<1>(abcd, e, w2);
    schedule(w3, w0, w1, w2);
    four_rounds<1>(abcd, e, w3);
    schedule(w0, w1, w2, w3);
    four_rounds<1>(abcd, e, w0);
    schedule(w1, w2, w3, w0);
    four_rounds<1>(abcd, e, w1);
    schedule(w2, w3, w0, w1);
    four_rounds<2>(abcd, e, w2);
    schedule(w3, w0, w1, w2);
    four_rounds<2>(abcd, e, w3);
    schedule(w0, w1, w2, w3);
    four_rounds<2>(abcd, e, w0);
    schedule(w1, w2, w3, w0);
    four_rounds<2>(abcd, e, w1);
    schedule(w2, w3, w0, w1);
    four_rounds<2>(abcd, e, w2);
    schedule(w3, w0, w1, w2);
    four_rounds<3>(abcd, e, w3);
    schedule(w0, w1, w2, w3);
    four_rounds<3>(abcd, e, w0);
    schedule(w1, w2, w3, w0);
    four_rounds<3>(abcd, e, w1);
    schedule(w2, w3, w0, w1);
    four_rounds<3>(abcd, e, w2);
    schedule(w3, w0, w1, w2);
    four_rounds<3>(abcd, e, w3);

    e0 = _mm_sha1nexte_epu32(e, e_before);
    abcd = _mm_add_epi32(abcd, abcd_before);
  }
  _mm_storeu_si128(reinterpret_cast<__m128i*>(words), _mm_shuffle_epi32(abcd, 0x1b));
  words[4] = static_cast<std::uint32_t>(_mm_extract_epi32(e0, 3));
  clear_vectors_sse();
}

}  // namespace ashlar::crypto::sha1

#endif
