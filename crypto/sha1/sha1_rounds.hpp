// SPDX-License-Identifier: Apache-2.0
// The rounds of SHA-1 on integer registers and its message schedule on vectors, once for xmm and ymm
// registers. The file that includes this defines ASHLAR_SHA1_TARGET; V has the operations on four words, of
// one block or of two.
//
// W + K goes to memory. From word 32 on W[t] = rotl2(W[t-6] ^ W[t-16] ^ W[t-28] ^ W[t-32]) (the recurrence of
// FIPS 180-4 §6.1.2 inserted into itself), so no word of a step needs another. In the four steps before, the
// last word is corrected afterwards. The chain of a is a rotation and an addition per round, and what a round
// adds besides is put in the order in which it becomes ready.
#pragma once

#include <ashlar/base/bytes.hpp>

#include "cpu/dead_stack.hpp"
#include "sha1/sha1_kernels.hpp"

#if ASHLAR_X86_KERNELS

#include <bit>

namespace ashlar::crypto::sha1 {
namespace {

alignas(16) constexpr std::uint32_t kRound[4][4] = {
    {0x5a827999, 0x5a827999, 0x5a827999, 0x5a827999},
    {0x6ed9eba1, 0x6ed9eba1, 0x6ed9eba1, 0x6ed9eba1},
    {0x8f1bbcdc, 0x8f1bbcdc, 0x8f1bbcdc, 0x8f1bbcdc},
    {0xca62c1d6, 0xca62c1d6, 0xca62c1d6, 0xca62c1d6},
};

struct Working {
  std::uint32_t a, b, c, d, e;
};

// One round of the kind for rounds 20 * Kind and up: the next a replaces e, and b is rotated. The names of
// the variables rotate with the calls.
template <int Kind>
ASHLAR_TARGET_INLINE(ASHLAR_SHA1_TARGET)
void round(std::uint32_t a, std::uint32_t& b, std::uint32_t c, std::uint32_t d, std::uint32_t& e,
           std::uint32_t wk) {
  e += wk;
  // What does not need b, the latest of the three, goes first. Compilers would choose another order.
  std::uint32_t f = c ^ d;
  if constexpr (Kind == 2) {
    e += c & d;
  }
  __asm__("" : "+r"(f), "+r"(e));
  if constexpr (Kind == 0) {
    f = (f & b) ^ d;
  } else if constexpr (Kind == 2) {
    f &= b;
  } else {
    f ^= b;
  }
  e += f;
  __asm__("" : "+r"(e));
  e += std::rotl(a, 5);
  b = std::rotl(b, 30);
}

// Rounds 20 * Kind to 20 * Kind + 19 of the block whose words wk points to, in groups of four, `Stride` words
// apart. `between(g)` comes after group g of four rounds, counted from the block's start.
template <int Kind, int Stride, class Between>
ASHLAR_TARGET_INLINE(ASHLAR_SHA1_TARGET)
void twenty_rounds(Working& s, const std::uint32_t* wk, Between between) {
  const std::uint32_t* const w = wk + 5 * Stride * Kind;
  const int group = 5 * Kind;
  round<Kind>(s.a, s.b, s.c, s.d, s.e, w[0]);
  round<Kind>(s.e, s.a, s.b, s.c, s.d, w[1]);
  round<Kind>(s.d, s.e, s.a, s.b, s.c, w[2]);
  round<Kind>(s.c, s.d, s.e, s.a, s.b, w[3]);
  between(group);
  round<Kind>(s.b, s.c, s.d, s.e, s.a, w[Stride]);
  round<Kind>(s.a, s.b, s.c, s.d, s.e, w[Stride + 1]);
  round<Kind>(s.e, s.a, s.b, s.c, s.d, w[Stride + 2]);
  round<Kind>(s.d, s.e, s.a, s.b, s.c, w[Stride + 3]);
  between(group + 1);
  round<Kind>(s.c, s.d, s.e, s.a, s.b, w[2 * Stride]);
  round<Kind>(s.b, s.c, s.d, s.e, s.a, w[2 * Stride + 1]);
  round<Kind>(s.a, s.b, s.c, s.d, s.e, w[2 * Stride + 2]);
  round<Kind>(s.e, s.a, s.b, s.c, s.d, w[2 * Stride + 3]);
  between(group + 2);
  round<Kind>(s.d, s.e, s.a, s.b, s.c, w[3 * Stride]);
  round<Kind>(s.c, s.d, s.e, s.a, s.b, w[3 * Stride + 1]);
  round<Kind>(s.b, s.c, s.d, s.e, s.a, w[3 * Stride + 2]);
  round<Kind>(s.a, s.b, s.c, s.d, s.e, w[3 * Stride + 3]);
  between(group + 3);
  round<Kind>(s.e, s.a, s.b, s.c, s.d, w[4 * Stride]);
  round<Kind>(s.d, s.e, s.a, s.b, s.c, w[4 * Stride + 1]);
  round<Kind>(s.c, s.d, s.e, s.a, s.b, w[4 * Stride + 2]);
  round<Kind>(s.b, s.c, s.d, s.e, s.a, w[4 * Stride + 3]);
  between(group + 4);
}

template <int Stride, class Between>
ASHLAR_TARGET_INLINE(ASHLAR_SHA1_TARGET)
void eighty_rounds(std::uint32_t* state, const std::uint32_t* wk, Between between) {
  Working s = {state[0], state[1], state[2], state[3], state[4]};
  twenty_rounds<0, Stride>(s, wk, between);
  twenty_rounds<1, Stride>(s, wk, between);
  twenty_rounds<2, Stride>(s, wk, between);
  twenty_rounds<3, Stride>(s, wk, between);
  state[0] += s.a;
  state[1] += s.b;
  state[2] += s.c;
  state[3] += s.d;
  state[4] += s.e;
}

template <class V, int bits, class Vec>
ASHLAR_TARGET_INLINE(ASHLAR_SHA1_TARGET)
Vec rotated(Vec x) {
  return V::either(V::template shifted_left<bits>(x), V::template shifted_right<32 - bits>(x));
}

// Group g of four words (4 to 19) to its place in the ring of the last eight groups.
template <class V, class Vec>
ASHLAR_TARGET_INLINE(ASHLAR_SHA1_TARGET)
void extend(Vec (&w)[8], int g) {
  const Vec fourth = w[(g + 4) & 7], second = w[(g + 6) & 7], first = w[(g + 7) & 7];
  if (g < 8) {
    const Vec third = w[(g + 5) & 7];
    const Vec sum = V::different(V::different(fourth, V::two_of_each(third, fourth)),
                                 V::different(second, V::template words_down<1>(first)));
    // The fourth word lacks rotl1 of the first one.
    w[g & 7] = V::different(rotated<V, 1>(sum), rotated<V, 2>(V::template words_up<3>(sum)));
  } else {
    w[g & 7] = rotated<V, 2>(V::different(V::different(w[g & 7], w[(g + 1) & 7]),
                                          V::different(fourth, V::two_of_each(first, second))));
  }
}

template <class V, class Vec>
ASHLAR_TARGET_INLINE(ASHLAR_SHA1_TARGET)
void store_wk(std::uint32_t* wk, Vec w, int g) {
  V::store(wk + V::kStride * g, V::sum(w, V::constants(kRound[g / 5])));
}

// The rounds read W + K through another pointer: g++ would take the words out of the vector registers
// instead, two instructions each.
ASHLAR_TARGET_INLINE(ASHLAR_SHA1_TARGET) const std::uint32_t* stored_at(const std::uint32_t* wk) {
  __asm__("" : "+r"(wk));
  return wk;
}

// The operations of V that rows share, on Vec of four words or twice four.
#define ASHLAR_SHA1_OPERATIONS(Vec, prefix, suffix)                                    \
  ASHLAR_TARGET_INLINE(ASHLAR_SHA1_TARGET) static Vec either(Vec a, Vec b) {           \
    return prefix##_or_##suffix(a, b);                                                 \
  }                                                                                    \
  ASHLAR_TARGET_INLINE(ASHLAR_SHA1_TARGET) static Vec different(Vec a, Vec b) {        \
    return prefix##_xor_##suffix(a, b);                                                \
  }                                                                                    \
  ASHLAR_TARGET_INLINE(ASHLAR_SHA1_TARGET) static Vec sum(Vec a, Vec b) {              \
    return prefix##_add_epi32(a, b);                                                   \
  }                                                                                    \
  ASHLAR_TARGET_INLINE(ASHLAR_SHA1_TARGET) static Vec two_of_each(Vec high, Vec low) { \
    return prefix##_alignr_epi8(high, low, 8);                                         \
  }                                                                                    \
  template <int n>                                                                     \
  ASHLAR_TARGET_INLINE(ASHLAR_SHA1_TARGET)                                             \
  static Vec words_down(Vec x) {                                                       \
    return prefix##_srli_##suffix(x, 4 * n);                                           \
  }                                                                                    \
  template <int n>                                                                     \
  ASHLAR_TARGET_INLINE(ASHLAR_SHA1_TARGET)                                             \
  static Vec words_up(Vec x) {                                                         \
    return prefix##_slli_##suffix(x, 4 * n);                                           \
  }                                                                                    \
  template <int bits>                                                                  \
  ASHLAR_TARGET_INLINE(ASHLAR_SHA1_TARGET)                                             \
  static Vec shifted_left(Vec x) {                                                     \
    return prefix##_slli_epi32(x, bits);                                               \
  }                                                                                    \
  template <int bits>                                                                  \
  ASHLAR_TARGET_INLINE(ASHLAR_SHA1_TARGET)                                             \
  static Vec shifted_right(Vec x) {                                                    \
    return prefix##_srli_epi32(x, bits);                                               \
  }

// One block on xmm registers.
struct OneBlock {
  static constexpr int kStride = 4;
  ASHLAR_SHA1_OPERATIONS(__m128i, _mm, si128)
  ASHLAR_TARGET_INLINE(ASHLAR_SHA1_TARGET) static void store(std::uint32_t* wk, __m128i x) {
    _mm_store_si128(reinterpret_cast<__m128i*>(wk), x);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_SHA1_TARGET) static __m128i constants(const std::uint32_t* k) {
    return _mm_load_si128(reinterpret_cast<const __m128i*>(k));
  }
};

// `between(g)` comes after the four rounds of each group g.
template <class Between>
ASHLAR_TARGET_INLINE(ASHLAR_SHA1_TARGET)
void compress_one(std::uint32_t* state, const std::uint8_t* data, Between& between) {
  const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  alignas(16) std::uint32_t wk[80];
  const std::uint32_t* const stored = stored_at(wk);
  __m128i w[8];
  ASHLAR_UNROLL
  for (int g = 0; g < 4; ++g) {
    w[g] = _mm_shuffle_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(data) + g), swap);
    store_wk<OneBlock>(wk, w[g], g);
  }
  eighty_rounds<4>(
      state, stored, [&](int g) __attribute__((target(ASHLAR_SHA1_TARGET), always_inline)) {
        if (g < 16) {
          extend<OneBlock>(w, g + 4);
          store_wk<OneBlock>(wk, w[(g + 4) & 7], g + 4);
        }
        between(g);
      });
}

// The work between rounds: none.
struct Idle {
  ASHLAR_TARGET_INLINE(ASHLAR_SHA1_TARGET) void operator()(int) const {}
};

}  // namespace
}  // namespace ashlar::crypto::sha1

#endif
