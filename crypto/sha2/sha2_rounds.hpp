// SPDX-License-Identifier: Apache-2.0
// SHA-2 compression of one block with vectors for the message schedule, once for both word sizes and every
// instruction set. The file that includes this defines ASHLAR_PAIRS_TARGET, and V says where e to h live and
// has the operations on words.
//
// The chains of dependent operations set the speed, so their order is written down: a round is one piece of
// assembly (Bmi2Round, BaselineRound). The chain of e is Sigma1(e) and one addition, because d is added to
// what is ready before; the chain of a is Sigma0(a) or Maj, and one or two additions. Maj(a, b, c) = b ^
// ((a ^ b) & (b ^ c)), and b ^ c is the a ^ b of the round before.
//
// The message schedule runs beside the rounds on the vector ports, sixteen bytes of words at a time. W + K
// goes to memory. Where the schedule of one block is alone, its chain from words to the next words takes
// nearly as long as the rounds beside it: what does not need the newest words is added up before.
#pragma once

#include <ashlar/base/bytes.hpp>

#include "cpu/dead_stack.hpp"
#include "cpu/x86.hpp"
#include "sha2/sha2_kernels.hpp"

#if ASHLAR_X86_KERNELS

#include <type_traits>

namespace ashlar::crypto::sha2 {

// Compilers may not move what makes x past what uses it next, nor take it apart.
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

// The operands of a round in assembly: d becomes the next e, h the next a, x is b ^ c, y the next of it, r0
// to r2 and s0 to s2 are the rotations of Sigma1 and Sigma0.
#define ASHLAR_SHA2_OPERANDS                                                                          \
  [d] "+&r"(d), [h] "+&r"(h), [x] "+&r"(b_xor_c), [y] "=&r"(a_xor_b), [t0] "=&r"(t0), [t1] "=&r"(t1), \
      [t2] "=&r"(t2)                                                                                  \
      : [a] "r"(a),                                                                                   \
        [b] "r"(b),                                                                                   \
        [e] "r"(e),                                                                                   \
        [f] "r"(f),                                                                                   \
        [g] "r"(g),                                                                                   \
        [wk] "m"(wk),                                                                                 \
        [r0] "i"(V::kBig1[0]),                                                                        \
        [r1] "i"(V::kBig1[1]),                                                                        \
        [r2] "i"(V::kBig1[2]),                                                                        \
        [s0] "i"(V::kBig0[0]),                                                                        \
        [s1] "i"(V::kBig0[1]),                                                                        \
        [s2] "i"(V::kBig0[2])

// The next e came about in d and the next a in h.
template <class Word>
ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET)
void turn(Word& d, Word& h) {
  const Word next_e = d;
  d = h;
  h = next_e;
}

// A round: the next a replaces d, the next e replaces h, and a ^ b replaces b ^ c. The names of the
// variables rotate with the calls, so nothing is moved.
//
// 23 operations on integers and two moves. Zen 5 takes 5.4 cycles for them.
struct Bmi2Round {
  template <class V, class Word>
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET)
  static void round(Word a, Word b, Word& d, Word e, Word f, Word g, Word& h, Word& b_xor_c, const Word& wk) {
    Word a_xor_b, t0, t1, t2;
    __asm__(
        "mov %[e], %[t0]\n\t"
        "add %[wk], %[h]\n\t"
        "andn %[g], %[e], %[t1]\n\t"
        "and %[f], %[t0]\n\t"
        "add %[t1], %[h]\n\t"
        "add %[t0], %[h]\n\t"
        "mov %[a], %[y]\n\t"
        "add %[h], %[d]\n\t"
        "rorx %[r1], %[e], %[t2]\n\t"
        "rorx %[r0], %[e], %[t1]\n\t"
        "rorx %[r2], %[e], %[t0]\n\t"
        "xor %[t2], %[t1]\n\t"
        "xor %[t0], %[t1]\n\t"
        "xor %[b], %[y]\n\t"
        "rorx %[s1], %[a], %[t2]\n\t"
        "add %[t1], %[d]\n\t"
        "rorx %[s0], %[a], %[t0]\n\t"
        "and %[y], %[x]\n\t"
        "add %[t1], %[h]\n\t"
        "xor %[b], %[x]\n\t"
        "add %[x], %[h]\n\t"
        "rorx %[s2], %[a], %[t1]\n\t"
        "xor %[t2], %[t0]\n\t"
        "xor %[t1], %[t0]\n\t"
        "add %[t0], %[h]"
        : ASHLAR_SHA2_OPERANDS
        : "cc");
    turn(d, h);
    b_xor_c = a_xor_b;
  }
};

