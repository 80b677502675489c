// SPDX-License-Identifier: Apache-2.0
// ML-DSA's polynomials in registers of eight coefficients, with AVX2.
#define ASHLAR_MLDSA_TARGET "avx2,popcnt"
#include "mldsa/vectors_x86.hpp"

#if ASHLAR_X86_KERNELS

#include "sha3/keccak.hpp"

namespace ashlar::crypto::mldsa {
namespace {

// For each set of kept lanes of eight: these lanes, moved to the front.
struct Kept {
  std::uint8_t lanes[256][8];
};
constexpr Kept kept() {
  Kept out = {};
  for (unsigned which = 0; which < 256; ++which) {
    unsigned at = 0;
    for (unsigned i = 0; i < 8; ++i) {
      if ((which >> i & 1) != 0) {
        out.lanes[which][at++] = static_cast<std::uint8_t>(i);
      }
    }
  }
  return out;
}
alignas(64) constexpr Kept kKept = kept();

struct Avx2 {
  using Vec = __m256i;
  static constexpr std::size_t kLanes = 8;

  ASHLAR_MLDSA_INLINE static Vec load(const std::int32_t* p) {
    return _mm256_load_si256(reinterpret_cast<const Vec*>(p));
  }
  ASHLAR_MLDSA_INLINE static void store(std::int32_t* p, Vec v) {
    _mm256_store_si256(reinterpret_cast<Vec*>(p), v);
  }
  ASHLAR_MLDSA_INLINE static Vec zero() { return _mm256_setzero_si256(); }
  ASHLAR_MLDSA_INLINE static Vec set1(std::int32_t c) { return _mm256_set1_epi32(c); }
  ASHLAR_MLDSA_INLINE static Vec add(Vec a, Vec b) { return _mm256_add_epi32(a, b); }
  ASHLAR_MLDSA_INLINE static Vec sub(Vec a, Vec b) { return _mm256_sub_epi32(a, b); }
  ASHLAR_MLDSA_INLINE static Vec add64(Vec a, Vec b) { return _mm256_add_epi64(a, b); }
  ASHLAR_MLDSA_INLINE static Vec sub64(Vec a, Vec b) { return _mm256_sub_epi64(a, b); }
  ASHLAR_MLDSA_INLINE static Vec mullo(Vec a, Vec b) { return _mm256_mullo_epi32(a, b); }
  ASHLAR_MLDSA_INLINE static Vec mul_even(Vec a, Vec b) { return _mm256_mul_epi32(a, b); }
  ASHLAR_MLDSA_INLINE static Vec odd(Vec a) { return _mm256_srli_epi64(a, 32); }
  ASHLAR_MLDSA_INLINE static Vec bit_and(Vec a, Vec b) { return _mm256_and_si256(a, b); }
  ASHLAR_MLDSA_INLINE static Vec and_not(Vec mask, Vec a) { return _mm256_andnot_si256(mask, a); }
  ASHLAR_MLDSA_INLINE static Vec bit_or(Vec a, Vec b) { return _mm256_or_si256(a, b); }
  ASHLAR_MLDSA_INLINE static Vec absolute(Vec a) { return _mm256_abs_epi32(a); }
  template <int N>
  ASHLAR_MLDSA_INLINE static Vec srai(Vec a) {
    return _mm256_srai_epi32(a, N);
  }
  // The upper halves of the 64-bit products of the even and of the odd lanes.
  ASHLAR_MLDSA_INLINE static Vec upper_halves(Vec even, Vec odd_lanes) {
    return _mm256_blend_epi32(_mm256_srli_epi64(even, 32), odd_lanes, 0xaa);
  }
  ASHLAR_MLDSA_INLINE static std::uint64_t any_negative(Vec a) {
    const auto signs = static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_srai_epi32(a, 31)));
    // All ones if any sign is set, else 0.
    return ct::barrier(static_cast<std::uint64_t>(-static_cast<std::int64_t>(signs) >> 63));
  }
  // 24 bytes are eight candidates.
  ASHLAR_MLDSA_INLINE static unsigned sample_uniform(std::int32_t* p, unsigned have,
                                                     const std::uint8_t* bytes, std::size_t size) {
    const __m256i spread =
        _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11, -1));
    for (; size != 0 && have < kN; bytes += 24, size -= 24) {
      const Vec both = _mm256_inserti128_si256(
          _mm256_castsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes))),
          _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + 12)), 1);
      const Vec candidates = _mm256_and_si256(_mm256_shuffle_epi8(both, spread), set1(0x7fffff));
      const auto good = static_cast<unsigned>(
          _mm256_movemask_ps(_mm256_castsi256_ps(_mm256_cmpgt_epi32(set1(kQ), candidates))));
      const Vec lanes =
          _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(kKept.lanes[good])));
      _mm256_storeu_si256(reinterpret_cast<Vec*>(p + have), _mm256_permutevar8x32_epi32(candidates, lanes));
      have += static_cast<unsigned>(_mm_popcnt_u32(good));
    }
    return have;
  }
};

}  // namespace

constexpr Arithmetic kAvx2 = Row<Avx2>::over({4, sha3::permute_avx2_4}, {4, sha3::permute_avx2_4});
constexpr Arithmetic kAvx2TernaryKeccak =
    Row<Avx2>::over({4, sha3::permute_avx512vl_4}, {4, sha3::permute_avx512vl_4});

}  // namespace ashlar::crypto::mldsa

#endif
