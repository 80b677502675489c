// SPDX-License-Identifier: Apache-2.0
// SHA-256 compression with the SHA extensions, step by step, for kernels that put other work between its
// steps. sha256_x86_shani.cpp explains it.
#pragma once

#include "cpu/x86.hpp"
#include "sha2/sha2_kernels.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::sha2 {

// A kernel whose other work needs more features defines this before.
#ifndef ASHLAR_SHA_TARGET
#define ASHLAR_SHA_TARGET "sha,sse4.1,ssse3"
#endif

// Four rounds with the words of w; k points to their constants.
ASHLAR_TARGET_INLINE(ASHLAR_SHA_TARGET)
void four_rounds(__m128i& abef, __m128i& cdgh, __m128i w, const std::uint32_t* k) {
  const __m128i wk = _mm_add_epi32(w, _mm_load_si128(reinterpret_cast<const __m128i*>(k)));
  cdgh = _mm_sha256rnds2_epu32(cdgh, abef, wk);
  abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(wk, 0x0e));
}

// Replaces the oldest four words of the schedule by the next four.
ASHLAR_TARGET_INLINE(ASHLAR_SHA_TARGET)
void schedule(__m128i& oldest, __m128i second, __m128i third, __m128i newest) {
  oldest = _mm_sha256msg2_epu32(
      _mm_add_epi32(_mm_sha256msg1_epu32(oldest, second), _mm_alignr_epi8(newest, third, 4)), newest);
}

// The chaining state in the layout of sha256rnds2.
struct State {
  __m128i abef, cdgh;
};

ASHLAR_TARGET_INLINE(ASHLAR_SHA_TARGET) State load_state(const void* memory) {
  const __m128i* const words = static_cast<const __m128i*>(memory);
  const __m128i cdab = _mm_shuffle_epi32(_mm_loadu_si128(words), 0xb1);
  const __m128i efgh = _mm_shuffle_epi32(_mm_loadu_si128(words + 1), 0x1b);
  return {_mm_alignr_epi8(cdab, efgh, 8), _mm_blend_epi16(efgh, cdab, 0xf0)};
}

// The state in the order of the standard: a to d and e to h.
struct Words {
  __m128i abcd, efgh;
};

ASHLAR_TARGET_INLINE(ASHLAR_SHA_TARGET) Words words_of(State s) {
  const __m128i feba = _mm_shuffle_epi32(s.abef, 0x1b);
  const __m128i dchg = _mm_shuffle_epi32(s.cdgh, 0xb1);
  return {_mm_blend_epi16(feba, dchg, 0xf0), _mm_alignr_epi8(dchg, feba, 8)};
}

ASHLAR_TARGET_INLINE(ASHLAR_SHA_TARGET) __m128i swapped(__m128i words) {
  return _mm_shuffle_epi8(words, _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203));
}

ASHLAR_TARGET_INLINE(ASHLAR_SHA_TARGET) void store_state(void* memory, State s) {
  const Words words = words_of(s);
  _mm_storeu_si128(static_cast<__m128i*>(memory), words.abcd);
  _mm_storeu_si128(static_cast<__m128i*>(memory) + 1, words.efgh);
}

struct Block {
  __m128i w0, w1, w2, w3;
};

ASHLAR_TARGET_INLINE(ASHLAR_SHA_TARGET) Block load_block(const std::uint8_t* data) {
  const __m128i* const in = reinterpret_cast<const __m128i*>(data);
  return {swapped(_mm_loadu_si128(in)), swapped(_mm_loadu_si128(in + 1)), swapped(_mm_loadu_si128(in + 2)),
          swapped(_mm_loadu_si128(in + 3))};
}

// No other work between the steps.
struct Nothing {
  template <int>
  void piece() {}
};

// Absorbs a block. After each four rounds comes a piece of other work: 0, 1, 2, 3, four times over.
template <class Between = Nothing>
ASHLAR_TARGET_INLINE(ASHLAR_SHA_TARGET)
void absorb(State& s, Block w, Between&& between = {}) {
  const std::uint32_t* const k = kRound256;
  const State before = s;
  for (int r = 0; r < 48; r += 16) {
    four_rounds(s.abef, s.cdgh, w.w0, k + r);
    schedule(w.w0, w.w1, w.w2, w.w3);
    between.template piece<0>();
    four_rounds(s.abef, s.cdgh, w.w1, k + r + 4);
    schedule(w.w1, w.w2, w.w3, w.w0);
    between.template piece<1>();
    four_rounds(s.abef, s.cdgh, w.w2, k + r + 8);
    schedule(w.w2, w.w3, w.w0, w.w1);
    between.template piece<2>();
    four_rounds(s.abef, s.cdgh, w.w3, k + r + 12);
    schedule(w.w3, w.w0, w.w1, w.w2);
    between.template piece<3>();
  }
  four_rounds(s.abef, s.cdgh, w.w0, k + 48);
  between.template piece<0>();
  four_rounds(s.abef, s.cdgh, w.w1, k + 52);
  between.template piece<1>();
  four_rounds(s.abef, s.cdgh, w.w2, k + 56);
  between.template piece<2>();
  four_rounds(s.abef, s.cdgh, w.w3, k + 60);
  between.template piece<3>();
  s.abef = _mm_add_epi32(s.abef, before.abef);
  s.cdgh = _mm_add_epi32(s.cdgh, before.cdgh);
}

}  // namespace ashlar::crypto::sha2

#endif
