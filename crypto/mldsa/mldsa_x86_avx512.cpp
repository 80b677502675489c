// SPDX-License-Identifier: Apache-2.0
// ML-DSA's polynomials in registers of sixteen coefficients, with AVX-512.
#define ASHLAR_MLDSA_TARGET "avx2,popcnt,avx512f,avx512vl,avx512bw,avx512vbmi"
#include "mldsa/vectors_x86.hpp"

#if ASHLAR_X86_KERNELS

#include "sha3/keccak.hpp"

namespace ashlar::crypto::mldsa {
namespace {

// Three bytes to each lane of 32 bits.
struct Spread {
  std::uint8_t bytes[64];
};
constexpr Spread spread() {
  Spread out = {};
  for (unsigned i = 0; i < 64; ++i) {
    out.bytes[i] = static_cast<std::uint8_t>(i / 4 * 3 + i % 4);
  }
  return out;
}
alignas(64) constexpr Spread kSpread = spread();

struct Avx512 {
  using Vec = __m512i;
  static constexpr std::size_t kLanes = 16;

  ASHLAR_MLDSA_INLINE static Vec load(const std::int32_t* p) { return _mm512_load_si512(p); }
  ASHLAR_MLDSA_INLINE static void store(std::int32_t* p, Vec v) { _mm512_store_si512(p, v); }
  ASHLAR_MLDSA_INLINE static Vec zero() { return _mm512_setzero_si512(); }
  ASHLAR_MLDSA_INLINE static Vec set1(std::int32_t c) { return _mm512_set1_epi32(c); }
  ASHLAR_MLDSA_INLINE static Vec add(Vec a, Vec b) { return _mm512_add_epi32(a, b); }
  ASHLAR_MLDSA_INLINE static Vec sub(Vec a, Vec b) { return _mm512_sub_epi32(a, b); }
  ASHLAR_MLDSA_INLINE static Vec add64(Vec a, Vec b) { return _mm512_add_epi64(a, b); }
  ASHLAR_MLDSA_INLINE static Vec sub64(Vec a, Vec b) { return _mm512_sub_epi64(a, b); }
  ASHLAR_MLDSA_INLINE static Vec mullo(Vec a, Vec b) { return _mm512_mullo_epi32(a, b); }
  ASHLAR_MLDSA_INLINE static Vec mul_even(Vec a, Vec b) { return _mm512_mul_epi32(a, b); }
  ASHLAR_MLDSA_INLINE static Vec odd(Vec a) { return _mm512_srli_epi64(a, 32); }
  ASHLAR_MLDSA_INLINE static Vec bit_and(Vec a, Vec b) { return _mm512_and_si512(a, b); }
  ASHLAR_MLDSA_INLINE static Vec and_not(Vec mask, Vec a) { return _mm512_andnot_si512(mask, a); }
  ASHLAR_MLDSA_INLINE static Vec bit_or(Vec a, Vec b) { return _mm512_or_si512(a, b); }
  ASHLAR_MLDSA_INLINE static Vec absolute(Vec a) { return _mm512_abs_epi32(a); }
  template <int N>
  ASHLAR_MLDSA_INLINE static Vec srai(Vec a) {
    return _mm512_srai_epi32(a, N);
  }
  // The upper halves of the 64-bit products of the even and of the odd lanes.
  ASHLAR_MLDSA_INLINE static Vec upper_halves(Vec even, Vec odd_lanes) {
    return _mm512_mask_blend_epi32(0xaaaa, _mm512_srli_epi64(even, 32), odd_lanes);
  }
  ASHLAR_MLDSA_INLINE static std::uint64_t any_negative(Vec a) {
    const std::uint64_t signs = _mm512_cmplt_epi32_mask(a, _mm512_setzero_si512());
    // All ones if any sign is set, else 0.
    return ct::barrier(static_cast<std::uint64_t>(-static_cast<std::int64_t>(signs) >> 63));
  }
  // 48 bytes are sixteen candidates.
  ASHLAR_MLDSA_INLINE static unsigned sample_uniform(std::int32_t* p, unsigned have,
                                                     const std::uint8_t* bytes, std::size_t size) {
    while (size != 0 && have < kN) {
      const std::size_t now = size < 48 ? size : 48;
      const Vec all = _mm512_maskz_loadu_epi8(0xffffffffffff, bytes);
      const Vec candidates =
          _mm512_and_si512(_mm512_permutexvar_epi8(_mm512_load_si512(kSpread.bytes), all), set1(0x7fffff));
      const __mmask16 good =
          _mm512_mask_cmplt_epi32_mask(static_cast<__mmask16>((1u << now / 3) - 1), candidates, set1(kQ));
      _mm512_storeu_si512(p + have, _mm512_maskz_compress_epi32(good, candidates));
      have += static_cast<unsigned>(_mm_popcnt_u32(good));
      bytes += now;
      size -= now;
    }
    return have;
  }
};

}  // namespace

constexpr Arithmetic kAvx512 = Row<Avx512>::over({4, sha3::permute_avx512vl_4}, {8, sha3::permute_avx512_8});

}  // namespace ashlar::crypto::mldsa

#endif
