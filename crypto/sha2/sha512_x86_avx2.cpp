// SPDX-License-Identifier: Apache-2.0
// SHA-512 compression with AVX2 and BMI2: all eight working variables in integer registers.
//
// rorx rotates without destroying its source or the flags, andn gives the half of Ch. The chain of e through
// a round is four cycles where the three rotations of Sigma1 find two ports free, 320 per block, 2.5 cycles
// per byte; the 25 instructions of a round on five ports take as long and contend with the schedule.
#define ASHLAR_PAIRS_TARGET "avx2,bmi,bmi2"
#include "sha2/sha2_pairs.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::sha2 {
namespace {

struct Avx2 : Pairs512<Avx2>, ScalarE<std::uint64_t> {
  using Word = std::uint64_t;
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static E big1(E e) {
    E sum = std::rotr(e, 14) ^ std::rotr(e, 18) ^ std::rotr(e, 41);
    keep(sum);
    return sum;
  }

  template <int bits>
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET)
  static __m128i rotated(__m128i x) {
    return _mm_or_si128(_mm_srli_epi64(x, bits), _mm_slli_epi64(x, 64 - bits));
  }
  template <int bits>
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET)
  static __m256i rotated(__m256i x) {
    return _mm256_or_si256(_mm256_srli_epi64(x, bits), _mm256_slli_epi64(x, 64 - bits));
  }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static __m128i by8() {
    return _mm_set_epi64x(0x080f0e0d0c0b0a09, 0x0007060504030201);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static __m128i small0(__m128i x) {
    return _mm_xor_si128(_mm_xor_si128(rotated<1>(x), _mm_shuffle_epi8(x, by8())), _mm_srli_epi64(x, 7));
  }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static __m256i small0(__m256i x) {
    const __m256i rotated8 = _mm256_shuffle_epi8(x, _mm256_broadcastsi128_si256(by8()));
    return _mm256_xor_si256(_mm256_xor_si256(rotated<1>(x), rotated8), _mm256_srli_epi64(x, 7));
  }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static __m128i small1(__m128i x) {
    return _mm_xor_si128(_mm_xor_si128(rotated<19>(x), rotated<61>(x)), _mm_srli_epi64(x, 6));
  }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static __m256i small1(__m256i x) {
    return _mm256_xor_si256(_mm256_xor_si256(rotated<19>(x), rotated<61>(x)), _mm256_srli_epi64(x, 6));
  }
};

ASHLAR_TARGET(ASHLAR_PAIRS_TARGET)
void pairs(std::uint64_t* state, const std::uint8_t* data, std::size_t blocks) {
  compress_pairs<Avx2>(state, data, blocks);
  clear_vectors_avx();
}
ASHLAR_TARGET(ASHLAR_PAIRS_TARGET)
void one(std::uint64_t* state, const std::uint8_t* data) {
  compress_one<Avx2>(state, data);
  clear_vectors_avx();
}

}  // namespace

void compress_512_avx2(void* state, const std::uint8_t* data, std::size_t blocks) {
  compress_blocks<Avx2, pairs, one>(state, data, blocks);
}

}  // namespace ashlar::crypto::sha2

#endif
