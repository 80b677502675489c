// SPDX-License-Identifier: Apache-2.0
// SHA-256 compression with the SHA extensions.
//
// sha256rnds2 does two rounds on the state held as ABEF and CDGH. It takes its two words of W + K from the
// low half of its third operand. Each step waits for the one before, so the bound is the latency of 32 of
// them: 128 cycles per block if each takes 4 (2.0 cycles per byte). All other work is hidden. The message
// schedule is in four registers in turn, each with four consecutive words. The group of words 4g..4g+3 is
// computed in the register that held 4g-16..4g-13, by sha256msg1, an alignr for W[t-7] and sha256msg2, two
// groups before its use. Registers: abef, cdgh, their copies at the block's start, w0..w3, one for W + K:
// nine of sixteen. The state in memory is in the order of FIPS 180-4, so it is shuffled on entry and exit,
// once per call.
//
// Two messages side by side fill the latency of each other's steps. The bound is then how often the CPU
// starts a sha256rnds2: each cycle on Zen 4, every third on Granite Rapids (1.5 cycles per byte). The states
// at the block's start are in memory, because the sixteen registers are full.
#include "hash/padded_x86.hpp"
#include "sha2/sha256_shani.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::sha2 {
namespace {

// The words of one message from two interleaved pairs (a0 a1 b0 b1), in the layout of sha256rnds2.
template <int Message>
ASHLAR_TARGET_INLINE(ASHLAR_SHA_TARGET)
__m128i words_of_one(__m128i low, __m128i high) {
  return _mm_castps_si128(
      _mm_shuffle_ps(_mm_castsi128_ps(low), _mm_castsi128_ps(high), Message == 0 ? 0x22 : 0x77));
}

// Four rounds of two messages. The compiler keeps this order, in which neither waits for the other.
ASHLAR_TARGET_INLINE(ASHLAR_SHA_TARGET)
void four_rounds_2(State& s, State& t, __m128i ws, __m128i wt, const std::uint32_t* k) {
  const __m128i constants = _mm_load_si128(reinterpret_cast<const __m128i*>(k));
  const __m128i wks = _mm_add_epi32(ws, constants);
  const __m128i wkt = _mm_add_epi32(wt, constants);
  s.cdgh = _mm_sha256rnds2_epu32(s.cdgh, s.abef, wks);
  t.cdgh = _mm_sha256rnds2_epu32(t.cdgh, t.abef, wkt);
  s.abef = _mm_sha256rnds2_epu32(s.abef, s.cdgh, _mm_shuffle_epi32(wks, 0x0e));
  t.abef = _mm_sha256rnds2_epu32(t.abef, t.cdgh, _mm_shuffle_epi32(wkt, 0x0e));
}

}  // namespace

ASHLAR_TARGET(ASHLAR_SHA_TARGET)
void compress_256_shani_2(void* states, const std::uint8_t* const* data, std::size_t blocks) {
  auto* const memory = static_cast<__m128i*>(states);
  const std::uint32_t* const k = kRound256;
  const __m128i ab = memory[0], cd = memory[1], ef = memory[2], gh = memory[3];
  State s = {words_of_one<0>(ef, ab), words_of_one<0>(gh, cd)};
  State t = {words_of_one<1>(ef, ab), words_of_one<1>(gh, cd)};
  for (std::size_t at = 0; at != 64 * blocks; at += 64) {
    memory[0] = s.abef;
    memory[1] = s.cdgh;
    memory[2] = t.abef;
    memory[3] = t.cdgh;
    Block v = load_block(data[0] + at);
    Block w = load_block(data[1] + at);
    ASHLAR_UNROLL
    for (int r = 0; r < 48; r += 16) {
      four_rounds_2(s, t, v.w0, w.w0, k + r);
      schedule(v.w0, v.w1, v.w2, v.w3);
      schedule(w.w0, w.w1, w.w2, w.w3);
      four_rounds_2(s, t, v.w1, w.w1, k + r + 4);
      schedule(v.w1, v.w2, v.w3, v.w0);
      schedule(w.w1, w.w2, w.w3, w.w0);
      four_rounds_2(s, t, v.w2, w.w2, k + r + 8);
      schedule(v.w2, v.w3, v.w0, v.w1);
      schedule(w.w2, w.w3, w.w0, w.w1);
      four_rounds_2(s, t, v.w3, w.w3, k + r + 12);
      schedule(v.w3, v.w0, v.w1, v.w2);
      schedule(w.w3, w.w0, w.w1, w.w2);
    }
    four_rounds_2(s, t, v.w0, w.w0, k + 48);
    four_rounds_2(s, t, v.w1, w.w1, k + 52);
    four_rounds_2(s, t, v.w2, w.w2, k + 56);
    four_rounds_2(s, t, v.w3, w.w3, k + 60);
    s.abef = _mm_add_epi32(s.abef, memory[0]);
    s.cdgh = _mm_add_epi32(s.cdgh, memory[1]);
    t.abef = _mm_add_epi32(t.abef, memory[2]);
    t.cdgh = _mm_add_epi32(t.cdgh, memory[3]);
  }
  memory[0] = _mm_shuffle_epi32(_mm_unpackhi_epi32(s.abef, t.abef), 0x4e);
  memory[1] = _mm_shuffle_epi32(_mm_unpackhi_epi32(s.cdgh, t.cdgh), 0x4e);
  memory[2] = _mm_shuffle_epi32(_mm_unpacklo_epi32(s.abef, t.abef), 0x4e);
  memory[3] = _mm_shuffle_epi32(_mm_unpacklo_epi32(s.cdgh, t.cdgh), 0x4e);
  clear_vectors_sse();
}

ASHLAR_TARGET(ASHLAR_SHA_TARGET)
void compress_256_shani(void* state, const std::uint8_t* data, std::size_t blocks) {
  State s = load_state(state);
  for (; blocks != 0; --blocks, data += 64) {
    absorb(s, load_block(data));
  }
  store_state(state, s);
  clear_vectors_sse();
}

ASHLAR_TARGET(ASHLAR_SHA_TARGET)
void finish_256_shani(const void* state, const std::uint8_t* data, std::size_t size, std::uint64_t total,
                      std::uint8_t* digest) {
  State s = load_state(state);
  for (; size >= 64; size -= 64, data += 64) {
    absorb(s, load_block(data));
  }
  const x86::PaddedBlock end = x86::padded_block(data, size);
  const __m128i zero = _mm_setzero_si128();
  const std::uint64_t bits = total << 3;
  const __m128i length = _mm_set_epi32(static_cast<int>(bits), static_cast<int>(bits >> 32), 0, 0);
  Block last = {swapped(end.quarter[0]), swapped(end.quarter[1]), swapped(end.quarter[2]),
                swapped(end.quarter[3])};
  // The length has a block of its own if it does not fit behind the message.
  if (size >= 56) {
    absorb(s, last);
    last = {zero, zero, zero, zero};
  }
  last.w3 = _mm_or_si128(last.w3, length);
  absorb(s, last);
  const Words words = words_of(s);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(digest), swapped(words.abcd));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(digest) + 1, swapped(words.efgh));
  clear_vectors_sse();
}

}  // namespace ashlar::crypto::sha2

#endif
