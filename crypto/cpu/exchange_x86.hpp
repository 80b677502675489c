// SPDX-License-Identifier: Apache-2.0
// Two registers exchange halves of groups of 2 Bytes bytes. In each group `a` gets both lower halves, its own
// first, and `b` gets both upper halves.
#pragma once

#include "cpu/x86.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::x86 {

template <int Bytes>
ASHLAR_TARGET_INLINE("avx2")
void exchange(__m256i& a, __m256i& b) {
  const __m256i x = a, y = b;
  if constexpr (Bytes == 16) {
    a = _mm256_permute2x128_si256(x, y, 0x20);
    b = _mm256_permute2x128_si256(x, y, 0x31);
  } else if constexpr (Bytes == 8) {
    a = _mm256_unpacklo_epi64(x, y);
    b = _mm256_unpackhi_epi64(x, y);
  } else {
    static_assert(Bytes == 4);
    a = _mm256_blend_epi32(x, _mm256_slli_epi64(y, 32), 0xaa);
    b = _mm256_blend_epi32(_mm256_srli_epi64(x, 32), y, 0xaa);
  }
}

template <int Bytes>
ASHLAR_TARGET_INLINE("avx512f")
void exchange(__m512i& a, __m512i& b) {
  const __m512i x = a, y = b;
  if constexpr (Bytes == 32) {
    a = _mm512_shuffle_i64x2(x, y, 0x44);
    b = _mm512_shuffle_i64x2(x, y, 0xee);
  } else if constexpr (Bytes == 16) {
    a = _mm512_permutex2var_epi64(x, _mm512_setr_epi64(0, 1, 8, 9, 4, 5, 12, 13), y);
    b = _mm512_permutex2var_epi64(x, _mm512_setr_epi64(2, 3, 10, 11, 6, 7, 14, 15), y);
  } else if constexpr (Bytes == 8) {
    a = _mm512_unpacklo_epi64(x, y);
    b = _mm512_unpackhi_epi64(x, y);
  } else {
    static_assert(Bytes == 4);
    a = _mm512_mask_shuffle_epi32(x, 0xaaaa, y, static_cast<_MM_PERM_ENUM>(0xa0));
    b = _mm512_mask_shuffle_epi32(y, 0x5555, x, static_cast<_MM_PERM_ENUM>(0xf5));
  }
}

}  // namespace ashlar::crypto::x86

#endif
