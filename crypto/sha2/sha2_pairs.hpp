// SPDX-License-Identifier: Apache-2.0
// SHA-2 compression of one message with BMI2 and 256-bit vectors, once for both word sizes, AVX2 and
// AVX-512VL: the rounds of sha2_rounds.hpp on pairs of blocks.
//
// The schedule takes sixteen bytes of words of two consecutive blocks at a time, the first block in the lower
// half of each ymm register, the second in the upper. W + K goes to memory: for the first block during its
// rounds, for the second block all before its rounds, which then only load. An odd block is a pair with
// itself, whose second rounds are left out: code of its own would not fit beside this in the cache of decoded
// instructions.
#pragma once

#include "cpu/x86.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::sha2 {

// sha2_rounds.hpp uses these, so they come before it.

// The same words for both blocks.
ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) __m256i load_words(const void* p, __m256i) {
  return _mm256_broadcastsi128_si256(_mm_loadu_si128(static_cast<const __m128i*>(p)));
}
template <int Bytes>
ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET)
__m256i following(__m256i high, __m256i low) {
  return _mm256_alignr_epi8(high, low, Bytes);
}
ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) void store_words(void* p, __m256i x) {
  _mm256_store_si256(static_cast<__m256i*>(p), x);
}
ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) void keep(__m256i& x) {
  __asm__("" : "+x"(x));
}

}  // namespace ashlar::crypto::sha2

#include "sha2/sha2_rounds.hpp"

namespace ashlar::crypto::sha2 {

template <class V>
ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET)
void compress_pairs(typename V::Word* state, const std::uint8_t* data, std::size_t blocks) {
  using Word = typename V::Word;
  constexpr int kStep = V::kStep;
  constexpr std::size_t kRegisters = 16 / static_cast<std::size_t>(kStep);
  constexpr std::size_t kBlock = 16 * sizeof(Word);
  const Word* const k = V::constants();
  alignas(32) Word wk[2 * static_cast<std::size_t>(V::kRounds)];
  const Word* const stored = stored_at(wk);

  while (blocks != 0) {
    const std::uint8_t* const other = blocks != 1 ? data + kBlock : data;
    __m256i w[kRegisters];
    ASHLAR_UNROLL
    for (int i = 0; i < 16 / kStep; ++i) {
      const __m128i first = load_words(data + 16 * i, __m128i());
      const __m128i second = load_words(other + 16 * i, __m128i());
      w[i] = _mm256_shuffle_epi8(_mm256_inserti128_si256(_mm256_castsi128_si256(first), second, 1),
                                 _mm256_broadcastsi128_si256(V::byte_swap()));
      store_wk<V>(wk + 2 * kStep * i, w[i], k + kStep * i);
    }
    Working<V> s = load_state<V>(state);
    for (int t = 0; t < V::kRounds - 16; t += 16) {
      some_rounds<V, 2, 16>(
          s, stored + 2 * t, [&](int i) __attribute__((target(ASHLAR_PAIRS_TARGET), always_inline)) {
            V::extend(w, i);
            store_wk<V>(wk + 2 * (t + 16 + kStep * i), w[i], k + t + 16 + kStep * i);
          });
    }
    plain_rounds<V, 2>(s, stored + 2 * (V::kRounds - 16), 16);
    add_to_state<V>(state, s);
    if (blocks == 1) {
      break;
    }
    s = load_state<V>(state);
    plain_rounds<V, 2>(s, stored + kStep, V::kRounds);
    add_to_state<V>(state, s);
    data += 2 * kBlock;
    blocks -= 2;
  }
}

// Calls that, as a function with targets, and wipes its stack: W + K, and what the compiler spills.
template <class V, void (*Pairs)(typename V::Word*, const std::uint8_t*, std::size_t)>
void compress_blocks(void* memory, const std::uint8_t* data, std::size_t blocks) {
  constexpr std::size_t kStack =
      (2 * static_cast<std::size_t>(V::kRounds) * sizeof(typename V::Word) + 896) & ~std::size_t{127};
  call_and_wipe_avx<kStack>(Pairs, static_cast<typename V::Word*>(memory), data, blocks);
}

}  // namespace ashlar::crypto::sha2

#endif
