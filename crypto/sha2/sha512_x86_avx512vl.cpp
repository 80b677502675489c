// SPDX-License-Identifier: Apache-2.0
// SHA-512 compression with AVX-512VL and BMI2: a to d in integer registers, e to h in vector registers, each
// in the low half of one.
//
// With vpternlog and vprol Sigma1 is four instructions and Ch one, so that the chain of e through a round is
// a rotation, a vpternlog and an addition: four cycles, since the three rotations have two ports. What is
// left to the integer side is Sigma0 and Maj. Neither side waits for the other: d goes over three rounds
// after it was made, and the next a comes back when there are three rounds until it is d. A round is 12
// integer and 11 vector instructions and its share of the schedule 4, on five ports 5.4 cycles, 430 per
// block, 3.4 cycles per byte; four of the round's chains of five cycles end in the same ports, and measured
// it is a quarter more.
#define ASHLAR_PAIRS_TARGET "avx512f,avx512vl,avx2,bmi,bmi2"
#include "sha2/sha2_pairs.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::sha2 {
namespace {

struct Avx512vl : Pairs512<Avx512vl> {
  using E = __m128i;
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static E load(const std::uint64_t& word) {
    return _mm_set1_epi64x(static_cast<long long>(word));
  }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static E from_scalar(std::uint64_t x) {
    return _mm_cvtsi64_si128(static_cast<long long>(x));
  }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static std::uint64_t to_scalar(E x) {
    return static_cast<std::uint64_t>(_mm_cvtsi128_si64(x));
  }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static E add(E a, E b) { return _mm_add_epi64(a, b); }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static E ch(E e, E f, E g) {
    return _mm_ternarylogic_epi64(e, f, g, 0xca);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static E big1(E e) {
    return _mm_ternarylogic_epi64(_mm_ror_epi64(e, 14), _mm_ror_epi64(e, 18), _mm_ror_epi64(e, 41), 0x96);
  }

  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static __m128i small0(__m128i x) {
    return _mm_ternarylogic_epi64(_mm_ror_epi64(x, 1), _mm_ror_epi64(x, 8), _mm_srli_epi64(x, 7), 0x96);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static __m128i small1(__m128i x) {
    return _mm_ternarylogic_epi64(_mm_ror_epi64(x, 19), _mm_ror_epi64(x, 61), _mm_srli_epi64(x, 6), 0x96);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static __m256i small0(__m256i x) {
    return _mm256_ternarylogic_epi64(_mm256_ror_epi64(x, 1), _mm256_ror_epi64(x, 8), _mm256_srli_epi64(x, 7),
                                     0x96);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static __m256i small1(__m256i x) {
    return _mm256_ternarylogic_epi64(_mm256_ror_epi64(x, 19), _mm256_ror_epi64(x, 61),
                                     _mm256_srli_epi64(x, 6), 0x96);
  }
};

ASHLAR_TARGET(ASHLAR_PAIRS_TARGET)
void pairs(std::uint64_t* state, const std::uint8_t* data, std::size_t blocks) {
  compress_pairs<Avx512vl>(state, data, blocks);
  clear_vectors_avx512();
}
ASHLAR_TARGET(ASHLAR_PAIRS_TARGET)
void one(std::uint64_t* state, const std::uint8_t* data) {
  compress_one<Avx512vl>(state, data);
  clear_vectors_avx512();
}

}  // namespace

void compress_512_avx512vl(void* state, const std::uint8_t* data, std::size_t blocks) {
  compress_blocks<Avx512vl, pairs, one>(state, data, blocks);
}

}  // namespace ashlar::crypto::sha2

#endif
