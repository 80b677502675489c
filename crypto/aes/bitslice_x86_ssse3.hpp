// SPDX-License-Identifier: Apache-2.0
// Bitsliced AES on eight blocks in eight xmm registers, for CPUs with SSSE3 and without the AES instructions:
// register i has bit i of every byte, and bit b of its byte p is that of byte p of block b.
//
// A byte shuffle moves rows and columns at will, so no round has a ShiftRows (Adomnicai and Peyrin,
// "Fixslicing AES-like ciphers", 2021). After round k row r lies k r columns off, as does the round's key,
// and MixColumns finds the next row k columns further on. One shuffle at the end puts all back. The S-box's
// constant 0x63 is in the round keys: MixColumns and its inverse leave it as it is.
//
// A round is 105 instructions for the S-box, 43 for MixColumns, 8 for the key, and as many copies as
// two-operand instructions need: some 170, 13 per byte of AES-128. Round keys are spread over registers anew
// by each call, two instructions each, so that a key object holds 16 bytes per round.
#pragma once

#include "aes/aesni.hpp"
#include "aes/bitslice_core.hpp"

#if ASHLAR_X86_KERNELS

#if !defined(__clang__)
// g++ otherwise keeps the order of the circuit, which was not made for sixteen registers: 7.0 cycles per byte
// instead of 6.3.
#pragma GCC optimize("schedule-insns", "sched-pressure")
#endif

