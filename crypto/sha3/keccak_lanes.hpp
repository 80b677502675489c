// SPDX-License-Identifier: Apache-2.0
// Keccak-f[1600] (FIPS 202 §3) of as many states as a vector has 64-bit words, once for every vector width.
// The file that includes this defines ASHLAR_LANES_TARGET, and V has the operations on vectors.
//
// Lane i of all states is one vector, so a round is the standard's round, on vectors. Theta is applied in
// place, column by column. So at most 25 lanes, five parities and one rotated parity are live at a time, and
// 32 registers hold them. Blocks are absorbed into the states in memory, four lanes of all messages at a
// time, so one function serves every rate.
#pragma once

#include "cpu/dead_stack.hpp"
#include "sha3/keccak.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::sha3 {

// More stack than any of these functions takes; they spill lanes.
inline constexpr std::size_t kLanesStack = 1536;

// The lane that pi brings to (x, y).
constexpr int lane_before_pi(int x, int y) {
  return (x + 3 * y) % 5 + 5 * x;
}

template <class V, int X, class Vec = typename V::Vec>
ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET)
void theta_column(Vec (&a)[25], const Vec (&parity)[5]) {
  const typename V::Effect effect(parity[(X + 4) % 5], V::template rol<1>(parity[(X + 1) % 5]));
  ASHLAR_UNROLL
  for (int i = X; i < 25; i += 5) {
    a[i] = effect.on(a[i]);
  }
}

template <class V, int X, int Y, class Vec = typename V::Vec>
ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET)
Vec moved(const Vec (&a)[25]) {
  constexpr int kFrom = lane_before_pi(X, Y);
  return V::template rol<kRotations[kFrom]>(a[kFrom]);
}

// Plane y of b: rho, pi and chi.
template <class V, int Y, class Vec = typename V::Vec>
ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET)
void plane(Vec (&b)[25], const Vec (&a)[25]) {
  const Vec e0 = moved<V, 0, Y>(a), e1 = moved<V, 1, Y>(a), e2 = moved<V, 2, Y>(a), e3 = moved<V, 3, Y>(a),
            e4 = moved<V, 4, Y>(a);
  b[5 * Y] = V::chi(e0, e1, e2);
  b[5 * Y + 1] = V::chi(e1, e2, e3);
  b[5 * Y + 2] = V::chi(e2, e3, e4);
  b[5 * Y + 3] = V::chi(e3, e4, e0);
  b[5 * Y + 4] = V::chi(e4, e0, e1);
}

template <class V, class Vec = typename V::Vec>
ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET)
void round_of_lanes(Vec (&b)[25], Vec (&a)[25], const std::uint64_t* constant) {
  Vec parity[5];
  ASHLAR_UNROLL
  for (int x = 0; x < 5; ++x) {
    parity[x] = V::xor3(V::xor3(a[x], a[x + 5], a[x + 10]), a[x + 15], a[x + 20]);
  }
  theta_column<V, 0>(a, parity);
  theta_column<V, 1>(a, parity);
  theta_column<V, 2>(a, parity);
  theta_column<V, 3>(a, parity);
  theta_column<V, 4>(a, parity);
  plane<V, 0>(b, a);
  b[0] = V::exclusive_or(b[0], V::broadcast(constant));
  plane<V, 1>(b, a);
  plane<V, 2>(b, a);
  plane<V, 3>(b, a);
  plane<V, 4>(b, a);
}

template <class V, class Vec = typename V::Vec>
ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET)
void permute_lanes(Vec (&a)[25]) {
  for (int round = 0; round < 24; round += 2) {
    Vec b[25];
    round_of_lanes<V>(b, a, kRoundConstants + round);
    round_of_lanes<V>(a, b, kRoundConstants + round + 1);
  }
}

// Four rows of four words become columns.
ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET) void transpose_four(__m256i (&w)[4]) {
  const __m256i low01 = _mm256_unpacklo_epi64(w[0], w[1]);
  const __m256i high01 = _mm256_unpackhi_epi64(w[0], w[1]);
  const __m256i low23 = _mm256_unpacklo_epi64(w[2], w[3]);
  const __m256i high23 = _mm256_unpackhi_epi64(w[2], w[3]);
  w[0] = _mm256_permute2x128_si256(low01, low23, 0x20);
  w[1] = _mm256_permute2x128_si256(high01, high23, 0x20);
  w[2] = _mm256_permute2x128_si256(low01, low23, 0x31);
  w[3] = _mm256_permute2x128_si256(high01, high23, 0x31);
}

// states: vector i is lane i of all of them.
template <class V, class Vec = typename V::Vec>
ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET)
void permute_memory(void* states) {
  auto* const memory = static_cast<Vec*>(states);
  Vec a[25];
  ASHLAR_UNROLL
  for (int y = 0; y < 25; y += 5) {
    ASHLAR_UNROLL
    for (int x = 0; x < 5; ++x) {
      a[x + y] = memory[x + y];
    }
  }
  permute_lanes<V>(a);
  ASHLAR_UNROLL
  for (int y = 0; y < 25; y += 5) {
    ASHLAR_UNROLL
    for (int x = 0; x < 5; ++x) {
      memory[x + y] = a[x + y];
    }
  }
}

// rate: in lanes.
template <class V, class Vec = typename V::Vec>
ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET)
void absorb_lanes(void* states, const std::uint8_t* const* data, std::size_t blocks, std::size_t rate) {
  auto* const memory = static_cast<Vec*>(states);
  for (std::size_t offset = 0; blocks != 0; --blocks, offset += 8 * rate) {
    // Words past the end of the block are not read and count as zero.
    for (std::size_t i = 0; i < rate; i += 4) {
      Vec message[4];
      V::load_four(message, data, offset + 8 * i, rate - i < 4 ? rate - i : 4);
      ASHLAR_UNROLL
      for (std::size_t j = 0; j < 4; ++j) {
        memory[i + j] = V::exclusive_or(memory[i + j], message[j]);
      }
    }
    permute_memory<V>(states);
  }
}

}  // namespace ashlar::crypto::sha3

#endif