// The same for instructions that destroy a source. Two rotations of a Sigma are one inside the other, which
// saves a copy; all three so would save another, but take longer.
struct BaselineRound {
  template <class V, class Word>
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET)
  static void round(Word a, Word b, Word& d, Word e, Word f, Word g, Word& h, Word& b_xor_c, const Word& wk) {
    Word a_xor_b, t0, t1, t2;
    __asm__(
        "mov %[e], %[t2]\n\t"
        "ror %[r10], %[t2]\n\t"
        "add %[wk], %[h]\n\t"
        "mov %[f], %[t0]\n\t"
        "xor %[e], %[t2]\n\t"
        "xor %[g], %[t0]\n\t"
        "mov %[e], %[t1]\n\t"
        "ror %[r0], %[t2]\n\t"
        "and %[e], %[t0]\n\t"
        "ror %[r2], %[t1]\n\t"
        "xor %[g], %[t0]\n\t"
        "xor %[t1], %[t2]\n\t"
        "add %[t0], %[h]\n\t"
        "mov %[a], %[y]\n\t"
        "add %[h], %[d]\n\t"
        "xor %[b], %[y]\n\t"
        "mov %[a], %[t0]\n\t"
        "add %[t2], %[d]\n\t"
        "ror %[s10], %[t0]\n\t"
        "and %[y], %[x]\n\t"
        "add %[t2], %[h]\n\t"
        "xor %[a], %[t0]\n\t"
        "mov %[a], %[t1]\n\t"
        "xor %[b], %[x]\n\t"
        "ror %[s0], %[t0]\n\t"
        "ror %[s2], %[t1]\n\t"
        "add %[x], %[h]\n\t"
        "xor %[t1], %[t0]\n\t"
        "add %[t0], %[h]"
        : ASHLAR_SHA2_OPERANDS, [r10] "i"(V::kBig1[1] - V::kBig1[0]), [s10] "i"(V::kBig0[1] - V::kBig0[0])
        : "cc");
    turn(d, h);
    b_xor_c = a_xor_b;
  }
};

// V::kStep words fill sixteen bytes. W + K of `Blocks` blocks has this many words of the first block, then as
// many of the second. `Count` rounds on one of them. `between(i)` comes after step i.
template <class V, int Blocks, int Count, class Between>
ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET)
void some_rounds(Working<V>& s, const typename V::Word* wk, Between between) {
  using Round = typename V::Round;
  constexpr int kStep = V::kStep;
  constexpr int kThird = kStep == 2 ? 2 * Blocks : 2;
  ASHLAR_UNROLL
  for (int i = 0; i < Count; i += 4) {
    const auto* const words = wk + Blocks * i;
    Round::template round<V>(s.a, s.b, s.d, s.e, s.f, s.g, s.h, s.b_xor_c, words[0]);
    Round::template round<V>(s.d, s.a, s.c, s.h, s.e, s.f, s.g, s.b_xor_c, words[1]);
    if constexpr (kStep == 2) {
      between(i / 2);
    }
    Round::template round<V>(s.c, s.d, s.b, s.g, s.h, s.e, s.f, s.b_xor_c, words[kThird]);
    Round::template round<V>(s.b, s.c, s.a, s.f, s.g, s.h, s.e, s.b_xor_c, words[kThird + 1]);
    between((i + 3) / kStep);
  }
}

const auto nothing_between = [](int) __attribute__((target(ASHLAR_PAIRS_TARGET), always_inline)){};

// `count` rounds with nothing between them. Eight are the fewest after which all variables are in their
// registers again. More in a row would fill the cache of decoded instructions: where code is not in it,
// rounds take nearly twice as long.
template <class V, int Blocks>
ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET)
void plain_rounds(Working<V>& s, const typename V::Word* wk, int count) {
  for (int t = 0; t < count; t += 8) {
    some_rounds<V, Blocks, 8>(s, wk + Blocks * t, nothing_between);
  }
}

ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) __m128i load_words(const void* p, __m128i) {
  return _mm_loadu_si128(static_cast<const __m128i*>(p));
}
// Sixteen bytes from byte `Bytes` of low on, of each block.
template <int Bytes>
ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET)
__m128i following(__m128i high, __m128i low) {
  return _mm_alignr_epi8(high, low, Bytes);
}
ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) void store_words(void* p, __m128i x) {
  _mm_store_si128(static_cast<__m128i*>(p), x);
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

// The rounds read W + K through another pointer. Otherwise g++ takes words out of vector registers, two
// instructions each.
template <class Word>
ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET)
const Word* stored_at(const Word* wk) {
  __asm__("" : "+r"(wk));
  return wk;
}

