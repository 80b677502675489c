// SPDX-License-Identifier: Apache-2.0
// What the x86 rows of GCM-SIV share: a message's keys, and the blocks that are made of its nonce, its sizes
// and its tag.
//
// Each message needs its own key set-up: four or six blocks under the key-generating key, the
// expansion of the key that two or four of them form, and powers of the H that the other two form.
// Each is a chain of dependent instructions that leaves the CPU mostly idle. So the code has no
// branches, and the CPU works on the expansion, the powers and the POLYVAL of short messages at the
// same time.
#pragma once

#include "gcm/gcm_x86.hpp"
#include "gcm_siv/gcm_siv_kernels.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::gcm_siv {

// The nonce behind a 32-bit counter that is zero.
ASHLAR_TARGET_INLINE("sse2") __m128i nonce_block(const std::uint8_t nonce[12]) {
  return _mm_set_epi64x(static_cast<long long>(load_le64(nonce + 4)),
                        static_cast<long long>(std::uint64_t{load_le32(nonce)} << 32));
}

// The block of lengths (RFC 8452 §4).
ASHLAR_TARGET_INLINE("sse2") __m128i lengths(const GcmSivCall& call) {
  return _mm_set_epi64x(static_cast<long long>(std::uint64_t{call.size} * 8),
                        static_cast<long long>(call.aad_total * 8));
}

// POLYVAL's result, in the form that AES encrypts to the tag.
ASHLAR_TARGET_INLINE("sse2") __m128i before_tag(__m128i polyval, const std::uint8_t nonce[12]) {
  const __m128i all_but_last_bit = _mm_set_epi64x(0x7fffffffffffffff, -1);
  return _mm_and_si128(_mm_xor_si128(polyval, _mm_srli_si128(nonce_block(nonce), 4)), all_but_last_bit);
}

// The first counter block.
ASHLAR_TARGET_INLINE("sse2") __m128i first_counter(__m128i tag) {
  return _mm_or_si128(tag, _mm_set_epi64x(static_cast<long long>(0x8000000000000000), 0));
}

// N blocks of a message's keys, the first 8 bytes of two in each register.
template <std::size_t N>
ASHLAR_TARGET_INLINE(ASHLAR_GCM_TARGET)
void derive_blocks(const AesSchedule& schedule, std::uint32_t rounds, const std::uint8_t nonce[12],
                   __m128i (&halves)[N / 2]) {
  const std::uint8_t* const keys = schedule.round_keys;
  const __m128i first = _mm_xor_si128(nonce_block(nonce), aes::round_key(keys, 0));
  __m128i b[N];
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < N; ++i) {
    b[i] = _mm_xor_si128(first, _mm_cvtsi32_si128(static_cast<int>(i)));
  }
  aes::inner_rounds(keys, rounds, b);
  const __m128i k = aes::round_key(keys, rounds);
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < N; i += 2) {
    halves[i / 2] = _mm_unpacklo_epi64(_mm_aesenclast_si128(b[i], k), _mm_aesenclast_si128(b[i + 1], k));
  }
}

// A message's keys (RFC 8452 §4): H and the AES key. AES-128 has no second
// half.
struct MessageKeys {
  __m128i h, low, high;
};

ASHLAR_TARGET_INLINE(ASHLAR_GCM_TARGET)
MessageKeys derive(const AesSchedule& schedule, const std::uint8_t nonce[12]) {
  if (schedule.rounds == 10) {
    __m128i halves[2];
    derive_blocks<4>(schedule, 10, nonce, halves);
    return {halves[0], halves[1], _mm_setzero_si128()};
  }
  __m128i halves[3];
  derive_blocks<6>(schedule, 14, nonce, halves);
  return {halves[0], halves[1], halves[2]};
}

ASHLAR_TARGET_INLINE(ASHLAR_GCM_TARGET)
void expand(const MessageKeys& keys, std::uint32_t rounds, std::uint8_t* round_keys) {
  const auto ignore = [](int, __m128i) __attribute__((target(ASHLAR_AESNI_TARGET), always_inline)){};
  if (rounds == 10) {
    aes::expand_128(round_keys, keys.low, ignore);
  } else {
    aes::expand_256(round_keys, keys.low, keys.high, ignore);
  }
}

}  // namespace ashlar::crypto::gcm_siv

#endif
