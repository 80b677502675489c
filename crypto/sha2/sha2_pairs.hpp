// SPDX-License-Identifier: Apache-2.0
// SHA-2 compression of one message with BMI2 and 256-bit vectors, once for both word sizes, AVX2 and
// AVX-512VL. The file that includes this defines ASHLAR_PAIRS_TARGET, and V says where e to h live and how
// words are worked on.
//
// What a round waits for decides. The chain of e is Sigma1(e), the sum and the next e; that of a is Maj or
// Sigma0 and two additions. So a round goes straight for the next e, d + h + W + K before Ch before Sigma1 in
// the order in which they are there, and takes d off again for the next a: one subtraction against a cycle of
// every round. Compilers would reorder the sums; keep() holds them. Maj(a, b, c) = b ^ ((a ^ b) & (b ^ c)),
// where b ^ c is the a ^ b of the round before.
//
// The message schedule runs beside the rounds on the vector ports: sixteen bytes of words of two consecutive
// blocks at a time, the first block in the lower half of each ymm register, the second in the upper. W + K
// goes to memory, of the first block as the rounds come to it, of the second block all at once beforehand, so
// that its rounds have nothing beside them but loads. A last odd block is paired with itself and its second
// half ignored.
#pragma once

#include <ashlar/base/bytes.hpp>

#include "cpu/dead_stack.hpp"
#include "cpu/x86.hpp"
#include "sha2/sha2_kernels.hpp"

#if ASHLAR_X86_KERNELS

#include <bit>

namespace ashlar::crypto::sha2 {

template <class Word>
ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET)
void keep(Word& x) {
  __asm__("" : "+r"(x));
}
ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) void keep(__m128i& x) {
  __asm__("" : "+x"(x));
}

template <class V>
struct Working {
  typename V::Word a, b, c, d;
  typename V::E e, f, g, h;
  typename V::Word b_xor_c;
};

// One round: the next a in the place of d, the next e in that of h, and a ^ b where b ^ c was. The names of
// the variables rotate with the calls, so that nothing moves.
template <class V, class Word = typename V::Word, class E = typename V::E>
ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET)
void round(Word a, Word b, Word& d, E e, E f, E g, E& h, Word& b_xor_c, const Word& wk) {
  h = V::add(V::add(h, V::load(wk)), V::from_scalar(d));
  keep(h);
  h = V::add(h, V::ch(e, f, g));
  keep(h);
  h = V::add(h, V::big1(e));
  Word next = V::to_scalar(h) - d;
  keep(next);
  const Word a_xor_b = a ^ b;
  next += (a_xor_b & b_xor_c) ^ b;
  keep(next);
  d = next + V::big0(a);
  b_xor_c = a_xor_b;
}

// V::kStep words fill sixteen bytes; W + K of a pair of blocks has so many words of the first block, then as
// many of the second, and so on. Sixteen rounds on one of them. `between(i)` comes after step i.
template <class V, class Between>
ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET)
void sixteen_rounds(Working<V>& s, const typename V::Word* wk, Between between) {
  constexpr int kStep = V::kStep;
  ASHLAR_UNROLL
  for (int i = 0; i < 16; i += 4) {
    const auto* const words = wk + 2 * i;
    round<V>(s.a, s.b, s.d, s.e, s.f, s.g, s.h, s.b_xor_c, words[0]);
    round<V>(s.d, s.a, s.c, s.h, s.e, s.f, s.g, s.b_xor_c, words[1]);
    if constexpr (kStep == 2) {
      between(i / 2);
    }
    round<V>(s.c, s.d, s.b, s.g, s.h, s.e, s.f, s.b_xor_c, words[kStep == 2 ? 4 : 2]);
    round<V>(s.b, s.c, s.a, s.f, s.g, s.h, s.e, s.b_xor_c, words[kStep == 2 ? 5 : 3]);
    between((i + 3) / kStep);
  }
}

template <class V>
ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET)
void store_wk(typename V::Word* wk, __m256i w, const typename V::Word* k) {
  const __m256i constants = _mm256_broadcastsi128_si256(_mm_load_si128(reinterpret_cast<const __m128i*>(k)));
  _mm256_store_si256(reinterpret_cast<__m256i*>(wk), V::add_words(w, constants));
}

template <class V>
ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET)
Working<V> load_state(const typename V::Word* state) {
  return {state[0],
          state[1],
          state[2],
          state[3],
          V::from_scalar(state[4]),
          V::from_scalar(state[5]),
          V::from_scalar(state[6]),
          V::from_scalar(state[7]),
          state[1] ^ state[2]};
}

