// SPDX-License-Identifier: Apache-2.0
// SHA-512 compression with BMI2 and 256-bit vectors, once for AVX2 and AVX-512VL. The file that includes this
// defines ASHLAR_SHA512_TARGET, and V says where e to h live and how they are worked on.
//
// What a round waits for decides. The chain of e is Sigma1(e), the sum and the next e; that of a is Maj or
// Sigma0 and two additions. So a round goes straight for the next e, d + h + W + K before Ch before Sigma1 in
// the order in which they are there, and takes d off again for the next a: one subtraction against a cycle of
// every round. Compilers would reorder the sums; keep() holds them. Maj(a, b, c) = b ^ ((a ^ b) & (b ^ c)),
// where b ^ c is the a ^ b of the round before.
//
// The message schedule runs beside the rounds on the vector ports: two words of two consecutive blocks at a
// time, the first block in the lower half of each ymm register, the second in the upper. A step of two words
// needs nothing from itself (its latest input is two words back), which wider steps would. W + K goes to
// memory, of the first block as the rounds come to it, of the second block all at once beforehand, so that
// its rounds have nothing beside them but loads. A last odd block is paired with itself and its second half
// ignored.
#pragma once

#include <ashlar/base/bytes.hpp>

#include "cpu/dead_stack.hpp"
#include "cpu/x86.hpp"
#include "sha2/sha2_kernels.hpp"

#if ASHLAR_X86_KERNELS

#include <bit>

