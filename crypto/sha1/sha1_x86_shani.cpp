// SPDX-License-Identifier: Apache-2.0
// SHA-1 compression with the SHA extensions.
//
// sha1rnds4 does four rounds on A to D; E for the next four comes out of A by sha1nexte, which also adds the
// message words. The schedule is sha1msg1, an XOR and sha1msg2 for four words, in four registers that take
// turns. Where a sha1rnds4 takes 6 cycles, as on Zen 4, the chain of twenty bounds a block at 120 cycles
// (1.875 cycles per byte); where it takes 4, as on Granite Rapids, the unit that does all four instructions
// does, at 5.7 cycles per four rounds with their share of the schedule (1.8).
#include "hash/padded_x86.hpp"
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

// The chaining state: A in the highest lane, and E by itself there.
struct State {
  __m128i abcd, e;
};

ASHLAR_TARGET_INLINE(ASHLAR_SHA_TARGET) State load_state(const void* state) {
  const auto* const words = static_cast<const std::uint32_t*>(state);
  return {_mm_shuffle_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(words)), 0x1b),
          _mm_set_epi32(static_cast<int>(words[4]), 0, 0, 0)};
}

// Sixteen bytes of message as words, the first one in the highest lane; and a digest as bytes.
ASHLAR_TARGET_INLINE(ASHLAR_SHA_TARGET) __m128i reversed(__m128i x) {
  return _mm_shuffle_epi8(x, _mm_set_epi64x(0x0001020304050607, 0x08090a0b0c0d0e0f));
}

ASHLAR_TARGET_INLINE(ASHLAR_SHA_TARGET)
void absorb(State& s, __m128i w0, __m128i w1, __m128i w2, __m128i w3) {
  const State before = s;
  __m128i abcd = s.abcd;
  // The first group adds E itself instead of deriving it.
  __m128i e = abcd;
  abcd = _mm_sha1rnds4_epu32(abcd, _mm_add_epi32(s.e, w0), 0);
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
  s.e = _mm_sha1nexte_epu32(e, before.e);
  s.abcd = _mm_add_epi32(abcd, before.abcd);
}

ASHLAR_TARGET_INLINE(ASHLAR_SHA_TARGET)
void absorb_blocks(State& s, const std::uint8_t* data, std::size_t blocks) {
  for (; blocks != 0; --blocks, data += 64) {
    const auto* const in = reinterpret_cast<const __m128i*>(data);
    absorb(s, reversed(_mm_loadu_si128(in)), reversed(_mm_loadu_si128(in + 1)),
           reversed(_mm_loadu_si128(in + 2)), reversed(_mm_loadu_si128(in + 3)));
  }
}

}  // namespace

ASHLAR_TARGET(ASHLAR_SHA_TARGET)
void compress_shani(void* state, const std::uint8_t* data, std::size_t blocks) {
  State s = load_state(state);
  absorb_blocks(s, data, blocks);
  auto* const words = static_cast<std::uint32_t*>(state);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(words), _mm_shuffle_epi32(s.abcd, 0x1b));
  words[4] = static_cast<std::uint32_t>(_mm_extract_epi32(s.e, 3));
  clear_vectors_sse();
}

ASHLAR_TARGET(ASHLAR_SHA_TARGET)
void finish_shani(const void* state, const std::uint8_t* data, std::size_t size, std::uint64_t total,
                  std::uint8_t* digest) {
  State s = load_state(state);
  absorb_blocks(s, data, size / 64);
  data += size / 64 * 64;
  size %= 64;
  const x86::PaddedBlock end = x86::padded_block(data, size);
  const __m128i w0 = reversed(end.quarter[0]), w1 = reversed(end.quarter[1]), w2 = reversed(end.quarter[2]);
  __m128i w3 = reversed(end.quarter[3]);
  const __m128i length = _mm_set_epi64x(0, static_cast<long long>(total << 3));
  if (size >= 56) {
    absorb(s, w0, w1, w2, w3);
    const __m128i zero = _mm_setzero_si128();
    absorb(s, zero, zero, zero, length);
  } else {
    w3 = _mm_or_si128(w3, length);
    absorb(s, w0, w1, w2, w3);
  }
  _mm_storeu_si128(reinterpret_cast<__m128i*>(digest), reversed(s.abcd));
  store_be32(digest + 16, static_cast<std::uint32_t>(_mm_extract_epi32(s.e, 3)));
  clear_vectors_sse();
}

}  // namespace ashlar::crypto::sha1

#endif
