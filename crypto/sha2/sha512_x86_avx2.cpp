// SPDX-License-Identifier: Apache-2.0
// SHA-512 compression with AVX2 and BMI2.
//
// The rounds are scalar: rorx rotates without destroying its source or the flags, andn gives the half of Ch,
// and Maj(a, b, c) = b ^ ((a ^ b) & (b ^ c)), where b ^ c is the a ^ b of the round before. The chain of e
// through a round (Sigma1, the sum, d) is five cycles, 400 per block, 3.1 cycles per byte, and the four
// integer ports are about as busy. The message schedule runs beside it on the vector ports: two words of two
// consecutive blocks at a time, the first block in the lower half of each ymm register, the second in the
// upper. A step of two words needs nothing from itself (its latest input is two words back), which wider
// steps would. W + K goes to memory, of the first block as the rounds come to it, of the second block all at
// once beforehand, so that its rounds have nothing beside them but loads. A last odd block is paired with
// itself and its second half ignored. Eight registers hold the schedule, eight more what works on it.
#include <ashlar/base/bytes.hpp>
#include <ashlar/base/endian.hpp>

#include "cpu/dead_stack.hpp"
#include "cpu/x86.hpp"
#include "sha2/sha2_kernels.hpp"

#if ASHLAR_X86_KERNELS

#include <bit>

