// SPDX-License-Identifier: Apache-2.0
// SHA-2 compression of as many messages as a vector has words (FIPS 180-4 §6.2.2, §6.4.2), once for both word
// sizes and every vector width. The file that includes this defines ASHLAR_LANES_TARGET, and V has the
// operations on vectors.
//
// Word w of all messages is one vector, so that a round is the standard's, on vectors. Sixteen rounds are
// written out: the working variables rotate by name, and word t + 16 of the schedule takes the place of word
// t as soon as the round has used it.
#pragma once

#include "cpu/dead_stack.hpp"
#include "cpu/x86.hpp"
#include "sha2/sha2_kernels.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::sha2 {

// More than any of these functions takes of the stack, as they spill words of the schedule.
inline constexpr std::size_t kLanesStack = 1792;

// Sixteen rounds; Extend: and the schedule of the sixteen after them.
template <class V, bool Extend, class Vec = typename V::Vec>
ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET)
void sixteen_rounds(Vec (&s)[8], Vec (&w)[16], const typename V::Word* k) {
  ASHLAR_UNROLL
  for (int i = 0; i < 16; ++i) {
    const Vec a = s[(16 - i) & 7], b = s[(17 - i) & 7], c = s[(18 - i) & 7];
    const Vec e = s[(20 - i) & 7], f = s[(21 - i) & 7], g = s[(22 - i) & 7];
    Vec& d = s[(19 - i) & 7];
    Vec& h = s[(23 - i) & 7];
    h = V::add(V::add(h, V::add(w[i], V::broadcast(k[i]))), V::add(V::ch(e, f, g), V::big1(e)));
    d = V::add(d, h);
    h = V::add(h, V::add(V::maj(a, b, c), V::big0(a)));
    if constexpr (Extend) {
      w[i] = V::add(V::add(w[i], w[(i + 9) & 15]),
                    V::add(V::small0(w[(i + 1) & 15]), V::small1(w[(i + 14) & 15])));
    }
  }
}

// states: word i of all messages at i * V::kLanes, aligned to a vector.
template <class V, class Vec = typename V::Vec>
ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET)
void compress_lanes(void* states, const std::uint8_t* const* data, std::size_t blocks) {
  auto* const memory = static_cast<typename V::Word*>(states);
  const auto* const k = V::constants();
  for (std::size_t offset = 0; blocks != 0; --blocks, offset += 16 * sizeof(typename V::Word)) {
    Vec w[16];
    V::load_block(w, data, offset);
    // The transposition wants the registers: not before here.
    __asm__ volatile("" : : : "memory");
    Vec s[8];
    ASHLAR_UNROLL
    for (int i = 0; i < 8; ++i) {
      s[i] = V::load(memory + i * V::kLanes);
    }
    int t = 0;
    for (; t < V::kRounds - 16; t += 16) {
      sixteen_rounds<V, true>(s, w, k + t);
    }
    sixteen_rounds<V, false>(s, w, k + t);
    ASHLAR_UNROLL
    for (int i = 0; i < 8; ++i) {
      V::store(memory + i * V::kLanes, V::add(s[i], V::load(memory + i * V::kLanes)));
    }
  }
}

}  // namespace ashlar::crypto::sha2

#endif