namespace ashlar::crypto::aes {

#define ASHLAR_SLICE_TARGET "ssse3"

struct Slices8 {
  __m128i w[8];
};
inline constexpr std::size_t kSlices = 2;
inline constexpr std::size_t kBatchBlocks = 8 * kSlices;

// The block of that number.
template <std::size_t N>
ASHLAR_TARGET_INLINE(ASHLAR_SLICE_TARGET)
__m128i& block(Slices8 (&all)[N], std::size_t i) {
  return all[i / 8].w[i % 8];
}

// Round keys as slices.
struct SlicedKeys {
  Slices8 round[15];
};

// A byte shuffle: the byte of row (r + rows) and column (c + columns r + further) goes to row r, column c.
struct alignas(16) Moves {
  std::uint8_t from[16];
};
constexpr Moves moves(unsigned rows, unsigned columns, unsigned further) {
  Moves out = {};
  for (unsigned c = 0; c < 4; ++c) {
    for (unsigned r = 0; r < 4; ++r) {
      out.from[4 * c + r] =
          static_cast<std::uint8_t>(4 * ((c + columns * r + further) & 3) + ((r + rows) & 3));
    }
  }
  return out;
}
// By the number of ShiftRows left out, modulo four: the next row, and the one after.
inline constexpr Moves kNextRow[4] = {moves(1, 0, 0), moves(1, 0, 1), moves(1, 0, 2), moves(1, 0, 3)};
inline constexpr Moves kNextRow2[4] = {moves(2, 0, 0), moves(2, 0, 2), moves(2, 0, 0), moves(2, 0, 2)};
// From the standard's order to such an order, and back.
inline constexpr Moves kLeaveOut[4] = {moves(0, 0, 0), moves(0, 3, 0), moves(0, 2, 0), moves(0, 1, 0)};
inline constexpr Moves kPutBack[4] = {moves(0, 0, 0), moves(0, 1, 0), moves(0, 2, 0), moves(0, 3, 0)};

ASHLAR_TARGET_INLINE(ASHLAR_SLICE_TARGET) __m128i moved(__m128i v, const Moves& by) {
  return _mm_shuffle_epi8(v, _mm_load_si128(reinterpret_cast<const __m128i*>(by.from)));
}

// Swaps the bits of a under `mask << shift` with those of b under `mask`.
template <int Shift>
ASHLAR_TARGET_INLINE(ASHLAR_SLICE_TARGET)
void swap_bits(__m128i& a, __m128i& b, std::uint8_t mask) {
  const __m128i bits = _mm_set1_epi8(static_cast<char>(mask));
  const __m128i t = _mm_and_si128(_mm_xor_si128(_mm_srli_epi64(a, Shift), b), bits);
  b = _mm_xor_si128(b, t);
  a = _mm_xor_si128(a, _mm_slli_epi64(t, Shift));
}

// From eight blocks to slices, and back: its own inverse.
ASHLAR_TARGET_INLINE(ASHLAR_SLICE_TARGET) void transpose(Slices8& s) {
  ASHLAR_UNROLL
  for (int i = 0; i < 8; i += 2) {
    swap_bits<1>(s.w[i], s.w[i + 1], 0x55);
  }
  ASHLAR_UNROLL
  for (const int i : {0, 1, 4, 5}) {
    swap_bits<2>(s.w[i], s.w[i + 2], 0x33);
  }
  ASHLAR_UNROLL
  for (int i = 0; i < 4; ++i) {
    swap_bits<4>(s.w[i], s.w[i + 4], 0x0f);
  }
}

ASHLAR_TARGET_INLINE(ASHLAR_SLICE_TARGET) void add_key(Slices8& s, const Slices8& key) {
  ASHLAR_UNROLL
  for (int i = 0; i < 8; ++i) {
    s.w[i] = _mm_xor_si128(s.w[i], key.w[i]);
  }
}

// As in bitslice.cpp: 2 t[r] + s[r+1] + t[r+2] with t[r] = s[r] + s[r+1].
ASHLAR_TARGET_INLINE(ASHLAR_SLICE_TARGET) void mix_columns(Slices8& s, std::uint32_t left_out) {
  Slices8 next;
  Slices8 t;
  ASHLAR_UNROLL
  for (int i = 0; i < 8; ++i) {
    next.w[i] = moved(s.w[i], kNextRow[left_out]);
    t.w[i] = _mm_xor_si128(s.w[i], next.w[i]);
  }
  const Slices8 doubled = times_x(t);
  ASHLAR_UNROLL
  for (int i = 0; i < 8; ++i) {
    s.w[i] = _mm_xor_si128(_mm_xor_si128(doubled.w[i], next.w[i]), moved(t.w[i], kNextRow2[left_out]));
  }
}

// The inverse matrix is the matrix times circ(5, 0, 4, 0): s[r] + 4 (s[r] + s[r+2]), then MixColumns.
ASHLAR_TARGET_INLINE(ASHLAR_SLICE_TARGET) void inv_mix_columns(Slices8& s, std::uint32_t left_out) {
  Slices8 t;
  ASHLAR_UNROLL
  for (int i = 0; i < 8; ++i) {
    t.w[i] = _mm_xor_si128(s.w[i], moved(s.w[i], kNextRow2[left_out]));
  }
  t = times_x(times_x(t));
  add_key(s, t);
  mix_columns(s, left_out);
}

// The round keys as this row keeps them, 16 bytes each. Returns the number of rounds.
std::uint32_t expand_ssse3(std::uint8_t* keys, Bytes key);

// Those as slices.
ASHLAR_TARGET_INLINE(ASHLAR_SLICE_TARGET)
void slice_keys(SlicedKeys& out, const std::uint8_t* keys, std::uint32_t rounds) {
  for (std::uint32_t r = 0; r <= rounds; ++r) {
    const __m128i key = moved(round_key(keys, r), kLeaveOut[r & 3]);
    ASHLAR_UNROLL
    for (int i = 0; i < 8; ++i) {
      const __m128i bit = _mm_set1_epi8(static_cast<char>(1 << i));
      out.round[r].w[i] = _mm_cmpeq_epi8(_mm_and_si128(key, bit), bit);
    }
  }
}

// Eight blocks, and the first `count` of sixteen. Not inline: each is as long as the rest of what calls it,
// and all that calls it has one copy.
void encrypt_slice(Slices8& eight, const SlicedKeys& keys, std::uint32_t rounds);
void encrypt_slices(Slices8 (&all)[kSlices], const SlicedKeys& keys, std::uint32_t rounds, std::size_t count);
void decrypt_slices(Slices8 (&all)[kSlices], const SlicedKeys& keys, std::uint32_t rounds, std::size_t count);

}  // namespace ashlar::crypto::aes

#endif