namespace ashlar::crypto::sha2 {

ASHLAR_TARGET_INLINE(ASHLAR_SHA512_TARGET) void keep(std::uint64_t& x) {
  __asm__("" : "+r"(x));
}
ASHLAR_TARGET_INLINE(ASHLAR_SHA512_TARGET) void keep(__m128i& x) {
  __asm__("" : "+x"(x));
}

template <class V>
struct Working512 {
  std::uint64_t a, b, c, d;
  typename V::E e, f, g, h;
  std::uint64_t b_xor_c;
};

// One round: the next a in the place of d, the next e in that of h, and a ^ b where b ^ c was. The names of
// the variables rotate with the calls, so that nothing moves.
template <class V, class E = typename V::E>
ASHLAR_TARGET_INLINE(ASHLAR_SHA512_TARGET)
void round_512(std::uint64_t a, std::uint64_t b, std::uint64_t& d, E e, E f, E g, E& h,
               std::uint64_t& b_xor_c, const std::uint64_t& wk) {
  h = V::add(V::add(h, V::load(wk)), V::from_scalar(d));
  keep(h);
  h = V::add(h, V::ch(e, f, g));
  keep(h);
  h = V::add(h, V::big1(e));
  std::uint64_t next = V::to_scalar(h) - d;
  keep(next);
  const std::uint64_t a_xor_b = a ^ b;
  next += (a_xor_b & b_xor_c) ^ b;
  keep(next);
  d = next + (std::rotr(a, 28) ^ std::rotr(a, 34) ^ std::rotr(a, 39));
  b_xor_c = a_xor_b;
}

// Sixteen rounds with wk[0], wk[1], wk[4], wk[5], wk[8] and so on: the words of one block of a pair.
// `between(i)` stands between the rounds, eight times.
template <class V, class Between>
ASHLAR_TARGET_INLINE(ASHLAR_SHA512_TARGET)
void sixteen_rounds_512(Working512<V>& s, const std::uint64_t* wk, Between between) {
  ASHLAR_UNROLL
  for (int i = 0; i < 4; ++i, wk += 8) {
    round_512<V>(s.a, s.b, s.d, s.e, s.f, s.g, s.h, s.b_xor_c, wk[0]);
    round_512<V>(s.d, s.a, s.c, s.h, s.e, s.f, s.g, s.b_xor_c, wk[1]);
    between(2 * i);
    round_512<V>(s.c, s.d, s.b, s.g, s.h, s.e, s.f, s.b_xor_c, wk[4]);
    round_512<V>(s.b, s.c, s.a, s.f, s.g, s.h, s.e, s.b_xor_c, wk[5]);
    between(2 * i + 1);
  }
}

// Words t and t + 1 of two blocks, from the sixteen before them in w (two to a register, oldest at i) to the
// place of the oldest.
template <class V>
ASHLAR_TARGET_INLINE(ASHLAR_SHA512_TARGET)
void extend_512(__m256i (&w)[8], int i) {
  const __m256i next = _mm256_alignr_epi8(w[(i + 1) & 7], w[i], 8);
  const __m256i ninth = _mm256_alignr_epi8(w[(i + 5) & 7], w[(i + 4) & 7], 8);
  w[i] = _mm256_add_epi64(_mm256_add_epi64(w[i], V::small0(next)),
                          _mm256_add_epi64(ninth, V::small1(w[(i + 7) & 7])));
}

ASHLAR_TARGET_INLINE(ASHLAR_SHA512_TARGET)
void store_wk_512(std::uint64_t* wk, __m256i w, const std::uint64_t* k) {
  const __m256i constants = _mm256_broadcastsi128_si256(_mm_load_si128(reinterpret_cast<const __m128i*>(k)));
  _mm256_store_si256(reinterpret_cast<__m256i*>(wk), _mm256_add_epi64(w, constants));
}

template <class V>
ASHLAR_TARGET_INLINE(ASHLAR_SHA512_TARGET)
Working512<V> load_state_512(const std::uint64_t* state) {
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
ASHLAR_TARGET_INLINE(ASHLAR_SHA512_TARGET)
void add_to_state_512(std::uint64_t* state, const Working512<V>& s) {
  state[0] += s.a;
  state[1] += s.b;
  state[2] += s.c;
  state[3] += s.d;
  state[4] += V::to_scalar(s.e);
  state[5] += V::to_scalar(s.f);
  state[6] += V::to_scalar(s.g);
  state[7] += V::to_scalar(s.h);
}

// More than compress_512_pairs takes of the stack: W + K and what the compiler spills.
inline constexpr std::size_t kStack512 = 2048;

template <class V>
ASHLAR_TARGET_INLINE(ASHLAR_SHA512_TARGET)
void compress_512_pairs(void* memory, const std::uint8_t* data, std::size_t blocks) {
  auto* const state = static_cast<std::uint64_t*>(memory);
  const std::uint64_t* const k = kRound512;
  const __m256i swap = _mm256_broadcastsi128_si256(_mm_set_epi64x(0x08090a0b0c0d0e0f, 0x0001020304050607));
  // W + K of a pair of blocks: words t and t + 1 of the first block at 2 t, of the second at 2 t + 2, t even.
  alignas(32) std::uint64_t wk[2 * 80];

  while (blocks != 0) {
    const std::size_t second = blocks > 1 ? 128 : 0;
    __m256i w[8];
    ASHLAR_UNROLL
    for (int i = 0; i < 8; ++i) {
      const __m128i* const low = reinterpret_cast<const __m128i*>(data) + i;
      const __m128i* const high = reinterpret_cast<const __m128i*>(data + second) + i;
      w[i] = _mm256_shuffle_epi8(
          _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128(low)), _mm_loadu_si128(high), 1),
          swap);
      store_wk_512(wk + 4 * i, w[i], k + 2 * i);
    }
    Working512<V> s = load_state_512<V>(state);
    for (int t = 0; t < 64; t += 16) {
      sixteen_rounds_512<V>(
          s, wk + 2 * t, [&](int i) __attribute__((target(ASHLAR_SHA512_TARGET), always_inline)) {
            extend_512<V>(w, i);
            store_wk_512(wk + 2 * (t + 16) + 4 * i, w[i], k + t + 16 + 2 * i);
          });
    }
    const auto nothing = [](int) __attribute__((target(ASHLAR_SHA512_TARGET), always_inline)){};
    sixteen_rounds_512<V>(s, wk + 2 * 64, nothing);
    add_to_state_512<V>(state, s);
    if (second != 0) {
      s = load_state_512<V>(state);
      for (int t = 0; t < 80; t += 16) {
        sixteen_rounds_512<V>(s, wk + 2 * t + 2, nothing);
      }
      add_to_state_512<V>(state, s);
    }
    data += 128 + second;
    blocks -= second != 0 ? 2 : 1;
  }
}

}  // namespace ashlar::crypto::sha2

#endif
