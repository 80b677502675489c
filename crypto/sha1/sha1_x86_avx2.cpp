// SPDX-License-Identifier: Apache-2.0
// SHA-1 compression with AVX2 and BMI2, for CPUs without the SHA extensions.
//
// The rounds are scalar, with rorx; the message schedule runs beside them on the vector ports, four words of
// two consecutive blocks at a time, the first block in the lower half of each ymm register, the second in the
// upper. From word 32 on W[t] = rotl2(W[t-6] ^ W[t-16] ^ W[t-28] ^ W[t-32]) (the recurrence of FIPS 180-4
// §6.1.2 inserted into itself), so no word of a step needs another. In the four steps before, the last word
// is corrected afterwards. W + K goes to memory, for the second block all at once, so that its rounds have no
// other work beside them. A last odd block is paired with itself. The chain of a is a rotation and an
// addition per round; the bound is 9 to 11 instructions per round and their share of the schedule, about 2.6
// cycles per byte, and 3.9 are measured: additions take up the two ports that rotate.
#include "sha1/sha1_kernels.hpp"

#if ASHLAR_X86_KERNELS

#include <ashlar/base/bytes.hpp>

#include "cpu/dead_stack.hpp"

#include <bit>

namespace ashlar::crypto::sha1 {
namespace {

#define ASHLAR_SHA1_TARGET "avx2,bmi,bmi2"

alignas(16) constexpr std::uint32_t kRound[4][4] = {
    {0x5a827999, 0x5a827999, 0x5a827999, 0x5a827999},
    {0x6ed9eba1, 0x6ed9eba1, 0x6ed9eba1, 0x6ed9eba1},
    {0x8f1bbcdc, 0x8f1bbcdc, 0x8f1bbcdc, 0x8f1bbcdc},
    {0xca62c1d6, 0xca62c1d6, 0xca62c1d6, 0xca62c1d6},
};

struct Working {
  std::uint32_t a, b, c, d, e;
};

// One round of the kind for rounds 20 * Kind and up: the next a replaces e, and b is rotated. The names of
// the variables rotate with the calls.
template <int Kind>
ASHLAR_TARGET_INLINE(ASHLAR_SHA1_TARGET)
void round(std::uint32_t a, std::uint32_t& b, std::uint32_t c, std::uint32_t d, std::uint32_t& e,
           std::uint32_t wk) {
  e += wk;
  if constexpr (Kind == 0) {
    e += (b & c) + (~b & d);
  } else if constexpr (Kind == 2) {
    e += (b & c) + (d & (b ^ c));
  } else {
    e += b ^ c ^ d;
  }
  // Keeps the order of additions: the compiler would first add the operand that is ready last.
  __asm__("" : "+r"(e));
  e += std::rotl(a, 5);
  b = std::rotl(b, 30);
}

// Rounds 20 * Kind to 20 * Kind + 19 of the block whose words wk points to. `between(g)` comes after group g
// of four rounds, counted from the block's start.
template <int Kind, class Between>
ASHLAR_TARGET_INLINE(ASHLAR_SHA1_TARGET)
void twenty_rounds(Working& s, const std::uint32_t* wk, Between between) {
  const std::uint32_t* const w = wk + 40 * Kind;
  const int group = 5 * Kind;
  round<Kind>(s.a, s.b, s.c, s.d, s.e, w[0]);
  round<Kind>(s.e, s.a, s.b, s.c, s.d, w[1]);
  round<Kind>(s.d, s.e, s.a, s.b, s.c, w[2]);
  round<Kind>(s.c, s.d, s.e, s.a, s.b, w[3]);
  between(group);
  round<Kind>(s.b, s.c, s.d, s.e, s.a, w[8]);
  round<Kind>(s.a, s.b, s.c, s.d, s.e, w[9]);
  round<Kind>(s.e, s.a, s.b, s.c, s.d, w[10]);
  round<Kind>(s.d, s.e, s.a, s.b, s.c, w[11]);
  between(group + 1);
  round<Kind>(s.c, s.d, s.e, s.a, s.b, w[16]);
  round<Kind>(s.b, s.c, s.d, s.e, s.a, w[17]);
  round<Kind>(s.a, s.b, s.c, s.d, s.e, w[18]);
  round<Kind>(s.e, s.a, s.b, s.c, s.d, w[19]);
  between(group + 2);
  round<Kind>(s.d, s.e, s.a, s.b, s.c, w[24]);
  round<Kind>(s.c, s.d, s.e, s.a, s.b, w[25]);
  round<Kind>(s.b, s.c, s.d, s.e, s.a, w[26]);
  round<Kind>(s.a, s.b, s.c, s.d, s.e, w[27]);
  between(group + 3);
  round<Kind>(s.e, s.a, s.b, s.c, s.d, w[32]);
  round<Kind>(s.d, s.e, s.a, s.b, s.c, w[33]);
  round<Kind>(s.c, s.d, s.e, s.a, s.b, w[34]);
  round<Kind>(s.b, s.c, s.d, s.e, s.a, w[35]);
  between(group + 4);
}

template <class Between>
ASHLAR_TARGET_INLINE(ASHLAR_SHA1_TARGET)
void eighty_rounds(std::uint32_t* state, const std::uint32_t* wk, Between between) {
  Working s = {state[0], state[1], state[2], state[3], state[4]};
  twenty_rounds<0>(s, wk, between);
  twenty_rounds<1>(s, wk, between);
  twenty_rounds<2>(s, wk, between);
  twenty_rounds<3>(s, wk, between);
  state[0] += s.a;
  state[1] += s.b;
  state[2] += s.c;
  state[3] += s.d;
  state[4] += s.e;
}

template <int bits>
ASHLAR_TARGET_INLINE(ASHLAR_SHA1_TARGET)
__m256i rotated(__m256i x) {
  return _mm256_or_si256(_mm256_slli_epi32(x, bits), _mm256_srli_epi32(x, 32 - bits));
}

ASHLAR_TARGET_INLINE(ASHLAR_SHA1_TARGET) __m256i xor4(__m256i a, __m256i b, __m256i c, __m256i d) {
  return _mm256_xor_si256(_mm256_xor_si256(a, b), _mm256_xor_si256(c, d));
}

// Group g of four words (4 to 19) to its place in the ring of the last eight groups.
ASHLAR_TARGET_INLINE(ASHLAR_SHA1_TARGET) void extend(__m256i (&w)[8], int g) {
  const __m256i fourth = w[(g + 4) & 7], second = w[(g + 6) & 7], first = w[(g + 7) & 7];
  if (g < 8) {
    const __m256i third = w[(g + 5) & 7];
    const __m256i sum =
        xor4(fourth, _mm256_alignr_epi8(third, fourth, 8), second, _mm256_srli_si256(first, 4));
    // The fourth word lacks rotl1 of the first one.
    w[g & 7] = _mm256_xor_si256(rotated<1>(sum), rotated<2>(_mm256_slli_si256(sum, 12)));
  } else {
    w[g & 7] = rotated<2>(xor4(w[g & 7], w[(g + 1) & 7], fourth, _mm256_alignr_epi8(first, second, 8)));
  }
}

ASHLAR_TARGET_INLINE(ASHLAR_SHA1_TARGET) void store_wk(std::uint32_t* wk, __m256i w, int g) {
  const __m256i constants =
      _mm256_broadcastsi128_si256(_mm_load_si128(reinterpret_cast<const __m128i*>(kRound[g / 5])));
  _mm256_store_si256(reinterpret_cast<__m256i*>(wk + 8 * g), _mm256_add_epi32(w, constants));
}

ASHLAR_TARGET(ASHLAR_SHA1_TARGET)
void compress_pairs(void* memory, const std::uint8_t* data, std::size_t blocks) {
  auto* const state = static_cast<std::uint32_t*>(memory);
  const __m256i swap = _mm256_broadcastsi128_si256(_mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203));
  // W + K of a pair of blocks: four words of the first block, four of the second, and so on.
  alignas(32) std::uint32_t wk[2 * 80];

