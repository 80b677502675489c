// SPDX-License-Identifier: Apache-2.0
// XTS with the AES instructions (IEEE 1619 §5.3, §5.4), once for every vector width. The file that includes
// this defines ASHLAR_XTS_TARGET, and V has the operations on vectors of V::kBlocks blocks.
//
// Tweaks are numbers with the coefficient of x^0 in the lowest bit, so carry-less products need no
// reflection. Eight vectors are processed at once. From one step to the next each of their tweaks is
// multiplied by x^(8 V::kBlocks), a whole number of bytes: a byte shift of the block, plus the bytes shifted
// out times x^7 + x^2 + x + 1. That is two shifts, one product and one addition per vector, beside ten or
// fourteen rounds and on other ports. No tweak waits for its neighbour. The first tweaks of a step come from
// one block by bit shifts that differ from lane to lane.
//
// With 32 registers everything stays in registers. Eight vectors of text, a round key and the values that
// move tweaks fill sixteen. With sixteen registers the tweaks lie on the stack, which is wiped.
#pragma once

#include "aes/aesni.hpp"
#include "cpu/dead_stack.hpp"
#include "cpu/x86_parts.hpp"
#include "xts/xts_kernels.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::xts {

enum class Direction { encrypt, decrypt };

inline constexpr std::size_t kVectors = 8;

// x^128 is congruent to x^7 + x^2 + x + 1.
inline constexpr long long kPolynomial = 0x87;

// The tweak n blocks later, n < 64.
template <class V>
ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET)
__m128i later(__m128i tweak, std::size_t n) {
  const __m128i out = _mm_srl_epi64(tweak, _mm_cvtsi64_si128(static_cast<long long>(64 - n)));
  const __m128i up = _mm_sll_epi64(tweak, _mm_cvtsi64_si128(static_cast<long long>(n)));
  const __m128i folded = _mm_clmulepi64_si128(out, _mm_set_epi64x(0, kPolynomial), 0x01);
  return _mm_xor_si128(_mm_xor_si128(up, _mm_slli_si128(out, 8)), folded);
}

// N vectors of tweaks, from that of the first block.
template <class V, std::size_t N, class Vec = typename V::Vec>
ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET)
void tweaks_from(__m128i tweak, Vec (&t)[N]) {
  const Vec all = V::broadcast(tweak);
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < N; ++i) {
    const Vec out = V::bits_out(all, static_cast<int>(i * V::kBlocks));
    const Vec up = V::bits_up(all, static_cast<int>(i * V::kBlocks));
    t[i] = V::add3(up, V::template bytes_up<8>(out), V::template fold<1>(out));
  }
}

// From a step's tweaks to the next step's.
template <class V, class Vec = typename V::Vec>
ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET)
Vec next_step(Vec t) {
  constexpr int kBytes = V::kBlocks * kVectors / 8;
  return V::add(V::template bytes_up<kBytes>(t), V::template fold<0>(V::template bytes_down<16 - kBytes>(t)));
}

// Written out: at -O2 g++ 12 does not unroll a loop here, even with the pragma.
template <class V, class Vec = typename V::Vec>
ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET)
void next_steps(Vec (&t)[kVectors]) {
  static_assert(kVectors == 8);
  t[0] = next_step<V>(t[0]);
  t[1] = next_step<V>(t[1]);
  t[2] = next_step<V>(t[2]);
  t[3] = next_step<V>(t[3]);
  t[4] = next_step<V>(t[4]);
  t[5] = next_step<V>(t[5]);
  t[6] = next_step<V>(t[6]);
  t[7] = next_step<V>(t[7]);
}

template <Direction direction, class V, class Vec = typename V::Vec>
ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET)
Vec round(Vec block, Vec key) {
  return direction == Direction::encrypt ? V::encrypt(block, key) : V::decrypt(block, key);
}
template <Direction direction, class V, class Vec = typename V::Vec>
ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET)
Vec last_round(Vec block, Vec key) {
  return direction == Direction::encrypt ? V::encrypt_last(block, key) : V::decrypt_last(block, key);
}

// N vectors of text under their tweaks. The last vector has only `last` blocks.
template <Direction direction, class V, std::size_t N, class Vec = typename V::Vec>
ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET)
void step(const AesSchedule& schedule, Vec (&t)[N], const std::uint8_t* in, std::uint8_t* out,
          std::size_t last) {
  constexpr std::size_t kBytes = 16 * V::kBlocks;
  Vec b[N];
  Vec k = V::round_key(schedule.round_keys, 0);
  ASHLAR_UNROLL
  for (std::size_t i = 0; i + 1 < N; ++i) {
    b[i] = V::add3(V::load(in + kBytes * i), t[i], k);
  }
  b[N - 1] = V::add3(V::load_part(in + kBytes * (N - 1), last), t[N - 1], k);
  for (std::uint32_t r = 1; r < schedule.rounds; ++r) {
    k = V::round_key(schedule.round_keys, r);
    ASHLAR_UNROLL
    for (std::size_t i = 0; i < N; ++i) {
      b[i] = round<direction, V>(b[i], k);
    }
  }
  k = V::round_key(schedule.round_keys, schedule.rounds);
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < N; ++i) {
    b[i] = last_round<direction, V>(b[i], V::add(k, t[i]));
  }
  ASHLAR_UNROLL
  for (std::size_t i = 0; i + 1 < N; ++i) {
    V::store(out + kBytes * i, b[i]);
  }
  V::store_part(out + kBytes * (N - 1), b[N - 1], last);
}

