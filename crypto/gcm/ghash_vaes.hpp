// SPDX-License-Identifier: Apache-2.0
// GHASH with VPCLMULQDQ on ymm registers, two blocks in each: the arithmetic that GCM and GCM-SIV share.
#pragma once

#include "gcm/gcm_x86.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::gcm {

#define ASHLAR_VAES_TARGET "avx2,vaes,vpclmulqdq,aes,pclmul,bmi2"

ASHLAR_TARGET_INLINE("avx2") __m256i load2(const std::uint8_t* p) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
}
ASHLAR_TARGET_INLINE("avx2") void store2(std::uint8_t* p, __m256i v) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), v);
}
ASHLAR_TARGET_INLINE("avx2") __m256i both(__m128i v) {
  return _mm256_broadcastsi128_si256(v);
}
ASHLAR_TARGET_INLINE("avx2") __m256i round_key2(const std::uint8_t* keys, std::size_t r) {
  return both(_mm_load_si128(reinterpret_cast<const __m128i*>(keys) + r));
}
ASHLAR_TARGET_INLINE("avx2") __m256i swap_halves2(__m256i v) {
  return _mm256_shuffle_epi32(v, 0x4e);
}
ASHLAR_TARGET_INLINE("avx2") __m256i pair(__m128i low, __m128i high) {
  return _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1);
}
struct Sum2 {
  __m256i lo, mi, hi;
};

ASHLAR_TARGET_INLINE("avx2") Sum2 empty_sum2() {
  return {_mm256_setzero_si256(), _mm256_setzero_si256(), _mm256_setzero_si256()};
}

ASHLAR_TARGET_INLINE(ASHLAR_VAES_TARGET)
void add_product2(Sum2& s, __m256i blocks, __m256i powers, __m256i sums) {
  s.lo = _mm256_xor_si256(s.lo, _mm256_clmulepi64_epi128(blocks, powers, 0x00));
  s.hi = _mm256_xor_si256(s.hi, _mm256_clmulepi64_epi128(blocks, powers, 0x11));
  blocks = _mm256_xor_si256(blocks, swap_halves2(blocks));
  s.mi = _mm256_xor_si256(s.mi, _mm256_clmulepi64_epi128(blocks, sums, 0x00));
}

ASHLAR_TARGET_INLINE(ASHLAR_VAES_TARGET) __m256i fold2(__m256i into, __m256i from) {
  const __m256i polynomial = both(_mm_set_epi64x(static_cast<long long>(0xc200000000000000), 1));
  const __m256i t = _mm256_clmulepi64_epi128(polynomial, from, 0x01);
  return _mm256_xor_si256(into, _mm256_xor_si256(swap_halves2(from), t));
}

// Both halves reduced, and their sum.
ASHLAR_TARGET_INLINE(ASHLAR_VAES_TARGET) __m256i reduce_each(Sum2 s) {
  s.mi = _mm256_xor_si256(s.mi, _mm256_xor_si256(s.lo, s.hi));
  return fold2(s.hi, fold2(s.mi, s.lo));
}
ASHLAR_TARGET_INLINE(ASHLAR_VAES_TARGET) __m128i add_halves(__m256i v) {
  return _mm_xor_si128(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
}
ASHLAR_TARGET_INLINE(ASHLAR_VAES_TARGET) __m256i multiply2(__m256i blocks, __m256i powers) {
  Sum2 s = empty_sum2();
  add_product2(s, blocks, powers, _mm256_xor_si256(powers, swap_halves2(powers)));
  return reduce_each(s);
}

// All powers of h and their sums of halves.
ASHLAR_TARGET_INLINE(ASHLAR_VAES_TARGET) void fill_powers(X86Key& made, __m128i h) {
  const auto keep = [&](std::size_t n, __m256i powers)
      __attribute__((target(ASHLAR_VAES_TARGET), always_inline)) {
    // powers: H^n and H^(n - 1).
    store2(made.powers + 16 * (kPowers - n), powers);
    store2(made.sums + 16 * (kPowers - n), _mm256_xor_si256(powers, swap_halves2(powers)));
  };
  const __m128i h2 = multiply(h, h);
  const __m256i low = pair(h2, h);
  const __m256i middle = multiply2(low, both(h2));
  const __m256i by4 = both(_mm256_castsi256_si128(middle));
  keep(8, multiply2(middle, by4));
  keep(6, multiply2(low, by4));
  keep(4, middle);
  keep(2, low);
  aes::store(made.powers + 16 * kPowers, _mm_setzero_si128());
  aes::store(made.sums + 16 * kPowers, _mm_setzero_si128());
}

}  // namespace ashlar::crypto::gcm

#endif
