// SPDX-License-Identifier: Apache-2.0
// SHA-1 compression with the SHA extensions, step by step, for kernels that put other work between its steps.
// sha1_x86_shani.cpp explains it.
#pragma once

#include "cpu/x86.hpp"
#include "sha1/sha1_kernels.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::sha1 {

// A kernel whose other work needs more features defines this before.
#ifndef ASHLAR_SHA_TARGET
#define ASHLAR_SHA_TARGET "sha,sse4.1,ssse3"
#endif

// Four rounds of kind F with the words w. e holds A of four rounds ago, and afterwards the present A.
template <int F>
ASHLAR_TARGET_INLINE(ASHLAR_SHA_TARGET)
void four_rounds(__m128i& abcd, __m128i& e, __m128i w) {
  const __m128i sum = _mm_sha1nexte_epu32(e, w);
  e = abcd;
  abcd = _mm_sha1rnds4_epu32(abcd, sum, F);
}

// Replaces the oldest four words of the schedule by the next four.
ASHLAR_TARGET_INLINE(ASHLAR_SHA_TARGET)
void schedule(__m128i& oldest, __m128i second, __m128i third, __m128i newest) {
  oldest = _mm_sha1msg2_epu32(_mm_xor_si128(_mm_sha1msg1_epu32(oldest, second), third), newest);
}

// The chaining state: A in the highest lane of the first, E in the highest lane of the second.
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

ASHLAR_TARGET_INLINE(ASHLAR_SHA_TARGET) void store_state(void* state, State s) {
  auto* const words = static_cast<std::uint32_t*>(state);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(words), _mm_shuffle_epi32(s.abcd, 0x1b));
  words[4] = static_cast<std::uint32_t>(_mm_extract_epi32(s.e, 3));
}

struct Block {
  __m128i w0, w1, w2, w3;
};

ASHLAR_TARGET_INLINE(ASHLAR_SHA_TARGET) Block load_block(const std::uint8_t* data) {
  const auto* const in = reinterpret_cast<const __m128i*>(data);
  return {reversed(_mm_loadu_si128(in)), reversed(_mm_loadu_si128(in + 1)), reversed(_mm_loadu_si128(in + 2)),
          reversed(_mm_loadu_si128(in + 3))};
}

// No other work between the steps.
struct Nothing {
  template <int>
  void piece() {}
};

// Absorbs a block. After each four rounds comes a piece of other work: 0, 1, 2, 3, 4, four times over.
template <class Between = Nothing>
ASHLAR_TARGET_INLINE(ASHLAR_SHA_TARGET)
void absorb(State& s, Block w, Between&& between = {}) {
  const State before = s;
  __m128i abcd = s.abcd;
  // The first group adds E itself instead of deriving it.
  __m128i e = abcd;
  abcd = _mm_sha1rnds4_epu32(abcd, _mm_add_epi32(s.e, w.w0), 0);
  between.template piece<0>();
  four_rounds<0>(abcd, e, w.w1);
  between.template piece<1>();
  four_rounds<0>(abcd, e, w.w2);
  between.template piece<2>();
  four_rounds<0>(abcd, e, w.w3);
  between.template piece<3>();
  schedule(w.w0, w.w1, w.w2, w.w3);
  four_rounds<0>(abcd, e, w.w0);
  between.template piece<4>();
  schedule(w.w1, w.w2, w.w3, w.w0);
  four_rounds<1>(abcd, e, w.w1);
  between.template piece<0>();
  schedule(w.w2, w.w3, w.w0, w.w1);
  four_rounds<1>(abcd, e, w.w2);
  between.template piece<1>();
  schedule(w.w3, w.w0, w.w1, w.w2);
  four_rounds<1>(abcd, e, w.w3);
  between.template piece<2>();
  schedule(w.w0, w.w1, w.w2, w.w3);
  four_rounds<1>(abcd, e, w.w0);
  between.template piece<3>();
  schedule(w.w1, w.w2, w.w3, w.w0);
  four_rounds<1>(abcd, e, w.w1);
  between.template piece<4>();
  schedule(w.w2, w.w3, w.w0, w.w1);
  four_rounds<2>(abcd, e, w.w2);
  between.template piece<0>();
  schedule(w.w3, w.w0, w.w1, w.w2);
  four_rounds<2>(abcd, e, w.w3);
  between.template piece<1>();
  schedule(w.w0, w.w1, w.w2, w.w3);
  four_rounds<2>(abcd, e, w.w0);
  between.template piece<2>();
  schedule(w.w1, w.w2, w.w3, w.w0);
  four_rounds<2>(abcd, e, w.w1);
  between.template piece<3>();
  schedule(w.w2, w.w3, w.w0, w.w1);
  four_rounds<2>(abcd, e, w.w2);
  between.template piece<4>();
  schedule(w.w3, w.w0, w.w1, w.w2);
  four_rounds<3>(abcd, e, w.w3);
  between.template piece<0>();
  schedule(w.w0, w.w1, w.w2, w.w3);
  four_rounds<3>(abcd, e, w.w0);
  between.template piece<1>();
  schedule(w.w1, w.w2, w.w3, w.w0);
  four_rounds<3>(abcd, e, w.w1);
  between.template piece<2>();
  schedule(w.w2, w.w3, w.w0, w.w1);
  four_rounds<3>(abcd, e, w.w2);
  between.template piece<3>();
  schedule(w.w3, w.w0, w.w1, w.w2);
  four_rounds<3>(abcd, e, w.w3);
  between.template piece<4>();
  s.e = _mm_sha1nexte_epu32(e, before.e);
  s.abcd = _mm_add_epi32(abcd, before.abcd);
}

}  // namespace ashlar::crypto::sha1

#endif