// The last N vectors, fewer than eight, from the tweak of their first block.
template <Direction direction, class V, std::size_t N>
ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET)
void few(const AesSchedule& schedule, __m128i tweak, const std::uint8_t* in, std::uint8_t* out,
         std::size_t blocks) {
  typename V::Vec t[N];
  tweaks_from<V>(tweak, t);
  step<direction, V>(schedule, t, in, out, blocks - V::kBlocks * (N - 1));
}

// Steps of eight vectors, while there are. Returns the tweak of the block after them.
template <Direction direction, class V>
ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET)
__m128i steps(const AesSchedule& schedule, __m128i tweak, const std::uint8_t* in, std::uint8_t* out,
              std::size_t blocks) {
  constexpr std::size_t kStep = kVectors * V::kBlocks;
  if (blocks < kStep) {
    return tweak;
  }
  typename V::Vec t[kVectors];
  tweaks_from<V>(tweak, t);
  for (;;) {
    step<direction, V>(schedule, t, in, out, V::kBlocks);
    blocks -= kStep;
    in += 16 * kStep;
    out += 16 * kStep;
    if (blocks < kStep) {
      return V::first(next_step<V>(t[0]));
    }
    next_steps<V>(t);
  }
}

// The last whole blocks, fewer than eight vectors of them.
template <Direction direction, class V>
ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET)
void remainder(const AesSchedule& schedule, __m128i tweak, const std::uint8_t* in, std::uint8_t* out,
               std::size_t blocks) {
  constexpr std::size_t kHalf = kVectors / 2 * V::kBlocks;
  if (blocks >= kHalf) {
    few<direction, V, kVectors / 2>(schedule, tweak, in, out, kHalf);
    tweak = later<V>(tweak, kHalf);
    blocks -= kHalf;
    in += 16 * kHalf;
    out += 16 * kHalf;
  }
  switch ((blocks + V::kBlocks - 1) / V::kBlocks) {
    case 0:
      return;
    case 1:
      return few<direction, V, 1>(schedule, tweak, in, out, blocks);
    case 2:
      return few<direction, V, 2>(schedule, tweak, in, out, blocks);
    case 3:
      return few<direction, V, 3>(schedule, tweak, in, out, blocks);
    default:
      return few<direction, V, 4>(schedule, tweak, in, out, blocks);
  }
}

// One block under its tweak.
template <Direction direction, class V>
ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET)
__m128i one_block(const AesSchedule& schedule, __m128i tweak, __m128i block) {
  const std::uint8_t* const keys = schedule.round_keys;
  block = _mm_xor_si128(_mm_xor_si128(block, tweak), aes::round_key(keys, 0));
  for (std::uint32_t r = 1; r < schedule.rounds; ++r) {
    const __m128i k = aes::round_key(keys, r);
    block = direction == Direction::encrypt ? _mm_aesenc_si128(block, k) : _mm_aesdec_si128(block, k);
  }
  const __m128i k = _mm_xor_si128(aes::round_key(keys, schedule.rounds), tweak);
  return direction == Direction::encrypt ? _mm_aesenclast_si128(block, k) : _mm_aesdeclast_si128(block, k);
}

// The last whole block and the `rest` bytes after it, 1 to 15. Stealing is the same in both directions,
// except for the order of the two tweaks. The block goes through the cipher. The end of the result is
// appended to the bytes after it, and these go through the cipher.
template <Direction direction, class V>
ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET)
void steal(const AesSchedule& schedule, __m128i tweak, const std::uint8_t* in, std::uint8_t* out,
           std::size_t rest) {
  const __m128i after = later<V>(tweak, 1);
  const __m128i places = _mm_set_epi64x(0x0f0e0d0c0b0a0908, 0x0706050403020100);
  const __m128i own = _mm_cmpgt_epi8(_mm_set1_epi8(static_cast<char>(rest)), places);
  const __m128i made =
      one_block<direction, V>(schedule, direction == Direction::encrypt ? tweak : after, aes::load(in));
  const __m128i last = _mm_or_si128(x86::load_part(in + 16, rest), _mm_andnot_si128(own, made));
  x86::store_part(out + 16, made, rest);
  aes::store(out, one_block<direction, V>(schedule, direction == Direction::encrypt ? after : tweak, last));
}

// A data unit.
template <Direction direction, class V>
ASHLAR_TARGET_INLINE(ASHLAR_XTS_TARGET)
void run(const XtsSchedules& schedules, XtsTweak number, const std::uint8_t* in, std::uint8_t* out,
         std::size_t size) {
  const AesSchedule& schedule = direction == Direction::encrypt ? schedules.encrypt : schedules.decrypt;
  // Two separate words: g++ would assemble a structure in memory and read it back as a vector.
  std::uint64_t low = number.low;
  std::uint64_t high = number.high;
  __asm__("" : "+r"(low), "+r"(high));
  __m128i tweak = aes::encrypt_one(schedules.tweak.round_keys, schedules.tweak.rounds,
                                   _mm_set_epi64x(static_cast<long long>(high), static_cast<long long>(low)));
  const std::size_t rest = size % 16;
  const std::size_t blocks = size / 16 - (rest != 0 ? 1 : 0);
  const std::size_t left = blocks % (kVectors * V::kBlocks);
  const std::size_t done = 16 * (blocks - left);
  tweak = steps<direction, V>(schedule, tweak, in, out, blocks);
  if (rest != 0) {
    // These are two blocks one after the other. The other blocks run meanwhile.
    steal<direction, V>(schedule, later<V>(tweak, left), in + 16 * blocks, out + 16 * blocks, rest);
  }
  remainder<direction, V>(schedule, tweak, in + done, out + done, left);
}

}  // namespace ashlar::crypto::xts

#endif
