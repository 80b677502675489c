// SPDX-License-Identifier: Apache-2.0
// The field of 2^255 - 19, eight elements at a time, with AVX-512 IFMA: lane l of the five vectors holds the
// limbs of 51 bits of element l. Algorithm and bounds are those of four_x86_ifma.hpp; squares take each
// product of two different limbs once.
//
// Bound. 50 vpmadd52 for a product, 30 for a square. Zen 4 does one a cycle, Zen 5 two.
#pragma once

#include "x25519/four_x86_ifma.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::x25519 {

struct Eight {
  __m512i v[5];
};

ASHLAR_TARGET_INLINE(ASHLAR_IFMA_TARGET) __m512i eight_words(std::uint64_t value) {
  return _mm512_set1_epi64(static_cast<long long>(value));
}

ASHLAR_TARGET_INLINE(ASHLAR_IFMA_TARGET) Eight eight_number(std::uint64_t value) {
  const __m512i zero = _mm512_setzero_si512();
  return {{eight_words(value), zero, zero, zero, zero}};
}

// The excess over 51 bits goes to the next limb: limbs below 2^61 become tight.
ASHLAR_TARGET_INLINE(ASHLAR_IFMA_TARGET) void eight_carry(Eight& x) {
  const __m512i mask = eight_words((std::uint64_t{1} << 51) - 1);
  __m512i carry[5];
  ASHLAR_UNROLL
  for (int i = 0; i < 5; i++) {
    carry[i] = _mm512_srli_epi64(x.v[i], 51);
    x.v[i] = _mm512_and_si512(x.v[i], mask);
  }
  x.v[0] = _mm512_madd52lo_epu64(x.v[0], carry[4], eight_words(19));
  ASHLAR_UNROLL
  for (int i = 0; i < 4; i++) {
    x.v[i + 1] = _mm512_add_epi64(x.v[i + 1], carry[i]);
  }
}

// From ten columns of a product.
ASHLAR_TARGET_INLINE(ASHLAR_IFMA_TARGET) Eight eight_reduce(const __m512i (&column)[10]) {
  Eight out;
  ASHLAR_UNROLL
  for (int i = 0; i < 5; i++) {
    // 19 = 16 + 2 + 1
    const __m512i above = column[i + 5];
    const __m512i sum = _mm512_add_epi64(_mm512_add_epi64(column[i], above), _mm512_add_epi64(above, above));
    out.v[i] = _mm512_add_epi64(sum, _mm512_slli_epi64(above, 4));
  }
  eight_carry(out);
  return out;
}

// Column by column, so that no more than a column and the results are in registers.
ASHLAR_TARGET_INLINE(ASHLAR_IFMA_TARGET) Eight eight_multiply(const Eight& a, const Eight& b) {
  __m512i column[10];
  ASHLAR_UNROLL
  for (int k = 0; k < 10; k++) {
    __m512i low = _mm512_setzero_si512(), high = low;
    ASHLAR_UNROLL
    for (int i = 0; i < 5; i++) {
      if (k - i >= 0 && k - i < 5) {
        low = _mm512_madd52lo_epu64(low, a.v[i], b.v[k - i]);
      }
      if (k - 1 - i >= 0 && k - 1 - i < 5) {
        high = _mm512_madd52hi_epu64(high, a.v[i], b.v[k - 1 - i]);
      }
    }
    column[k] = _mm512_add_epi64(low, _mm512_add_epi64(high, high));
  }
  return eight_reduce(column);
}

// The halves are summed by how often they count: low halves on the diagonal once; high halves there, and low
// halves off it, twice; high halves off it four times.
ASHLAR_TARGET_INLINE(ASHLAR_IFMA_TARGET) Eight eight_square(const Eight& a) {
  __m512i column[10];
  ASHLAR_UNROLL
  for (int k = 0; k < 10; k++) {
    __m512i twice = _mm512_setzero_si512(), often = twice;
    ASHLAR_UNROLL
    for (int i = 0; i < 5; i++) {
      if (k - i > i && k - i < 5) {
        twice = _mm512_madd52lo_epu64(twice, a.v[i], a.v[k - i]);
      }
      if (k - 1 - i > i && k - 1 - i < 5) {
        often = _mm512_madd52hi_epu64(often, a.v[i], a.v[k - 1 - i]);
      }
      if (k - 1 - i == i) {
        twice = _mm512_madd52hi_epu64(twice, a.v[i], a.v[i]);
      }
    }
    twice = _mm512_add_epi64(twice, _mm512_add_epi64(often, often));
    twice = _mm512_add_epi64(twice, twice);
    column[k] = k % 2 == 0 && k < 10 ? _mm512_madd52lo_epu64(twice, a.v[k / 2], a.v[k / 2]) : twice;
  }
  return eight_reduce(column);
}

// a * small + start, for small below 2^17.
ASHLAR_TARGET_INLINE(ASHLAR_IFMA_TARGET)
Eight eight_multiply_add(const Eight& a, std::uint64_t small, const Eight& start) {
  const __m512i factor = eight_words(small);
  Eight out = start;
  __m512i high[5];
  ASHLAR_UNROLL
  for (int i = 0; i < 5; i++) {
    out.v[i] = _mm512_madd52lo_epu64(out.v[i], a.v[i], factor);
    high[i] = _mm512_madd52hi_epu64(_mm512_setzero_si512(), a.v[i], factor);
  }
  ASHLAR_UNROLL
  for (int i = 0; i < 4; i++) {
    out.v[i + 1] = _mm512_add_epi64(out.v[i + 1], _mm512_add_epi64(high[i], high[i]));
  }
  out.v[0] = _mm512_madd52lo_epu64(out.v[0], high[4], eight_words(38));
  eight_carry(out);
  return out;
}

ASHLAR_TARGET_INLINE(ASHLAR_IFMA_TARGET) Eight eight_add(const Eight& a, const Eight& b) {
  Eight out;
  ASHLAR_UNROLL
  for (int i = 0; i < 5; i++) {
    out.v[i] = _mm512_add_epi64(a.v[i], b.v[i]);
  }
  eight_carry(out);
  return out;
}

// a - b + 2 p, for tight numbers.
ASHLAR_TARGET_INLINE(ASHLAR_IFMA_TARGET) Eight eight_subtract(const Eight& a, const Eight& b) {
  constexpr std::uint64_t kTwice = (std::uint64_t{1} << 52) - 2;  // a limb of 2 p
  Eight out;
  ASHLAR_UNROLL
  for (int i = 0; i < 5; i++) {
    out.v[i] = _mm512_add_epi64(a.v[i], _mm512_sub_epi64(eight_words(i == 0 ? kTwice - 36 : kTwice), b.v[i]));
  }
  eight_carry(out);
  return out;
}

// Exchanges a and b in the lanes of the mask.
ASHLAR_TARGET_INLINE(ASHLAR_IFMA_TARGET) void eight_swap(__mmask8 lanes, Eight& a, Eight& b) {
  ASHLAR_UNROLL
  for (int i = 0; i < 5; i++) {
    const __m512i kept = a.v[i];
    a.v[i] = _mm512_mask_mov_epi64(kept, lanes, b.v[i]);
    b.v[i] = _mm512_mask_mov_epi64(b.v[i], lanes, kept);
  }
}

}  // namespace ashlar::crypto::x25519

#endif
