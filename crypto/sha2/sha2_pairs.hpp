// SPDX-License-Identifier: Apache-2.0
// SHA-2 compression of one message with BMI2 and 256-bit vectors, once for both word sizes, AVX2 and
// AVX-512VL. The file that includes this defines ASHLAR_PAIRS_TARGET, and V says where e to h live and has
// the operations on words.
//
// The chains of dependent operations set the speed. The chain of e is Sigma1(e), the sum and the next e. The
// chain of a is Maj or Sigma0 and two additions. So a round computes the next e first: it adds d + h + W + K,
// then Ch, then Sigma1, as they become ready. For the next a it subtracts d again: one subtraction saves a
// cycle per round. Compilers would reorder the sums; keep() prevents that. Maj(a, b, c) = b ^ ((a ^ b) & (b ^
// c)), and b ^ c is the a ^ b of the round before.
//
// The message schedule runs beside the rounds on the vector ports: sixteen bytes of words of two consecutive
// blocks at a time, the first block in the lower half of each ymm register, the second in the upper. W
// + K goes to memory: for the first block during its rounds, for the second block all before its
// rounds, which then only load. A last odd block is paired with itself, and its second half is
// ignored.
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

// One round: the next a replaces d, the next e replaces h, and a ^ b replaces b ^ c. The names of the
// variables rotate with the calls, so nothing is moved.
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

// V::kStep words fill sixteen bytes. W + K of `Blocks` blocks has this many words of the first block, then as
// many of the second. Sixteen rounds on one of them. `between(i)` comes after step i.
template <class V, int Blocks, class Between>
ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET)
void sixteen_rounds(Working<V>& s, const typename V::Word* wk, Between between) {
  constexpr int kStep = V::kStep;
  constexpr int kThird = kStep == 2 ? 2 * Blocks : 2;
  ASHLAR_UNROLL
  for (int i = 0; i < 16; i += 4) {
    const auto* const words = wk + Blocks * i;
    round<V>(s.a, s.b, s.d, s.e, s.f, s.g, s.h, s.b_xor_c, words[0]);
    round<V>(s.d, s.a, s.c, s.h, s.e, s.f, s.g, s.b_xor_c, words[1]);
    if constexpr (kStep == 2) {
      between(i / 2);
    }
    round<V>(s.c, s.d, s.b, s.g, s.h, s.e, s.f, s.b_xor_c, words[kThird]);
    round<V>(s.b, s.c, s.a, s.f, s.g, s.h, s.e, s.b_xor_c, words[kThird + 1]);
    between((i + 3) / kStep);
  }
}

ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) __m128i load_words(const void* p, __m128i) {
  return _mm_loadu_si128(static_cast<const __m128i*>(p));
}
// The same words for both blocks.
ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) __m256i load_words(const void* p, __m256i) {
  return _mm256_broadcastsi128_si256(_mm_loadu_si128(static_cast<const __m128i*>(p)));
}
// Sixteen bytes from byte `Bytes` of low on, of each block.
template <int Bytes>
ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET)
__m128i following(__m128i high, __m128i low) {
  return _mm_alignr_epi8(high, low, Bytes);
}
template <int Bytes>
ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET)
__m256i following(__m256i high, __m256i low) {
  return _mm256_alignr_epi8(high, low, Bytes);
}
ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) void store_words(void* p, __m128i x) {
  _mm_store_si128(static_cast<__m128i*>(p), x);
}
ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) void store_words(void* p, __m256i x) {
  _mm256_store_si256(static_cast<__m256i*>(p), x);
}