template <class V>
ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET)
void add_to_state(typename V::Word* state, const Working<V>& s) {
  state[0] += s.a;
  state[1] += s.b;
  state[2] += s.c;
  state[3] += s.d;
  state[4] += V::to_scalar(s.e);
  state[5] += V::to_scalar(s.f);
  state[6] += V::to_scalar(s.g);
  state[7] += V::to_scalar(s.h);
}

// More than compress_pairs takes of the stack: W + K and what the compiler spills.
template <class V>
inline constexpr std::size_t kPairsStack = 2 * static_cast<std::size_t>(V::kRounds) *
                                               sizeof(typename V::Word) +
                                           768;

template <class V>
ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET)
void compress_pairs(void* memory, const std::uint8_t* data, std::size_t blocks) {
  using Word = typename V::Word;
  constexpr int kStep = V::kStep;
  constexpr int kRegisters = 16 / kStep;
  constexpr std::size_t kBlock = 16 * sizeof(Word);
  auto* const state = static_cast<Word*>(memory);
  const Word* const k = V::constants();
  alignas(32) Word wk[2 * static_cast<std::size_t>(V::kRounds)];

  while (blocks != 0) {
    const std::size_t second = blocks > 1 ? kBlock : 0;
    __m256i w[static_cast<std::size_t>(kRegisters)];
    ASHLAR_UNROLL
    for (int i = 0; i < kRegisters; ++i) {
      const __m128i* const low = reinterpret_cast<const __m128i*>(data) + i;
      const __m128i* const high = reinterpret_cast<const __m128i*>(data + second) + i;
      w[i] = _mm256_shuffle_epi8(
          _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128(low)), _mm_loadu_si128(high), 1),
          V::byte_swap());
      store_wk<V>(wk + 2 * kStep * i, w[i], k + kStep * i);
    }
    Working<V> s = load_state<V>(state);
    for (int t = 0; t < V::kRounds - 16; t += 16) {
      sixteen_rounds<V>(
          s, wk + 2 * t, [&](int i) __attribute__((target(ASHLAR_PAIRS_TARGET), always_inline)) {
            V::extend(w, i);
            store_wk<V>(wk + 2 * (t + 16 + kStep * i), w[i], k + t + 16 + kStep * i);
          });
    }
    const auto nothing = [](int) __attribute__((target(ASHLAR_PAIRS_TARGET), always_inline)){};
    sixteen_rounds<V>(s, wk + 2 * (V::kRounds - 16), nothing);
    add_to_state<V>(state, s);
    if (second != 0) {
      s = load_state<V>(state);
      for (int t = 0; t < V::kRounds; t += 16) {
        sixteen_rounds<V>(s, wk + 2 * t + kStep, nothing);
      }
      add_to_state<V>(state, s);
    }
    data += kBlock + second;
    blocks -= second != 0 ? 2 : 1;
  }
}

// What SHA-512's kernels share: two words to a step, which needs nothing from itself (its latest input is two
// words back).
template <class V>
struct Pairs512 {
  using Word = std::uint64_t;
  static constexpr int kStep = 2;
  static constexpr int kRounds = 80;
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static const Word* constants() { return kRound512; }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static __m256i byte_swap() {
    return _mm256_broadcastsi128_si256(_mm_set_epi64x(0x08090a0b0c0d0e0f, 0x0001020304050607));
  }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static __m256i add_words(__m256i a, __m256i b) {
    return _mm256_add_epi64(a, b);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static Word big0(Word a) {
    return std::rotr(a, 28) ^ std::rotr(a, 34) ^ std::rotr(a, 39);
  }
  // The next words of two blocks, from the sixteen before them in w (oldest at i) to the place of the oldest.
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static void extend(__m256i (&w)[8], int i) {
    const __m256i next = _mm256_alignr_epi8(w[(i + 1) & 7], w[i], 8);
    const __m256i ninth = _mm256_alignr_epi8(w[(i + 5) & 7], w[(i + 4) & 7], 8);
    w[i] = add_words(add_words(w[i], V::small0(next)), add_words(ninth, V::small1(w[(i + 7) & 7])));
  }
};

// e to h in integer registers.
template <class Word>
struct ScalarE {
  using E = Word;
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static E load(const Word& word) { return word; }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static E from_scalar(Word x) { return x; }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static Word to_scalar(E x) { return x; }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static E add(E a, E b) { return a + b; }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static E ch(E e, E f, E g) {
    E sum = (e & f) + (~e & g);
    keep(sum);
    return sum;
  }
};

}  // namespace ashlar::crypto::sha2

#endif
