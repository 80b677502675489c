// SPDX-License-Identifier: Apache-2.0
// Keccak-f[1600] of four states in 256-bit vectors with AVX2.
//
// Without vpternlog and vprol a round is 50 XORs for theta, 50 instructions for chi and three for each
// rotation, except those by 8 and 56, which are one shuffle: 184 on three execution ports, 61 cycles. A state
// of 25 lanes does not fit sixteen registers, so most lanes are loaded where they are used and stored once.
// The bound is 2.7 cycles per byte of SHA3-256; measured are 3.1.
#define ASHLAR_LANES_TARGET "avx2"
#include "sha3/keccak_lanes.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::sha3 {
namespace {

struct FourAvx2 {
  using Vec = __m256i;
  // Theta on one column.
  struct Effect {
    Vec sum;
    ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET)
    Effect(Vec left, Vec right) : sum(_mm256_xor_si256(left, right)) {}
    ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET) Vec on(Vec lane) const { return _mm256_xor_si256(lane, sum); }
  };
  ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET) static Vec exclusive_or(Vec a, Vec b) {
    return _mm256_xor_si256(a, b);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET) static Vec xor3(Vec a, Vec b, Vec c) {
    return _mm256_xor_si256(_mm256_xor_si256(a, b), c);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET) static Vec chi(Vec a, Vec b, Vec c) {
    return _mm256_xor_si256(a, _mm256_andnot_si256(b, c));
  }
  template <int bits>
  ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET)
  static Vec rol(Vec x) {
    if constexpr (bits == 0) {
      return x;
    } else if constexpr (bits == 8 || bits == 56) {
      const __m128i by8 = _mm_set_epi64x(0x0e0d0c0b0a09080f, 0x0605040302010007);
      const __m128i by56 = _mm_set_epi64x(0x080f0e0d0c0b0a09, 0x0007060504030201);
      return _mm256_shuffle_epi8(x, _mm256_broadcastsi128_si256(bits == 8 ? by8 : by56));
    } else {
      return _mm256_or_si256(_mm256_slli_epi64(x, bits), _mm256_srli_epi64(x, 64 - bits));
    }
  }
  ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET) static Vec broadcast(const std::uint64_t* p) {
    return _mm256_set1_epi64x(static_cast<long long>(*p));
  }
  ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET)
  static void load_four(Vec (&w)[4], const std::uint8_t* const* data, std::size_t offset, std::size_t words) {
    static constexpr long long kMasks[8] = {-1, -1, -1, -1, 0, 0, 0, 0};
    const Vec mask = _mm256_loadu_si256(reinterpret_cast<const Vec*>(kMasks + 4 - words));
    ASHLAR_UNROLL
    for (int i = 0; i < 4; ++i) {
      w[i] = _mm256_maskload_epi64(reinterpret_cast<const long long*>(data[i] + offset), mask);
    }
    transpose_four(w);
  }
};

ASHLAR_TARGET(ASHLAR_LANES_TARGET)
void four(void* states, const std::uint8_t* const* data, std::size_t blocks, std::size_t rate) {
  absorb_lanes<FourAvx2>(states, data, blocks, rate);
  clear_vectors_avx();
}

ASHLAR_TARGET(ASHLAR_LANES_TARGET)
void permute_four(void* states) {
  permute_memory<FourAvx2>(states);
  clear_vectors_avx();
}

}  // namespace

void absorb_avx2_4(void* states, const std::uint8_t* const* data, std::size_t blocks, std::size_t rate) {
  call_and_wipe_avx<kLanesStack>(four, states, data, blocks, rate);
}

void permute_avx2_4(std::uint64_t* states) {
  call_and_wipe_avx<kLanesStack>(permute_four, states);
}

}  // namespace ashlar::crypto::sha3

#endif
