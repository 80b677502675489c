// SPDX-License-Identifier: Apache-2.0
// SHA-256 compression with AVX2 and BMI2, for CPUs without the SHA extensions.
//
// Four words of the schedule make a step, and the last two of them need the first two: small sigma 1 is taken
// of two words at a time, each doubled into 64 bits so that a 64-bit shift is a rotation of 32, and a byte
// shuffle puts the two results where they belong. That is 31 vector instructions for eight words. The chains
// of e and a bound a block at 4 and 5 cycles per round, and 29 instructions per round on five ports at 5.8:
// 370 cycles, 5.8 cycles per byte.
#define ASHLAR_PAIRS_TARGET "avx2,bmi,bmi2"
#include "sha2/sha2_pairs.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::sha2 {
namespace {

struct Avx2 : ScalarE<std::uint32_t> {
  using Word = std::uint32_t;
  static constexpr int kStep = 4;
  static constexpr int kRounds = 64;
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static const Word* constants() { return kRound256; }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static __m256i both_halves(long long high, long long low) {
    return _mm256_broadcastsi128_si256(_mm_set_epi64x(high, low));
  }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static __m256i byte_swap() {
    return both_halves(0x0c0d0e0f08090a0b, 0x0405060700010203);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static __m256i add_words(__m256i a, __m256i b) {
    return _mm256_add_epi32(a, b);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static Word big0(Word a) {
    return std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static Word big1(Word e) {
    Word sum = std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25);
    keep(sum);
    return sum;
  }
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static __m256i small0(__m256i x) {
    const __m256i by7 = _mm256_xor_si256(_mm256_srli_epi32(x, 7), _mm256_slli_epi32(x, 25));
    const __m256i by18 = _mm256_xor_si256(_mm256_srli_epi32(x, 18), _mm256_slli_epi32(x, 14));
    return _mm256_xor_si256(_mm256_xor_si256(by7, by18), _mm256_srli_epi32(x, 3));
  }
  // Of words that are doubled; the results are in the even places.
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static __m256i small1(__m256i x) {
    return _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(x, 17), _mm256_srli_epi64(x, 19)),
                            _mm256_srli_epi32(x, 10));
  }
  // The next words of two blocks, from the sixteen before them in w (oldest at i) to the place of the oldest.
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) static void extend(__m256i (&w)[4], int i) {
    const __m256i even_to_low = both_halves(-1, 0x0b0a090803020100);
    const __m256i even_to_high = both_halves(0x0b0a090803020100, -1);
    const __m256i newest = w[(i + 3) & 3];
    const __m256i next = _mm256_alignr_epi8(w[(i + 1) & 3], w[i], 4);
    const __m256i ninth = _mm256_alignr_epi8(newest, w[(i + 2) & 3], 4);
    const __m256i sum = add_words(add_words(w[i], ninth), small0(next));
    const __m256i low = small1(_mm256_shuffle_epi32(newest, 0xfa));
    const __m256i half = add_words(sum, _mm256_shuffle_epi8(low, even_to_low));
    const __m256i high = small1(_mm256_shuffle_epi32(half, 0x50));
    w[i] = add_words(half, _mm256_shuffle_epi8(high, even_to_high));
  }
};

ASHLAR_TARGET(ASHLAR_PAIRS_TARGET)
void compress_avx2(void* state, const std::uint8_t* data, std::size_t blocks) {
  compress_pairs<Avx2>(state, data, blocks);
  clear_vectors_avx();
}

}  // namespace

void compress_256_avx2(void* state, const std::uint8_t* data, std::size_t blocks) {
  call_and_wipe<kPairsStack<Avx2>>(compress_avx2, state, data, blocks);
}

}  // namespace ashlar::crypto::sha2

#endif
