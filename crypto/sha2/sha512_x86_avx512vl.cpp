// SPDX-License-Identifier: Apache-2.0
// SHA-512 compression with AVX-512VL and BMI2: a to d in integer registers, e to h in vector registers, each
// in the low half of one.
//
// With vpternlog and vprol Sigma1 is four instructions and Ch one. So the chain of e through a round is a
// rotation, a vpternlog and an addition: four cycles, because the three rotations have two ports. The
// integer side has Sigma0 and Maj. Neither side waits for the other: d is moved to vectors three rounds
// after it was made, and the next a comes back three rounds before it is d. A round is 12 integer and 11
// vector instructions and its share of the schedule 4: 5.4 cycles on five ports, 430 per block, 3.4 cycles
// per byte. Four of the round's chains of five cycles end in the same ports, and the measured time is a
// quarter more.
//
// The end of a message is assembled in registers by masked loads and stored in whole vectors: loads that span
// two stores would wait for both to retire.
#define ASHLAR_PAIRS_TARGET "avx512f,avx512bw,avx512vl,avx2,bmi,bmi2"
#include "sha2/sha2_pairs.hpp"

#if ASHLAR_X86_KERNELS

#include <bit>

namespace ashlar::crypto::sha2 {
namespace {

// A round computes the next e first: it adds d + h + W + K, then Ch, then Sigma1, as they become ready. For
// the next a it subtracts d again, because the sum without d would be on the vectors' side. Compilers would
// reorder the sums; keep() prevents that.
struct SplitRound {
  template <class V>
  ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET)
  static void round(std::uint64_t a, std::uint64_t b, std::uint64_t& d, __m128i e, __m128i f, __m128i g,
                    __m128i& h, std::uint64_t& b_xor_c, const std::uint64_t& wk) {
    h = V::add(V::add(h, V::load(wk)), V::from_scalar(d));
    keep(h);
    h = V::add(h, V::ch(e, f, g));
    keep(h);
    h = V::add(h, V::big1(e));
    std::uint64_t next = V::to_scalar(h) - d;
    keep(next);
    const std::uint64_t a_xor_b = a ^ b;
    next += (a_xor_b & b_xor_c) ^ b;
    keep(next);
    d = next + (std::rotr(a, 28) ^ std::rotr(a, 34) ^ std::rotr(a, 39));
    b_xor_c = a_xor_b;
  }
};

struct Avx512vl : Pairs512<Avx512vl> {
  using Round = SplitRound;
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

ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) __m256i load32(const void* p) {
  return _mm256_loadu_si256(static_cast<const __m256i*>(p));
}
ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) void store32(void* p, __m256i v) {
  _mm256_storeu_si256(static_cast<__m256i*>(p), v);
}
ASHLAR_TARGET_INLINE(ASHLAR_PAIRS_TARGET) __m256i swapped(__m256i v) {
  return _mm256_shuffle_epi8(v, _mm256_broadcastsi128_si256(Avx512vl::byte_swap()));
}

// The state, and the last `size` < 128 bytes of a message of `total` with their padding (FIPS 180-4 §5.1.2):
// one block if `size` is less than 112, else two.
ASHLAR_TARGET(ASHLAR_PAIRS_TARGET)
void prepare_end(std::uint64_t* running, std::uint8_t* end, const void* state, const std::uint8_t* data,
                 std::size_t size, std::uint64_t total) {
  store32(running, load32(state));
  store32(running + 4, load32(static_cast<const std::uint64_t*>(state) + 4));
  const __m256i length = swapped(
      _mm256_set_epi64x(static_cast<long long>(total << 3), static_cast<long long>(total >> 61), 0, 0));
  __m256i quarter[4];
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < 4; ++i) {
    const std::size_t at = size < 32 * i ? size : 32 * i;
    const std::size_t left = size - at < 32 ? size - at : 32;
    const std::uint64_t bit = std::uint64_t{1} << left;
    // If the message ends before this quarter, its one bit is there already. If it fills the quarter, the bit
    // is past the mask.
    const auto ends = static_cast<__mmask32>(size >= 32 * i ? bit : 0);
    quarter[i] = _mm256_maskz_loadu_epi8(static_cast<__mmask32>(bit - 1), data + at);
    quarter[i] = _mm256_mask_mov_epi8(quarter[i], ends, _mm256_set1_epi8(static_cast<char>(0x80)));
  }
  const bool two = size >= 112;
  quarter[3] = _mm256_mask_or_epi64(quarter[3], two ? 0 : 0xf, quarter[3], length);
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < 4; ++i) {
    store32(end + 32 * i, quarter[i]);
  }
  if (two) {
    store32(end + 128, _mm256_setzero_si256());
    store32(end + 160, _mm256_setzero_si256());
    store32(end + 192, _mm256_setzero_si256());
    store32(end + 224, length);
  }
}

ASHLAR_TARGET(ASHLAR_PAIRS_TARGET) void deliver(std::uint8_t* digest, const std::uint64_t* running) {
  store32(digest, swapped(load32(running)));
  store32(digest + 32, swapped(load32(running + 4)));
  clear_vectors_avx512();
}

}  // namespace

void compress_512_avx512vl(void* state, const std::uint8_t* data, std::size_t blocks) {
  compress_blocks<Avx512vl, pairs>(state, data, blocks);
}

void finish_512_avx512vl(const void* state, const std::uint8_t* data, std::size_t size, std::uint64_t total,
                         std::uint8_t* digest) {
  alignas(64) std::uint64_t running[8];
  alignas(64) std::uint8_t end[256];
  const std::size_t blocks = size / 128;
  const std::size_t held = size % 128;
  prepare_end(running, end, state, data + 128 * blocks, held, total);
  if (blocks != 0) {
    compress_512_avx512vl(running, data, blocks);
  }
  compress_512_avx512vl(running, end, held < 112 ? 1 : 2);
  deliver(digest, running);
  wipe(running, sizeof running);
  // Behind the first block there is only padding.
  wipe_by_call(end, 128);
}

}  // namespace ashlar::crypto::sha2

#endif
