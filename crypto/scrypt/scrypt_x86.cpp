// SPDX-License-Identifier: Apache-2.0
// scryptBlockMix with the sixteen words of Salsa20/8 in four registers, one diagonal of the 4 x 4 matrix in
// each (words 0 5 10 15, 4 9 14 3, 8 13 2 7 and 12 1 6 11): a round's four quarter rounds are then one.
// Column rounds become row rounds by rotating three of the registers, which is off the chain of dependent
// operations.
//
// Each block depends on the one before, so that chain is the bound: eight rounds of four steps, each an
// addition, a rotation and an XOR. With SSE2, where a rotation is two shifts and one XOR more, a step takes
// four cycles, 128 a block; with AVX-512's vprold three, 96. Wider vectors do not help: there is no other
// work to do side by side.
#include "scrypt/scrypt_kernels.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::salsa {
namespace {

// to ^= (a + b) <<< Count.
template <int Count, bool kRotate>
ASHLAR_TARGET_INLINE("sse2")
void step(__m128i& to, __m128i a, __m128i b) {
  __m128i sum = _mm_add_epi32(a, b);
  if constexpr (kRotate) {
    // As assembly, because this function is also compiled where the intrinsic may not be used.
    __asm__("vprold %[count], %[sum], %[sum]" : [sum] "+v"(sum) : [count] "i"(Count));
    to = _mm_xor_si128(to, sum);
  } else {
    to = _mm_xor_si128(to, _mm_slli_epi32(sum, Count));
    to = _mm_xor_si128(to, _mm_srli_epi32(sum, 32 - Count));
  }
}

template <bool kRotate>
ASHLAR_TARGET_INLINE("sse2")
void salsa20_8(__m128i x[4]) {
  const __m128i start[4] = {x[0], x[1], x[2], x[3]};
  for (int i = 0; i < 4; ++i) {
    step<7, kRotate>(x[1], x[0], x[3]);
    step<9, kRotate>(x[2], x[1], x[0]);
    step<13, kRotate>(x[3], x[2], x[1]);
    step<18, kRotate>(x[0], x[3], x[2]);
    x[1] = _mm_shuffle_epi32(x[1], 0x93);
    x[2] = _mm_shuffle_epi32(x[2], 0x4e);
    x[3] = _mm_shuffle_epi32(x[3], 0x39);
    step<7, kRotate>(x[3], x[0], x[1]);
    step<9, kRotate>(x[2], x[3], x[0]);
    step<13, kRotate>(x[1], x[2], x[3]);
    step<18, kRotate>(x[0], x[1], x[2]);
    x[1] = _mm_shuffle_epi32(x[1], 0x39);
    x[2] = _mm_shuffle_epi32(x[2], 0x4e);
    x[3] = _mm_shuffle_epi32(x[3], 0x93);
  }
  for (int i = 0; i < 4; ++i) {
    x[i] = _mm_add_epi32(x[i], start[i]);
  }
}

// x ^= in ^ other; in ^ other is off the chain.
template <bool kOther>
ASHLAR_TARGET_INLINE("sse2")
void take(__m128i x[4], const std::uint8_t* in, const std::uint8_t* other) {
  for (int i = 0; i < 4; ++i) {
    __m128i words = _mm_loadu_si128(reinterpret_cast<const __m128i*>(in + 16 * i));
    if constexpr (kOther) {
      words = _mm_xor_si128(words, _mm_loadu_si128(reinterpret_cast<const __m128i*>(other + 16 * i)));
    }
    x[i] = _mm_xor_si128(x[i], words);
  }
}

template <bool kRotate, bool kOther>
ASHLAR_TARGET_INLINE("sse2")
void mix(const std::uint8_t* in, const std::uint8_t* other, std::uint8_t* out, std::size_t r) {
  if constexpr (kOther) {
    // `other` may be anywhere in the workspace, so all of it is prefetched at once.
    for (std::size_t at = 0; at < 128 * r; at += 64) {
      _mm_prefetch(reinterpret_cast<const char*>(other + at), _MM_HINT_T0);
    }
  }
  const std::size_t last = 64 * (2 * r - 1);
  __m128i x[4] = {};
  take<kOther>(x, in + last, kOther ? other + last : nullptr);
  for (std::size_t block = 0; block < 2 * r; ++block) {
    take<kOther>(x, in + 64 * block, kOther ? other + 64 * block : nullptr);
    salsa20_8<kRotate>(x);
    // Even blocks go to the front half, odd ones to the back.
    std::uint8_t* const to = out + 64 * (block / 2 + (block % 2) * r);
    for (int i = 0; i < 4; ++i) {
      _mm_storeu_si128(reinterpret_cast<__m128i*>(to + 16 * i), x[i]);
    }
  }
}

}  // namespace

void block_mix_sse2(const std::uint8_t* in, const std::uint8_t* other, std::uint8_t* out, std::size_t r) {
  if (other != nullptr) {
    mix<false, true>(in, other, out, r);
  } else {
    mix<false, false>(in, other, out, r);
  }
}

ASHLAR_TARGET("avx512f,avx512vl")
void block_mix_avx512vl(const std::uint8_t* in, const std::uint8_t* other, std::uint8_t* out, std::size_t r) {
  if (other != nullptr) {
    mix<true, true>(in, other, out, r);
  } else {
    mix<true, false>(in, other, out, r);
  }
}

}  // namespace ashlar::crypto::salsa

#endif
