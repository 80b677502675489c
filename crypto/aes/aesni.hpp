// SPDX-License-Identifier: Apache-2.0
// The AES instructions on one block: key expansion and the round loop, for the kernels that build on them.
//
// Key expansion does not use aeskeygenassist, which is slow. If the four columns of a register are equal,
// aesenclast gives SubWord of that column (ShiftRows then moves nothing) xor the round constant.
#pragma once

#include "aes/aes_kernels.hpp"
#include "cpu/x86.hpp"

#if ASHLAR_X86_KERNELS

#include <ashlar/base/endian.hpp>

namespace ashlar::crypto::aes {

#define ASHLAR_AESNI_TARGET "aes,ssse3,sse4.1"

ASHLAR_TARGET_INLINE("sse2") __m128i load(const std::uint8_t* p) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
}
ASHLAR_TARGET_INLINE("sse2") void store(std::uint8_t* p, __m128i v) {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p), v);
}
ASHLAR_TARGET_INLINE("sse2") __m128i round_key(const std::uint8_t* keys, std::uint32_t r) {
  return _mm_load_si128(reinterpret_cast<const __m128i*>(keys) + r);
}

// The same pointer, hidden from the compiler, so that what it points to is loaded where it is used. Compilers
// otherwise load round keys and powers before a loop or long before their use. The registers cannot hold them
// all, and copies go to the stack.
template <class T>
const T* reread(const T* pointer) {
  __asm__ volatile("" : "+r"(pointer));
  return pointer;
}

// Each word becomes the xor of itself and the words before it.
ASHLAR_TARGET_INLINE("sse2") __m128i prefix_xor(__m128i k) {
  k = _mm_xor_si128(k, _mm_slli_si128(k, 4));
  return _mm_xor_si128(k, _mm_slli_si128(k, 8));
}

// The last word of k in all four columns, rotated by a byte (RotWord) or unchanged.
ASHLAR_TARGET_INLINE(ASHLAR_AESNI_TARGET) __m128i last_word_rotated(__m128i k) {
  return _mm_shuffle_epi8(k, _mm_set1_epi32(0x0c0f0e0d));
}
ASHLAR_TARGET_INLINE(ASHLAR_AESNI_TARGET) __m128i last_word(__m128i k) {
  return _mm_shuffle_epi32(k, 0xff);
}

// Round keys of 16 bytes each to `keys`, from the key in one register or two. `each(r, key)` is
// called as soon as a round key is ready. A first block can then be encrypted while the expansion
// waits.
template <class Each>
ASHLAR_TARGET_INLINE(ASHLAR_AESNI_TARGET)
void expand_128(std::uint8_t* keys, __m128i k, Each each) {
  __m128i* const out = reinterpret_cast<__m128i*>(keys);
  _mm_store_si128(out, k);
  each(0, k);
  __m128i rcon = _mm_set1_epi32(1);
  ASHLAR_UNROLL
  for (int r = 1; r <= 10; ++r) {
    if (r == 9) {
      rcon = _mm_set1_epi32(0x1b);
    }
    const __m128i t = _mm_aesenclast_si128(last_word_rotated(k), rcon);
    k = _mm_xor_si128(prefix_xor(k), t);
    rcon = _mm_slli_epi32(rcon, 1);
    _mm_store_si128(out + r, k);
    each(r, k);
  }
}

template <class Each>
ASHLAR_TARGET_INLINE(ASHLAR_AESNI_TARGET)
void expand_256(std::uint8_t* keys, __m128i even, __m128i odd, Each each) {
  __m128i* const out = reinterpret_cast<__m128i*>(keys);
  _mm_store_si128(out, even);
  each(0, even);
  _mm_store_si128(out + 1, odd);
  each(1, odd);
  __m128i rcon = _mm_set1_epi32(1);
  ASHLAR_UNROLL
  for (int r = 2; r <= 14; r += 2) {
    even = _mm_xor_si128(prefix_xor(even), _mm_aesenclast_si128(last_word_rotated(odd), rcon));
    rcon = _mm_slli_epi32(rcon, 1);
    _mm_store_si128(out + r, even);
    each(r, even);
    if (r < 14) {
      odd = _mm_xor_si128(prefix_xor(odd), _mm_aesenclast_si128(last_word(even), _mm_setzero_si128()));
      _mm_store_si128(out + r + 1, odd);
      each(r + 1, odd);
    }
  }
}