template <class V, class Vec>
ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET)
void store_wk(typename V::Word* wk, Vec w, const typename V::Word* k) {
  store_words(wk, V::add_words(w, load_words(k, w)));
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

const auto nothing_between = [](int) __attribute__((target(ASHLAR_PAIRS_TARGET), always_inline)){};

// blocks: an even number.
template <class V>
ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET)
void compress_pairs(typename V::Word* state, const std::uint8_t* data, std::size_t blocks) {
  using Word = typename V::Word;
  constexpr int kStep = V::kStep;
  constexpr std::size_t kRegisters = 16 / static_cast<std::size_t>(kStep);
  constexpr std::size_t kBlock = 16 * sizeof(Word);
  const Word* const k = V::constants();
  alignas(32) Word wk[2 * static_cast<std::size_t>(V::kRounds)];

  for (; blocks != 0; blocks -= 2, data += 2 * kBlock) {
    __m256i w[kRegisters];
    ASHLAR_UNROLL
    for (int i = 0; i < 16 / kStep; ++i) {
      const __m128i first = load_words(data + 16 * i, __m128i());
      const __m128i second = load_words(data + kBlock + 16 * i, __m128i());
      w[i] = _mm256_shuffle_epi8(_mm256_inserti128_si256(_mm256_castsi128_si256(first), second, 1),
                                 _mm256_broadcastsi128_si256(V::byte_swap()));
      store_wk<V>(wk + 2 * kStep * i, w[i], k + kStep * i);
    }
    Working<V> s = load_state<V>(state);
    for (int t = 0; t < V::kRounds - 16; t += 16) {
      sixteen_rounds<V, 2>(
          s, wk + 2 * t, [&](int i) __attribute__((target(ASHLAR_PAIRS_TARGET), always_inline)) {
            V::extend(w, i);
            store_wk<V>(wk + 2 * (t + 16 + kStep * i), w[i], k + t + 16 + kStep * i);
          });
    }
    sixteen_rounds<V, 2>(s, wk + 2 * (V::kRounds - 16), nothing_between);
    add_to_state<V>(state, s);
    s = load_state<V>(state);
    for (int t = 0; t < V::kRounds; t += 16) {
      sixteen_rounds<V, 2>(s, wk + 2 * t + kStep, nothing_between);
    }
    add_to_state<V>(state, s);
  }
}

template <class V>
ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET)
void compress_one(typename V::Word* state, const std::uint8_t* data) {
  using Word = typename V::Word;
  constexpr int kStep = V::kStep;
  const Word* const k = V::constants();
  alignas(16) Word wk[16];
  __m128i w[16 / static_cast<std::size_t>(kStep)];
  ASHLAR_UNROLL
  for (int i = 0; i < 16 / kStep; ++i) {
    w[i] = _mm_shuffle_epi8(load_words(data + 16 * i, __m128i()), V::byte_swap());
    store_wk<V>(wk + kStep * i, w[i], k + kStep * i);
  }
  Working<V> s = load_state<V>(state);
  for (int t = 0; t < V::kRounds - 16; t += 16) {
    sixteen_rounds<V, 1>(
        s, wk, [&](int i) __attribute__((target(ASHLAR_PAIRS_TARGET), always_inline)) {
          V::extend(w, i);
          store_wk<V>(wk + kStep * i, w[i], k + t + 16 + kStep * i);
        });
  }
  sixteen_rounds<V, 1>(s, wk, nothing_between);
  add_to_state<V>(state, s);
}

// More stack than these functions take: W + K and what the compiler spills.
template <class V>
inline constexpr std::size_t kPairsStack = 2 * static_cast<std::size_t>(V::kRounds) *
                                               sizeof(typename V::Word) +
                                           768;
inline constexpr std::size_t kOneStack = 640;

// Makes a row of the table from the two, as functions with targets.
template <class V, void (*Pairs)(typename V::Word*, const std::uint8_t*, std::size_t),
          void (*One)(typename V::Word*, const std::uint8_t*)>
void compress_blocks(void* memory, const std::uint8_t* data, std::size_t blocks) {
  auto* const state = static_cast<typename V::Word*>(memory);
  const std::size_t paired = blocks & ~std::size_t{1};
  if (paired != 0) {
    call_and_wipe<kPairsStack<V>>(Pairs, state, data, paired);
  }
  if (paired != blocks) {
    call_and_wipe<kOneStack>(One, state, data + paired * 16 * sizeof(typename V::Word));
  }
}

// What SHA-512's kernels share. A step makes two words. They do not depend on each other, because the latest
// input of a word is two words back.
template <class V>
struct Pairs512 {
  using Word = std::uint64_t;
  static constexpr int kStep = 2;
  static constexpr int kRounds = 80;
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static const Word* constants() { return kRound512; }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static __m128i byte_swap() {
    return _mm_set_epi64x(0x08090a0b0c0d0e0f, 0x0001020304050607);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static __m128i add_words(__m128i a, __m128i b) {
    return _mm_add_epi64(a, b);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static __m256i add_words(__m256i a, __m256i b) {
    return _mm256_add_epi64(a, b);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static Word big0(Word a) {
    return std::rotr(a, 28) ^ std::rotr(a, 34) ^ std::rotr(a, 39);
  }
  // Makes the next words from the sixteen before them in w (oldest at i), in the place of the oldest.
  template <class Vec>
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET)
  static void extend(Vec (&w)[8], int i) {
    const Vec next = following<8>(w[(i + 1) & 7], w[i]);
    const Vec ninth = following<8>(w[(i + 5) & 7], w[(i + 4) & 7]);
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
