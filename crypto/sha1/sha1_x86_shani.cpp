// SPDX-License-Identifier: Apache-2.0
// SHA-1 compression with the SHA extensions.
//
// sha1rnds4 does four rounds on A to D. sha1nexte makes E for the next four from A, and also adds the message
// words. The schedule is sha1msg1, an XOR and sha1msg2 for four words, in four registers in turn. If a
// sha1rnds4 takes 6 cycles, as on Zen 4, the chain of twenty bounds a block at 120 cycles (1.875 cycles per
// byte). If it takes 4, as on Granite Rapids, the unit of all four instructions is the bound: 6.7 cycles per
// four rounds if nothing waits, 2.9 without the schedule (1.85).
#include "hash/padded_x86.hpp"
#include "sha1/sha1_shani.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::sha1 {
namespace {

ASHLAR_TARGET_INLINE(ASHLAR_SHA_TARGET)
void absorb_blocks(State& s, const std::uint8_t* data, std::size_t blocks) {
  for (; blocks != 0; --blocks, data += 64) {
    absorb(s, load_block(data));
  }
}

}  // namespace

ASHLAR_TARGET(ASHLAR_SHA_TARGET)
void compress_shani(void* state, const std::uint8_t* data, std::size_t blocks) {
  State s = load_state(state);
  absorb_blocks(s, data, blocks);
  store_state(state, s);
  clear_vectors_sse();
}

ASHLAR_TARGET(ASHLAR_SHA_TARGET)
void finish_shani(const void* state, const std::uint8_t* data, std::size_t size, std::uint64_t total,
                  std::uint8_t* digest) {
  State s = load_state(state);
  absorb_blocks(s, data, size / 64);
  data += size / 64 * 64;
  size %= 64;
  const x86::PaddedBlock end = x86::padded_block(data, size);
  const __m128i w0 = reversed(end.quarter[0]), w1 = reversed(end.quarter[1]), w2 = reversed(end.quarter[2]);
  __m128i w3 = reversed(end.quarter[3]);
  const __m128i length = _mm_set_epi64x(0, static_cast<long long>(total << 3));
  if (size >= 56) {
    absorb(s, {w0, w1, w2, w3});
    const __m128i zero = _mm_setzero_si128();
    absorb(s, {zero, zero, zero, length});
  } else {
    w3 = _mm_or_si128(w3, length);
    absorb(s, {w0, w1, w2, w3});
  }
  _mm_storeu_si128(reinterpret_cast<__m128i*>(digest), reversed(s.abcd));
  store_be32(digest + 16, static_cast<std::uint32_t>(_mm_extract_epi32(s.e, 3)));
  clear_vectors_sse();
}

}  // namespace ashlar::crypto::sha1

#endif