// AES-192 word by word, because groups of six words do not fit a register.
ASHLAR_TARGET(ASHLAR_AESNI_TARGET) void expand_192(std::uint8_t* keys, const std::uint8_t* key);

// All of them, without a first block. Returns the number of rounds.
ASHLAR_TARGET(ASHLAR_AESNI_TARGET) std::uint32_t expand_aesni(std::uint8_t* keys, Bytes key);
// The same, and a block of zeros encrypted beside it: GCM's H. Both stay in the registers.
ASHLAR_TARGET(ASHLAR_AESNI_TARGET) __m128i expand_beside_zeros(std::uint8_t* keys, Bytes key);

// round(r) for all rounds but the last, without a loop. A CPU may mispredict the end of a loop, which would
// cost a short message as much as its rounds.
template <class Round>
ASHLAR_TARGET_INLINE(ASHLAR_AESNI_TARGET)
void inner_rounds(std::uint32_t rounds, Round round) {
  ASHLAR_UNROLL
  for (std::uint32_t r = 1; r < 10; ++r) {
    round(r);
  }
  if (rounds > 10) {
    round(10);
    round(11);
    if (rounds > 12) {
      round(12);
      round(13);
    }
  }
}

ASHLAR_TARGET_INLINE(ASHLAR_AESNI_TARGET)
__m128i encrypt_one(const std::uint8_t* keys, std::uint32_t rounds, __m128i block) {
  block = _mm_xor_si128(block, round_key(keys, 0));
  for (std::uint32_t r = 1; r < rounds; ++r) {
    block = _mm_aesenc_si128(block, round_key(keys, r));
  }
  return _mm_aesenclast_si128(block, round_key(keys, rounds));
}

// The rounds of N blocks side by side, except the first and the last, which the caller does.
template <std::size_t N>
ASHLAR_TARGET_INLINE(ASHLAR_AESNI_TARGET)
void inner_rounds(const std::uint8_t* keys, std::uint32_t rounds, __m128i (&b)[N]) {
  inner_rounds(
      rounds, [&](std::uint32_t r) __attribute__((target(ASHLAR_AESNI_TARGET), always_inline)) {
        const __m128i k = round_key(keys, r);
        ASHLAR_UNROLL
        for (std::size_t i = 0; i < N; ++i) {
          b[i] = _mm_aesenc_si128(b[i], k);
        }
      });
}

// A counter block in halves, and how many blocks follow before its lower half wraps: vectors of counters add
// to the lower half only, and the carry is done between runs.
struct CounterRun {
  std::uint64_t high;
  std::uint64_t low;
  std::size_t blocks;
};
inline CounterRun counter_run(const std::uint8_t counter[16], std::size_t blocks) {
  const std::uint64_t low = load_be64(counter + 8);
  // Zero means 2^64 blocks.
  const std::uint64_t until_wrap = 0 - low;
  return {load_be64(counter), low,
          until_wrap == 0 || until_wrap > blocks ? blocks : static_cast<std::size_t>(until_wrap)};
}
// Moves the counter block past a run.
inline void advance(std::uint8_t counter[16], const CounterRun& run) {
  store_be64(counter + 8, run.low + run.blocks);
  store_be64(counter, run.high + (run.low + run.blocks < run.low ? 1 : 0));
}
// The run's first counter with its bytes reversed.
ASHLAR_TARGET_INLINE("sse2") __m128i first_of(const CounterRun& run) {
  return _mm_set_epi64x(static_cast<long long>(run.high), static_cast<long long>(run.low));
}

}  // namespace ashlar::crypto::aes

#endif
