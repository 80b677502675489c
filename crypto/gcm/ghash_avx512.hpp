// SPDX-License-Identifier: Apache-2.0
// GHASH with VPCLMULQDQ on zmm registers, four blocks in each: the arithmetic that GCM and GCM-SIV share.
//
// A block a = a1 x^64 + a0 times a power p is a0 p + a1 x^64 p, and the reduction takes two steps of x^-64.
// The first step is taken from a0 p beforehand: with p' = p x^-64 kept beside p, a0 p' + a1 p is a sum of 192
// bits that needs but one step. So there are four multiplications per vector of blocks, into two sums (low
// and high, 64 places apart), and one more multiplication per sum.
#pragma once

#include "gcm/gcm_x86.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::gcm {

#define ASHLAR_AVX512_TARGET "avx512f,avx512vl,avx512bw,vaes,vpclmulqdq,aes,pclmul,bmi2"

ASHLAR_TARGET_INLINE("avx512f") __m512i load4(const std::uint8_t* p) {
  return _mm512_loadu_si512(p);
}
ASHLAR_TARGET_INLINE("avx512f") void store4(std::uint8_t* p, __m512i v) {
  _mm512_storeu_si512(p, v);
}
// One block in all four lanes.
ASHLAR_TARGET_INLINE("avx512f") __m512i all(const std::uint8_t* p) {
  return _mm512_broadcast_i32x4(_mm_load_si128(reinterpret_cast<const __m128i*>(p)));
}
// One block in the first lane, zeros in the others.
ASHLAR_TARGET_INLINE("avx512f") __m512i first_lane(__m128i v) {
  return _mm512_zextsi128_si512(v);
}
ASHLAR_TARGET_INLINE("avx512f") __m512i xor3(__m512i a, __m512i b, __m512i c) {
  return _mm512_ternarylogic_epi64(a, b, c, 0x96);
}
// The first `size` of 64 bytes.
ASHLAR_TARGET_INLINE("bmi2") __mmask64 first_bytes(std::size_t size) {
  return _bzhi_u64(~std::uint64_t{0}, static_cast<unsigned>(size));
}

// A sum of products before reduction: low + high x^64.
struct Sum4 {
  __m512i low, high;
};

ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET)
Sum4 product(__m512i blocks, __m512i powers, __m512i moved) {
  return {_mm512_xor_si512(_mm512_clmulepi64_epi128(blocks, moved, 0x00),
                           _mm512_clmulepi64_epi128(blocks, powers, 0x01)),
          _mm512_xor_si512(_mm512_clmulepi64_epi128(blocks, moved, 0x10),
                           _mm512_clmulepi64_epi128(blocks, powers, 0x11))};
}
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET)
void add_product(Sum4& s, __m512i blocks, __m512i powers, __m512i moved) {
  s.low = xor3(s.low, _mm512_clmulepi64_epi128(blocks, moved, 0x00),
               _mm512_clmulepi64_epi128(blocks, powers, 0x01));
  s.high = xor3(s.high, _mm512_clmulepi64_epi128(blocks, moved, 0x10),
                _mm512_clmulepi64_epi128(blocks, powers, 0x11));
}
// One step of x^-64, in each lane.
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET) __m512i reduce(const Sum4& s) {
  const __m512i polynomial =
      _mm512_broadcast_i32x4(_mm_set_epi64x(static_cast<long long>(0xc200000000000000), 1));
  return xor3(s.high, _mm512_shuffle_epi32(s.low, _MM_PERM_BADC),
              _mm512_clmulepi64_epi128(polynomial, s.low, 0x01));
}
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET)
__m512i multiply4(__m512i blocks, __m512i powers, __m512i moved) {
  return reduce(product(blocks, powers, moved));
}
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET) __m512i move(__m512i powers) {
  return reduce({powers, _mm512_setzero_si512()});
}
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET) __m128i add_lanes(__m512i v) {
  const __m256i half = _mm256_xor_si256(_mm512_castsi512_si256(v), _mm512_extracti64x4_epi64(v, 1));
  return _mm_xor_si128(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
}

}  // namespace ashlar::crypto::gcm

#endif