namespace ashlar::crypto::sha2 {
namespace {

#define ASHLAR_SHA512_TARGET "avx2,bmi,bmi2"

struct Working {
  std::uint64_t a, b, c, d, e, f, g, h;
  std::uint64_t b_xor_c;
};

// One round; the names of the variables rotate with the calls, so that nothing moves. Leaves a ^ b where b ^
// c was.
ASHLAR_TARGET_INLINE(ASHLAR_SHA512_TARGET)
void round(std::uint64_t a, std::uint64_t b, std::uint64_t& d, std::uint64_t e, std::uint64_t f,
           std::uint64_t g, std::uint64_t& h, std::uint64_t& b_xor_c, std::uint64_t wk) {
  h += wk;
  h += (e & f) + (~e & g);
  h += std::rotr(e, 14) ^ std::rotr(e, 18) ^ std::rotr(e, 41);
  d += h;
  const std::uint64_t a_xor_b = a ^ b;
  h += (a_xor_b & b_xor_c) ^ b;
  h += std::rotr(a, 28) ^ std::rotr(a, 34) ^ std::rotr(a, 39);
  b_xor_c = a_xor_b;
}

// Sixteen rounds with wk[0], wk[1], wk[4], wk[5], wk[8] and so on: the words of one block of a pair.
// `between(i)` stands between the rounds, eight times.
template <class Between>
ASHLAR_TARGET_INLINE(ASHLAR_SHA512_TARGET)
void sixteen_rounds(Working& s, const std::uint64_t* wk, Between between) {
  ASHLAR_UNROLL
  for (int i = 0; i < 2; ++i, wk += 16) {
    round(s.a, s.b, s.d, s.e, s.f, s.g, s.h, s.b_xor_c, wk[0]);
    round(s.h, s.a, s.c, s.d, s.e, s.f, s.g, s.b_xor_c, wk[1]);
    between(4 * i);
    round(s.g, s.h, s.b, s.c, s.d, s.e, s.f, s.b_xor_c, wk[4]);
    round(s.f, s.g, s.a, s.b, s.c, s.d, s.e, s.b_xor_c, wk[5]);
    between(4 * i + 1);
    round(s.e, s.f, s.h, s.a, s.b, s.c, s.d, s.b_xor_c, wk[8]);
    round(s.d, s.e, s.g, s.h, s.a, s.b, s.c, s.b_xor_c, wk[9]);
    between(4 * i + 2);
    round(s.c, s.d, s.f, s.g, s.h, s.a, s.b, s.b_xor_c, wk[12]);
    round(s.b, s.c, s.e, s.f, s.g, s.h, s.a, s.b_xor_c, wk[13]);
    between(4 * i + 3);
  }
}

template <int bits>
ASHLAR_TARGET_INLINE(ASHLAR_SHA512_TARGET)
__m256i rotated(__m256i x) {
  return _mm256_or_si256(_mm256_srli_epi64(x, bits), _mm256_slli_epi64(x, 64 - bits));
}

ASHLAR_TARGET_INLINE(ASHLAR_SHA512_TARGET) __m256i small0(__m256i x) {
  const __m256i by8 = _mm256_broadcastsi128_si256(_mm_set_epi64x(0x080f0e0d0c0b0a09, 0x0007060504030201));
  return _mm256_xor_si256(_mm256_xor_si256(rotated<1>(x), _mm256_shuffle_epi8(x, by8)),
                          _mm256_srli_epi64(x, 7));
}
ASHLAR_TARGET_INLINE(ASHLAR_SHA512_TARGET) __m256i small1(__m256i x) {
  return _mm256_xor_si256(_mm256_xor_si256(rotated<19>(x), rotated<61>(x)), _mm256_srli_epi64(x, 6));
}

// Words t and t + 1 of two blocks, from the sixteen before them in w (two to a register, oldest at i) to the
// place of the oldest.
ASHLAR_TARGET_INLINE(ASHLAR_SHA512_TARGET) void extend(__m256i (&w)[8], int i) {
  const __m256i next = _mm256_alignr_epi8(w[(i + 1) & 7], w[i], 8);
  const __m256i ninth = _mm256_alignr_epi8(w[(i + 5) & 7], w[(i + 4) & 7], 8);
  w[i] =
      _mm256_add_epi64(_mm256_add_epi64(w[i], small0(next)), _mm256_add_epi64(ninth, small1(w[(i + 7) & 7])));
}

ASHLAR_TARGET_INLINE(ASHLAR_SHA512_TARGET)
void store_wk(std::uint64_t* wk, __m256i w, const std::uint64_t* k) {
  const __m256i constants = _mm256_broadcastsi128_si256(_mm_load_si128(reinterpret_cast<const __m128i*>(k)));
  _mm256_store_si256(reinterpret_cast<__m256i*>(wk), _mm256_add_epi64(w, constants));
}

ASHLAR_TARGET_INLINE(ASHLAR_SHA512_TARGET) Working load_state(const std::uint64_t* state) {
  return {state[0], state[1], state[2], state[3],           state[4],
          state[5], state[6], state[7], state[1] ^ state[2]};
}

ASHLAR_TARGET_INLINE(ASHLAR_SHA512_TARGET) void add_to_state(std::uint64_t* state, const Working& s) {
  state[0] += s.a;
  state[1] += s.b;
  state[2] += s.c;
  state[3] += s.d;
  state[4] += s.e;
  state[5] += s.f;
  state[6] += s.g;
  state[7] += s.h;
}

ASHLAR_TARGET(ASHLAR_SHA512_TARGET)
void compress(void* memory, const std::uint8_t* data, std::size_t blocks) {
  std::uint64_t* const state = static_cast<std::uint64_t*>(memory);
  const std::uint64_t* const k = kRound512;
  const __m256i swap = _mm256_broadcastsi128_si256(_mm_set_epi64x(0x08090a0b0c0d0e0f, 0x0001020304050607));
  // W + K of a pair of blocks: words t and t + 1 of the first block at 2 t, of the second at 2 t + 2, t even.
  alignas(32) std::uint64_t wk[2 * 80];

  while (blocks != 0) {
    const std::size_t second = blocks > 1 ? 128 : 0;
    __m256i w[8];
    ASHLAR_UNROLL
    for (int i = 0; i < 8; ++i) {
      const __m128i* const low = reinterpret_cast<const __m128i*>(data) + i;
      const __m128i* const high = reinterpret_cast<const __m128i*>(data + second) + i;
      w[i] = _mm256_shuffle_epi8(
          _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128(low)), _mm_loadu_si128(high), 1),
          swap);
      store_wk(wk + 4 * i, w[i], k + 2 * i);
    }
    Working s = load_state(state);
    for (int t = 0; t < 64; t += 16) {
      sixteen_rounds(
          s, wk + 2 * t, [&](int i) __attribute__((target(ASHLAR_SHA512_TARGET), always_inline)) {
            extend(w, i);
            store_wk(wk + 2 * (t + 16) + 4 * i, w[i], k + t + 16 + 2 * i);
          });
    }
    const auto nothing = [](int) __attribute__((target(ASHLAR_SHA512_TARGET), always_inline)){};
    sixteen_rounds(s, wk + 2 * 64, nothing);
    add_to_state(state, s);
    if (second != 0) {
      s = load_state(state);
      for (int t = 0; t < 80; t += 16) {
        sixteen_rounds(s, wk + 2 * t + 2, nothing);
      }
      add_to_state(state, s);
    }
    data += 128 + second;
    blocks -= second != 0 ? 2 : 1;
  }
  clear_vectors_avx();
}

// More than that function takes of the stack: W + K and what the compiler spills.
constexpr std::size_t kStack = 2048;

}  // namespace

void compress_512_avx2(void* state, const std::uint8_t* data, std::size_t blocks) {
  call_and_wipe<kStack>(compress, state, data, blocks);
}

}  // namespace ashlar::crypto::sha2

#endif