// The work between rounds: none.
struct Idle {
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) void operator()(int) const {}
};

// One block. `between(i)` comes after the rounds of each step i, sixteen words being four steps of SHA-256
// and eight of SHA-512.
template <class V, class Between>
ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET)
void compress_one(typename V::Word* state, const std::uint8_t* data, Between& between) {
  using Word = typename V::Word;
  constexpr int kStep = V::kStep;
  const Word* const k = V::constants();
  alignas(16) Word wk[16];
  const Word* const stored = stored_at(wk);
  __m128i w[16 / static_cast<std::size_t>(kStep)];
  ASHLAR_UNROLL
  for (int i = 0; i < 16 / kStep; ++i) {
    w[i] = _mm_shuffle_epi8(load_words(data + 16 * i, __m128i()), V::byte_swap());
    store_wk<V>(wk + kStep * i, w[i], k + kStep * i);
  }
  Working<V> s = load_state<V>(state);
  for (int t = 0; t < V::kRounds - 16; t += 16) {
    some_rounds<V, 1, 16>(
        s, stored, [&](int i) __attribute__((target(ASHLAR_PAIRS_TARGET), always_inline)) {
          V::extend(w, i);
          store_wk<V>(wk + kStep * i, w[i], k + t + 16 + kStep * i);
          between(i);
        });
  }
  if constexpr (std::is_same_v<Between, Idle>) {
    plain_rounds<V, 1>(s, stored, 16);
  } else {
    some_rounds<V, 1, 16>(
        s, stored, [&](int i) __attribute__((target(ASHLAR_PAIRS_TARGET), always_inline)) { between(i); });
  }
  add_to_state<V>(state, s);
}

// More stack than compress_one takes.
inline constexpr std::size_t kOneStack = 640;

// What SHA-512's kernels share. A step makes two words. They do not depend on each other, because the latest
// input of a word is two words back.
template <class V>
struct Pairs512 {
  using Word = std::uint64_t;
  static constexpr int kStep = 2;
  static constexpr int kRounds = 80;
  static constexpr int kBig0[3] = {28, 34, 39};
  static constexpr int kBig1[3] = {14, 18, 41};
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
  // Makes the next words from the sixteen before them in w (oldest at i), in the place of the oldest.
  template <class Vec>
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET)
  static void extend(Vec (&w)[8], int i) {
    const Vec next = following<8>(w[(i + 1) & 7], w[i]);
    const Vec ninth = following<8>(w[(i + 5) & 7], w[(i + 4) & 7]);
    Vec sum = add_words(add_words(w[i], ninth), V::small0(next));
    keep(sum);
    w[i] = add_words(sum, V::small1(w[(i + 7) & 7]));
  }
};

// e to h in integer registers.
template <class Word>
struct ScalarE {
  using E = Word;
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static E from_scalar(Word x) { return x; }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static Word to_scalar(E x) { return x; }
};

