// SPDX-License-Identifier: Apache-2.0
// AES-CBC encryption of eight streams with the AES instructions, one stream per xmm register.
//
// A block's rounds wait for each other. The rounds of eight streams fill the latency of 3 or 4 cycles. The
// streams' round keys differ, so each aesenc reads its own from memory. Bound at two aesenc per cycle: 10
// rounds x 8 / 2 = 40 cycles for 128 bytes, 0.31 cycles per byte for AES-128.
#include "aes/aesni.hpp"
#include "aes/cbc_many_kernels.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::aes {
namespace {

constexpr std::size_t kLanes = 8;

}  // namespace

void seat_cbc_aesni_8(AesCbcLanes& lanes, std::size_t lane, const AesSchedule& schedule) {
  seat_round_keys<kLanes>(lanes, lane, schedule);
}

ASHLAR_TARGET(ASHLAR_AESNI_TARGET) void encrypt_cbc_aesni_8(AesCbcLanes& lanes, std::size_t blocks) {
  const std::uint8_t* const last_keys = lanes.round_keys + 16 * kLanes * lanes.rounds;
  __m128i b[kLanes];
  ASHLAR_UNROLL
  for (std::uint32_t i = 0; i < kLanes; ++i) {
    b[i] = load(lanes.chains + 16 * i);
  }
  for (std::size_t at = 0; at != 16 * blocks; at += 16) {
    ASHLAR_UNROLL
    for (std::uint32_t i = 0; i < kLanes; ++i) {
      b[i] = _mm_xor_si128(b[i], _mm_xor_si128(load(lanes.in[i] + at), round_key(lanes.round_keys, i)));
    }
    for (const std::uint8_t* keys = lanes.round_keys + 16 * kLanes; keys != last_keys; keys += 16 * kLanes) {
      ASHLAR_UNROLL
      for (std::uint32_t i = 0; i < kLanes; ++i) {
        b[i] = _mm_aesenc_si128(b[i], round_key(keys, i));
      }
    }
    ASHLAR_UNROLL
    for (std::uint32_t i = 0; i < kLanes; ++i) {
      b[i] = _mm_aesenclast_si128(b[i], round_key(last_keys, i));
    }
    ASHLAR_UNROLL
    for (std::uint32_t i = 0; i < kLanes; ++i) {
      store(lanes.out[i] + at, b[i]);
    }
  }
  ASHLAR_UNROLL
  for (std::uint32_t i = 0; i < kLanes; ++i) {
    store(lanes.chains + 16 * i, b[i]);
  }
  clear_vectors_sse();
}

}  // namespace ashlar::crypto::aes

#endif
