// SPDX-License-Identifier: Apache-2.0
// CBC-MAC, the chain of CBC without its output. CMAC (SP 800-38B §6.2 step 6) and CCM (SP 800-38C §6.1 steps
// 2 and 3) use it.
#pragma once

#include "aes/aesni.hpp"

namespace ashlar::crypto::aes {

// Chains whole blocks into `state`.
void cbc_mac_portable(const AesSchedule&, std::uint8_t state[16], const std::uint8_t* in, std::size_t blocks);

#if ASHLAR_X86_KERNELS

void cbc_mac_aesni(const AesSchedule&, std::uint8_t state[16], const std::uint8_t* in, std::size_t blocks);

// With the AES instructions. A block waits for all rounds of the one before and for nothing else: the next
// block is added with the key of the last round and the key before the first round, both constants. So
// between two calls a chain already holds that first key (`begun`).
ASHLAR_TARGET_INLINE("sse2")
__m128i begun(const std::uint8_t* keys, __m128i chain) {
  return _mm_xor_si128(chain, round_key(keys, 0));
}

// Whole blocks into a chain that has begun; `next` is added after the last, to begin the next chain.
ASHLAR_TARGET_INLINE(ASHLAR_AESNI_TARGET)
__m128i chained(const std::uint8_t* keys, std::uint32_t rounds, __m128i chain, const std::uint8_t* in,
                std::size_t blocks, __m128i next) {
  if (blocks == 0) {
    return _mm_xor_si128(chain, next);
  }
  const __m128i edges = _mm_xor_si128(round_key(keys, 0), round_key(keys, rounds));
  __m128i b[1] = {_mm_xor_si128(chain, load(in))};
  for (; --blocks != 0;) {
    in += 16;
    inner_rounds(reread(keys), rounds, b);
    b[0] = _mm_aesenclast_si128(b[0], _mm_xor_si128(load(in), edges));
  }
  inner_rounds(reread(keys), rounds, b);
  return _mm_aesenclast_si128(b[0], _mm_xor_si128(next, edges));
}

#endif

}  // namespace ashlar::crypto::aes