  while (blocks != 0) {
    const std::size_t second = blocks > 1 ? 64 : 0;
    __m256i w[8];
    ASHLAR_UNROLL
    for (int g = 0; g < 4; ++g) {
      const __m128i* const low = reinterpret_cast<const __m128i*>(data) + g;
      const __m128i* const high = reinterpret_cast<const __m128i*>(data + second) + g;
      w[g] = _mm256_shuffle_epi8(
          _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128(low)), _mm_loadu_si128(high), 1),
          swap);
      store_wk(wk, w[g], g);
    }
    eighty_rounds(
        state, wk, [&](int g) __attribute__((target(ASHLAR_SHA1_TARGET), always_inline)) {
          if (g < 16) {
            extend(w, g + 4);
            store_wk(wk, w[(g + 4) & 7], g + 4);
          }
        });
    if (second != 0) {
      eighty_rounds(state, wk + 4, [](int) __attribute__((target(ASHLAR_SHA1_TARGET), always_inline)){});
    }
    data += 64 + second;
    blocks -= second != 0 ? 2 : 1;
  }
  clear_vectors_avx();
}

// More stack than that function takes: W + K and what the compiler spills.
constexpr std::size_t kStack = 1152;

}  // namespace

void compress_avx2(void* state, const std::uint8_t* data, std::size_t blocks) {
  call_and_wipe<kStack>(compress_pairs, state, data, blocks);
}

}  // namespace ashlar::crypto::sha1

#endif