// SHA-256's kernels share this. Four words of the schedule make a step, and the last two of them need the
// first two. So small sigma 1 is computed for two words at a time. Each is doubled into 64 bits, so that a
// 64-bit shift is a rotation of 32, and a byte shuffle puts the two results in place.
template <class V>
struct Pairs256 : ScalarE<std::uint32_t> {
  using Word = std::uint32_t;
  static constexpr int kStep = 4;
  static constexpr int kRounds = 64;
  static constexpr int kBig0[3] = {2, 13, 22};
  static constexpr int kBig1[3] = {6, 11, 25};
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static const Word* constants() { return kRound256; }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static __m128i byte_swap() {
    return _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static __m128i add_words(__m128i a, __m128i b) {
    return _mm_add_epi32(a, b);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static __m256i add_words(__m256i a, __m256i b) {
    return _mm256_add_epi32(a, b);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static __m128i small0(__m128i x) {
    const __m128i by7 = _mm_xor_si128(_mm_srli_epi32(x, 7), _mm_slli_epi32(x, 25));
    const __m128i by18 = _mm_xor_si128(_mm_srli_epi32(x, 18), _mm_slli_epi32(x, 14));
    return _mm_xor_si128(_mm_xor_si128(by7, by18), _mm_srli_epi32(x, 3));
  }
  // The words are doubled; the results are in the even places.
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static __m128i small1(__m128i x) {
    return _mm_xor_si128(_mm_xor_si128(_mm_srli_epi64(x, 17), _mm_srli_epi64(x, 19)), _mm_srli_epi32(x, 10));
  }
  // The words 2 and 3, or 0 and 1, doubled.
  template <int Which>
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET)
  static __m128i doubled(__m128i x) {
    return _mm_shuffle_epi32(x, Which);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static __m128i shuffled(__m128i x, __m128i bytes) {
    return _mm_shuffle_epi8(x, bytes);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static __m256i small0(__m256i x) {
    const __m256i by7 = _mm256_xor_si256(_mm256_srli_epi32(x, 7), _mm256_slli_epi32(x, 25));
    const __m256i by18 = _mm256_xor_si256(_mm256_srli_epi32(x, 18), _mm256_slli_epi32(x, 14));
    return _mm256_xor_si256(_mm256_xor_si256(by7, by18), _mm256_srli_epi32(x, 3));
  }
  // The words are doubled; the results are in the even places.
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static __m256i small1(__m256i x) {
    return _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(x, 17), _mm256_srli_epi64(x, 19)),
                            _mm256_srli_epi32(x, 10));
  }
  // The words 2 and 3, or 0 and 1, doubled.
  template <int Which>
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET)
  static __m256i doubled(__m256i x) {
    return _mm256_shuffle_epi32(x, Which);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static __m256i shuffled(__m256i x, __m256i bytes) {
    return _mm256_shuffle_epi8(x, bytes);
  }
  // Makes the next words from the sixteen before them in w (oldest at i), in the place of the oldest.
  template <class Vec>
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET)
  static void extend(Vec (&w)[4], int i) {
    alignas(16) static constexpr std::uint8_t kEvenToLow[16] = {
        0, 1, 2, 3, 8, 9, 10, 11, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    alignas(16) static constexpr std::uint8_t kEvenToHigh[16] = {
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 1, 2, 3, 8, 9, 10, 11};
    const Vec newest = w[(i + 3) & 3];
    const Vec next = following<4>(w[(i + 1) & 3], w[i]);
    const Vec ninth = following<4>(newest, w[(i + 2) & 3]);
    Vec sum = add_words(add_words(w[i], ninth), small0(next));
    keep(sum);
    const Vec low = small1(doubled<0xfa>(newest));
    const Vec half = add_words(sum, shuffled(low, load_words(kEvenToLow, newest)));
    const Vec high = small1(doubled<0x50>(half));
    w[i] = add_words(half, shuffled(high, load_words(kEvenToHigh, newest)));
  }
};

// SHA-512's functions without AVX-512: e to h in integer registers, rotations of vectors by two shifts.
template <class V>
struct Sigmas512 : ScalarE<std::uint64_t> {
  template <int bits>
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET)
  static __m128i rotated(__m128i x) {
    return _mm_or_si128(_mm_srli_epi64(x, bits), _mm_slli_epi64(x, 64 - bits));
  }
  template <int bits>
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET)
  static __m256i rotated(__m256i x) {
    return _mm256_or_si256(_mm256_srli_epi64(x, bits), _mm256_slli_epi64(x, 64 - bits));
  }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static __m128i by8() {
    return _mm_set_epi64x(0x080f0e0d0c0b0a09, 0x0007060504030201);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static __m128i small0(__m128i x) {
    return _mm_xor_si128(_mm_xor_si128(rotated<1>(x), _mm_shuffle_epi8(x, by8())), _mm_srli_epi64(x, 7));
  }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static __m256i small0(__m256i x) {
    const __m256i rotated8 = _mm256_shuffle_epi8(x, _mm256_broadcastsi128_si256(by8()));
    return _mm256_xor_si256(_mm256_xor_si256(rotated<1>(x), rotated8), _mm256_srli_epi64(x, 7));
  }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static __m128i small1(__m128i x) {
    const __m128i a = _mm_xor_si128(_mm_srli_epi64(x, 19), _mm_slli_epi64(x, 45));
    const __m128i b = _mm_xor_si128(_mm_srli_epi64(x, 61), _mm_slli_epi64(x, 3));
    return _mm_xor_si128(_mm_xor_si128(a, _mm_srli_epi64(x, 6)), b);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static __m256i small1(__m256i x) {
    return _mm256_xor_si256(_mm256_xor_si256(rotated<19>(x), rotated<61>(x)), _mm256_srli_epi64(x, 6));
  }
};

}  // namespace ashlar::crypto::sha2

#endif
