// SPDX-License-Identifier: Apache-2.0
// The field of 2^255 - 19, four elements at a time, with AVX-512 IFMA: lane l of the five vectors holds the
// limbs of 51 bits of element l.
//
// Algorithm. The 25 products of limbs, a low and a high half each (vpmadd52luq, vpmadd52huq). A high half
// stands 52 bits above its low half, so it counts twice, one limb higher. The part at 2^255 and above comes
// back times 19. Then every limb passes on its excess over 51 bits, all limbs at once.
//
// Bounds. "Tight" limbs are below 2^51 + 2^14: multiply and carry give them. Factors must be below 2^52,
// because the instructions read no more of a limb. So carry follows each sum and difference. A column is at
// most 5 * 2^52 + 2 * 5 * 2^52 < 2^56, nineteen of them plus one below 2^61, and the part that a limb passes
// on below 2^10.
//
// Bound. 50 vpmadd52 at two a cycle; from factors to product they are 20 cycles deep. Sums, the
// multiplication by 19 and the carries add some 14.
#pragma once

#include "cpu/x86.hpp"

#if ASHLAR_X86_KERNELS

#include <cstdint>

namespace ashlar::crypto::x25519 {

#define ASHLAR_IFMA_TARGET "avx2,avx512f,avx512vl,avx512dq,avx512ifma,bmi2"

struct Four {
  __m256i v[5];
};

ASHLAR_TARGET_INLINE(ASHLAR_IFMA_TARGET) __m256i four_words(std::uint64_t value) {
  return _mm256_set1_epi64x(static_cast<long long>(value));
}

ASHLAR_TARGET_INLINE(ASHLAR_IFMA_TARGET)
__m256i four_set(std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d) {
  return _mm256_set_epi64x(static_cast<long long>(d), static_cast<long long>(c), static_cast<long long>(b),
                           static_cast<long long>(a));
}

// The excess over 51 bits goes to the next limb: limbs below 2^61 become tight.
ASHLAR_TARGET_INLINE(ASHLAR_IFMA_TARGET) void four_carry(Four& x) {
  const __m256i mask = four_words((std::uint64_t{1} << 51) - 1);
  __m256i carry[5];
  ASHLAR_UNROLL
  for (int i = 0; i < 5; i++) {
    carry[i] = _mm256_srli_epi64(x.v[i], 51);
    x.v[i] = _mm256_and_si256(x.v[i], mask);
  }
  x.v[0] = _mm256_madd52lo_epu64(x.v[0], carry[4], four_words(19));
  ASHLAR_UNROLL
  for (int i = 0; i < 4; i++) {
    x.v[i + 1] = _mm256_add_epi64(x.v[i + 1], carry[i]);
  }
}

// a * b + start, for tight `start`.
ASHLAR_TARGET_INLINE(ASHLAR_IFMA_TARGET) Four four_multiply(const Four& a, const Four& b, const Four& start) {
  const __m256i zero = _mm256_setzero_si256();
  __m256i low[10] = {start.v[0], start.v[1], start.v[2], start.v[3], start.v[4],
                     zero,       zero,       zero,       zero,       zero};
  __m256i high[10] = {zero, zero, zero, zero, zero, zero, zero, zero, zero, zero};
  ASHLAR_UNROLL
  for (int i = 0; i < 5; i++) {
    ASHLAR_UNROLL
    for (int j = 0; j < 5; j++) {
      high[i + j + 1] = _mm256_madd52hi_epu64(high[i + j + 1], a.v[i], b.v[j]);
      low[i + j] = _mm256_madd52lo_epu64(low[i + j], a.v[i], b.v[j]);
    }
  }
  Four out;
  ASHLAR_UNROLL
  for (int i = 0; i < 5; i++) {
    const __m256i below = _mm256_add_epi64(low[i], _mm256_add_epi64(high[i], high[i]));
    const __m256i above = _mm256_add_epi64(low[i + 5], _mm256_add_epi64(high[i + 5], high[i + 5]));
    // 19 = 16 + 2 + 1
    const __m256i sum = _mm256_add_epi64(_mm256_add_epi64(below, above), _mm256_add_epi64(above, above));
    out.v[i] = _mm256_add_epi64(sum, _mm256_slli_epi64(above, 4));
  }
  four_carry(out);
  return out;
}
ASHLAR_TARGET_INLINE(ASHLAR_IFMA_TARGET) Four four_multiply(const Four& a, const Four& b) {
  const __m256i zero = _mm256_setzero_si256();
  return four_multiply(a, b, {{zero, zero, zero, zero, zero}});
}

// 2 p - b in the lanes of the mask, b in the others, for tight b.
template <int kMask>
ASHLAR_TARGET_INLINE(ASHLAR_IFMA_TARGET)
void four_negate(Four& b) {
  constexpr std::uint64_t kTwice = (std::uint64_t{1} << 52) - 2;  // a limb of 2 p
  ASHLAR_UNROLL
  for (int i = 0; i < 5; i++) {
    b.v[i] = _mm256_mask_sub_epi64(b.v[i], kMask, four_words(i == 0 ? kTwice - 36 : kTwice), b.v[i]);
  }
}

ASHLAR_TARGET_INLINE(ASHLAR_IFMA_TARGET) Four four_add(const Four& a, const Four& b) {
  Four out;
  ASHLAR_UNROLL
  for (int i = 0; i < 5; i++) {
    out.v[i] = _mm256_add_epi64(a.v[i], b.v[i]);
  }
  four_carry(out);
  return out;
}

// Lanes kA, kB, kC, kD of x.
template <int kA, int kB, int kC, int kD>
ASHLAR_TARGET_INLINE(ASHLAR_IFMA_TARGET)
Four four_lanes(const Four& x) {
  Four out;
  ASHLAR_UNROLL
  for (int i = 0; i < 5; i++) {
    out.v[i] = _mm256_permute4x64_epi64(x.v[i], kA | kB << 2 | kC << 4 | kD << 6);
  }
  return out;
}

// The lanes of the mask from b, the others from a.
template <int kMask>
ASHLAR_TARGET_INLINE(ASHLAR_IFMA_TARGET)
Four four_blend(const Four& a, const Four& b) {
  Four out;
  ASHLAR_UNROLL
  for (int i = 0; i < 5; i++) {
    out.v[i] = _mm256_mask_mov_epi64(a.v[i], kMask, b.v[i]);
  }
  return out;
}

// Limbs of 51 bits from four words below 2^255 each.
ASHLAR_TARGET_INLINE(ASHLAR_IFMA_TARGET)
Four four_from_words(__m256i w0, __m256i w1, __m256i w2, __m256i w3) {
  const __m256i mask = four_words((std::uint64_t{1} << 51) - 1);
  Four out;
  out.v[0] = _mm256_and_si256(w0, mask);
  out.v[1] = _mm256_and_si256(_mm256_or_si256(_mm256_srli_epi64(w0, 51), _mm256_slli_epi64(w1, 13)), mask);
  out.v[2] = _mm256_and_si256(_mm256_or_si256(_mm256_srli_epi64(w1, 38), _mm256_slli_epi64(w2, 26)), mask);
  out.v[3] = _mm256_and_si256(_mm256_or_si256(_mm256_srli_epi64(w2, 25), _mm256_slli_epi64(w3, 39)), mask);
  out.v[4] = _mm256_srli_epi64(w3, 12);
  return out;
}

}  // namespace ashlar::crypto::x25519

#endif
