// SPDX-License-Identifier: Apache-2.0
// Matrices of 64-bit words in vector registers.
#pragma once

#include "cpu/x86.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto {

// Word i of vector l becomes word l of vector i.
ASHLAR_TARGET_INLINE("avx512f") void transpose_eight(__m512i (&rows)[8]) {
  __m512i pairs[8], fours[8];
  ASHLAR_UNROLL
  for (int i = 0; i < 8; i += 2) {
    pairs[i] = _mm512_unpacklo_epi64(rows[i], rows[i + 1]);      // columns 0 2 4 6, of two rows
    pairs[i + 1] = _mm512_unpackhi_epi64(rows[i], rows[i + 1]);  // columns 1 3 5 7
  }
  ASHLAR_UNROLL
  for (int i = 0; i < 2; i++) {
    // Columns i, i + 4 and i + 2, i + 6 of four rows.
    fours[i] = _mm512_shuffle_i64x2(pairs[i], pairs[i + 2], 0x88);
    fours[i + 2] = _mm512_shuffle_i64x2(pairs[i], pairs[i + 2], 0xdd);
    fours[i + 4] = _mm512_shuffle_i64x2(pairs[i + 4], pairs[i + 6], 0x88);
    fours[i + 6] = _mm512_shuffle_i64x2(pairs[i + 4], pairs[i + 6], 0xdd);
  }
  ASHLAR_UNROLL
  for (int i = 0; i < 4; i++) {
    rows[i] = _mm512_shuffle_i64x2(fours[i], fours[i + 4], 0x88);
    rows[i + 4] = _mm512_shuffle_i64x2(fours[i], fours[i + 4], 0xdd);
  }
}

}  // namespace ashlar::crypto

#endif
