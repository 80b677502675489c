// SPDX-License-Identifier: Apache-2.0
// GHASH with byte shuffles, for CPUs without carry-less multiplication.
//
// A block times H is the sum of its 32 nibbles times H, each at its place. A table holds every nibble n(x)
// times H, with byte j of all sixteen entries in one register. A shuffle of that register by the block's
// nibbles gives byte j of all products at once. Sixteen such bytes, each moved one place further, add up to
// the product. No secret addresses memory. Per block that is 32 shuffles, as many shifts of a register by
// bytes, 50 xors, and the reduction.
//
// Blocks are held with their bytes reversed, so a multiplication by x is a shift down by one bit.
#pragma once

#include "aes/aesni.hpp"

#if ASHLAR_X86_KERNELS

#include <ashlar/base/ct.hpp>

namespace ashlar::crypto::gcm {

#define ASHLAR_SHUFFLE_TARGET "ssse3"

// Row j: byte j of every nibble's product, the first nibble of a byte (the higher one) and the second.
struct ShuffleTable {
  alignas(16) std::uint8_t first[16][16];
  std::uint8_t second[16][16];
};

// Fills the table. Leaves multiples of H on the stack.
inline void fill_table(ShuffleTable& table, const std::uint8_t h[16]) {
  std::uint64_t high = load_be64(h);
  std::uint64_t low = load_be64(h + 8);
  for (unsigned i = 0; i < 8; ++i) {
    auto& rows = i < 4 ? table.first : table.second;
    std::uint8_t bytes[16];
    store_be64(bytes, high);
    store_be64(bytes + 8, low);
    const std::size_t bit = std::size_t{8} >> (i % 4);
    for (std::size_t j = 0; j < 16; ++j) {
      rows[j][bit] = bytes[j];
    }
    // Times x: a bit that falls out comes back as 1 + x + x^2 + x^7.
    const std::uint64_t back = ct::Mask::from_bit(low & 1).bits() & 0xe100000000000000;
    low = (low >> 1) | (high << 63);
    high = (high >> 1) ^ back;
  }
  for (auto* rows : {&table.first, &table.second}) {
    for (std::size_t j = 0; j < 16; ++j) {
      auto& row = (*rows)[j];
      row[0] = 0;
      for (std::size_t n = 3; n < 16; ++n) {
        const std::size_t rest = n & (n - 1);
        if (rest != 0) {
          row[n] = row[rest] ^ row[n - rest];
        }
      }
    }
  }
}

// acc (reversed) and more blocks.
ASHLAR_TARGET_INLINE(ASHLAR_SHUFFLE_TARGET)
__m128i absorb_by_shuffles(const ShuffleTable& table, __m128i acc, const std::uint8_t* in,
                           std::size_t blocks) {
  const __m128i reversal = _mm_set_epi64x(0x0001020304050607, 0x08090a0b0c0d0e0f);
  const __m128i nibble = _mm_set1_epi8(0x0f);
  for (; blocks != 0; --blocks, in += 16) {
    acc = _mm_xor_si128(acc, _mm_shuffle_epi8(aes::load(in), reversal));
    const __m128i first = _mm_and_si128(_mm_srli_epi16(acc, 4), nibble);
    const __m128i second = _mm_and_si128(acc, nibble);
    // Four sums side by side, of every fourth row: each would wait for its own shift.
    __m128i low[4];
    __m128i high[4];  // the part shifted out of `low`
    const ShuffleTable& rows = *aes::reread(&table);
    ASHLAR_UNROLL
    for (std::size_t j = 16; j != 0;) {
      --j;
      const std::size_t i = j % 4;
      const __m128i a = _mm_load_si128(reinterpret_cast<const __m128i*>(rows.first[j]));
      const __m128i b = _mm_load_si128(reinterpret_cast<const __m128i*>(rows.second[j]));
      const __m128i row = _mm_xor_si128(_mm_shuffle_epi8(a, first), _mm_shuffle_epi8(b, second));
      if (j >= 12) {
        low[i] = row;
        high[i] = _mm_setzero_si128();
      } else {
        high[i] = _mm_alignr_epi8(low[i], high[i], 4);
        low[i] = _mm_xor_si128(_mm_srli_si128(low[i], 4), row);
      }
    }
    // Sum i is i bytes further on.
    const __m128i all_low =
        _mm_xor_si128(_mm_xor_si128(low[0], _mm_srli_si128(low[1], 1)),
                      _mm_xor_si128(_mm_srli_si128(low[2], 2), _mm_srli_si128(low[3], 3)));
    const __m128i all_high = _mm_xor_si128(
        _mm_xor_si128(high[0], _mm_alignr_epi8(low[1], high[1], 1)),
        _mm_xor_si128(_mm_alignr_epi8(low[2], high[2], 2), _mm_alignr_epi8(low[3], high[3], 3)));
    // high x^128 = high (1 + x + x^2 + x^7); its last byte is empty.
    const __m128i upper = _mm_srli_si128(all_high, 8);
    const __m128i shifted = _mm_xor_si128(
        _mm_xor_si128(_mm_srli_epi64(all_high, 1), _mm_srli_epi64(all_high, 2)), _mm_srli_epi64(all_high, 7));
    const __m128i carried = _mm_xor_si128(_mm_xor_si128(_mm_slli_epi64(upper, 63), _mm_slli_epi64(upper, 62)),
                                          _mm_slli_epi64(upper, 57));
    acc = _mm_xor_si128(_mm_xor_si128(all_low, all_high), _mm_xor_si128(shifted, carried));
  }
  return acc;
}

// The key data of the rows with this GHASH; a short key has fewer round keys.
struct ShuffleKey {
  ShuffleTable table;
  std::uint8_t round_keys[16 * 15];
};

// The same, once for all who call it: inlined it would be a thousand bytes at each.
__m128i absorb_blocks(const ShuffleTable& table, __m128i acc, const std::uint8_t* in, std::size_t blocks);

// GHASH of bytes, the last block filled up with zeros.
ASHLAR_TARGET_INLINE(ASHLAR_SHUFFLE_TARGET)
__m128i absorb(const ShuffleTable& table, __m128i acc, const std::uint8_t* in, std::size_t size) {
  acc = absorb_blocks(table, acc, in, size / 16);
  if (size % 16 != 0) {
    alignas(16) std::uint8_t last[16] = {};
    std::memcpy(last, in + size / 16 * 16, size % 16);
    acc = absorb_blocks(table, acc, last, 1);
  }
  return acc;
}

}  // namespace ashlar::crypto::gcm

#endif
