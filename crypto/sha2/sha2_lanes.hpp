// SPDX-License-Identifier: Apache-2.0
// SHA-2 compression of as many messages as a vector has words (FIPS 180-4 §6.2.2, §6.4.2), once for both word
// sizes and every vector width. The file that includes this defines ASHLAR_LANES_TARGET, and V has a vector
// and a word, and the operations on vectors of such words.
//
// Word w of all messages is one vector, so a round is the standard's round, on vectors. Sixteen rounds are
// written out: the working variables rotate by name, and word t + 16 of the schedule takes the place of word
// t as soon as the round has used it.
#pragma once

#include "cpu/dead_stack.hpp"
#include "cpu/x86.hpp"
#include "sha2/sha2_kernels.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::sha2 {

// More stack than any of these functions takes; they spill words of the schedule.
inline constexpr std::size_t kLanesStack = 1792;

// What differs by word size: constants, and the four functions of one word (FIPS 180-4 §4.1.2, §4.1.3,
// §5.3).
template <class Word>
struct Functions;

template <>
struct Functions<std::uint32_t> {
  static constexpr int kRounds = 64;
  static const std::uint32_t* constants() { return kRound256; }

  template <class V, class Vec = typename V::Vec>
  ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET)
  static Vec big0(Vec x) {
    return V::xor3(V::template ror<2>(x), V::template ror<13>(x), V::template ror<22>(x));
  }
  template <class V, class Vec = typename V::Vec>
  ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET)
  static Vec big1(Vec x) {
    return V::xor3(V::template ror<6>(x), V::template ror<11>(x), V::template ror<25>(x));
  }
  template <class V, class Vec = typename V::Vec>
  ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET)
  static Vec small0(Vec x) {
    return V::xor3(V::template ror<7>(x), V::template ror<18>(x), V::template shr<3>(x));
  }
  template <class V, class Vec = typename V::Vec>
  ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET)
  static Vec small1(Vec x) {
    return V::xor3(V::template ror<17>(x), V::template ror<19>(x), V::template shr<10>(x));
  }
};

template <>
struct Functions<std::uint64_t> {
  static constexpr int kRounds = 80;
  static const std::uint64_t* constants() { return kRound512; }

  template <class V, class Vec = typename V::Vec>
  ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET)
  static Vec big0(Vec x) {
    return V::xor3(V::template ror<28>(x), V::template ror<34>(x), V::template ror<39>(x));
  }
  template <class V, class Vec = typename V::Vec>
  ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET)
  static Vec big1(Vec x) {
    return V::xor3(V::template ror<14>(x), V::template ror<18>(x), V::template ror<41>(x));
  }
  template <class V, class Vec = typename V::Vec>
  ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET)
  static Vec small0(Vec x) {
    return V::xor3(V::template ror<1>(x), V::template ror<8>(x), V::template shr<7>(x));
  }
  template <class V, class Vec = typename V::Vec>
  ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET)
  static Vec small1(Vec x) {
    return V::xor3(V::template ror<19>(x), V::template ror<61>(x), V::template shr<6>(x));
  }
};

// Sixteen rounds; Extend: and the schedule of the sixteen after them.
template <class V, bool Extend, class Vec = typename V::Vec>
ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET)
void sixteen_rounds(Vec (&s)[8], Vec (&w)[16], const typename V::Word* k) {
  using F = Functions<typename V::Word>;
  ASHLAR_UNROLL
  for (int i = 0; i < 16; ++i) {
    const Vec a = s[(16 - i) & 7], b = s[(17 - i) & 7], c = s[(18 - i) & 7];
    const Vec e = s[(20 - i) & 7], f = s[(21 - i) & 7], g = s[(22 - i) & 7];
    Vec& d = s[(19 - i) & 7];
    Vec& h = s[(23 - i) & 7];
    h = V::add(V::add(h, V::add(w[i], V::broadcast(k[i]))), V::add(V::ch(e, f, g), F::template big1<V>(e)));
    d = V::add(d, h);
    h = V::add(h, V::add(V::maj(a, b, c), F::template big0<V>(a)));
    if constexpr (Extend) {
      w[i] = V::add(V::add(w[i], w[(i + 9) & 15]),
                    V::add(F::template small0<V>(w[(i + 1) & 15]), F::template small1<V>(w[(i + 14) & 15])));
    }
  }
}

// states: word i of all messages at i times their number, aligned to a vector.
template <class V, class Vec = typename V::Vec>
ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET)
void compress_lanes(void* states, const std::uint8_t* const* data, std::size_t blocks) {
  using Word = typename V::Word;
  using F = Functions<Word>;
  constexpr std::size_t kLanes = sizeof(Vec) / sizeof(Word);
  auto* const memory = static_cast<Word*>(states);
  const auto* const k = F::constants();
  for (std::size_t offset = 0; blocks != 0; --blocks, offset += 16 * sizeof(Word)) {
    Vec w[16];
    V::load_block(w, data, offset);
    // The transposition needs the registers, so no loads may move above this line.
    __asm__ volatile("" : : : "memory");
    Vec s[8];
    ASHLAR_UNROLL
    for (std::size_t i = 0; i < 8; ++i) {
      s[i] = V::load(memory + i * kLanes);
    }
    int t = 0;
    for (; t < F::kRounds - 16; t += 16) {
      sixteen_rounds<V, true>(s, w, k + t);
    }
    sixteen_rounds<V, false>(s, w, k + t);
    ASHLAR_UNROLL
    for (std::size_t i = 0; i < 8; ++i) {
      V::store(memory + i * kLanes, V::add(s[i], V::load(memory + i * kLanes)));
    }
  }
}

}  // namespace ashlar::crypto::sha2

#endif
