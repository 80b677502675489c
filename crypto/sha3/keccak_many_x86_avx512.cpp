// SPDX-License-Identifier: Apache-2.0
// Keccak-f[1600] of eight states in 512-bit vectors and of four in 256-bit ones.
//
// A register holds one lane of every state: 25 of 32. Theta and a plane of chi need the seven others.
// vpternlog is chi and the XOR of three, vprol a rotation, so a round is 61 vpternlog, 29 rotations and the
// constant. Two execution ports take them on zmm, three on ymm: 45 cycles per round for eight states and 30
// for four, without other waits: 1.0 and 1.3 cycles per byte of SHA3-256, and a tenth more to arrange the
// messages.
#define ASHLAR_LANES_TARGET "avx512f,avx512vl"
#include "sha3/keccak_lanes.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::sha3 {
namespace {

// Theta on one column: its neighbours' parities.
template <class V>
struct Neighbours {
  typename V::Vec left, right;
  ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET)
  Neighbours(typename V::Vec l, typename V::Vec r) : left(l), right(r) {}
  ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET) typename V::Vec on(typename V::Vec lane) const {
    return V::xor3(lane, left, right);
  }
};

struct Eight {
  using Vec = __m512i;
  using Effect = Neighbours<Eight>;
  ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET) static Vec exclusive_or(Vec a, Vec b) {
    return _mm512_xor_si512(a, b);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET) static Vec xor3(Vec a, Vec b, Vec c) {
    return _mm512_ternarylogic_epi64(a, b, c, 0x96);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET) static Vec chi(Vec a, Vec b, Vec c) {
    return _mm512_ternarylogic_epi64(a, b, c, 0xd2);
  }
  template <int bits>
  ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET)
  static Vec rol(Vec x) {
    return bits == 0 ? x : _mm512_rol_epi64(x, bits);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET) static Vec broadcast(const std::uint64_t* p) {
    return _mm512_set1_epi64(static_cast<long long>(*p));
  }

  // Eight rows of four words become columns: messages i and i + 4 share a vector.
  ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET)
  static void load_four(Vec (&w)[4], const std::uint8_t* const* data, std::size_t offset, std::size_t words) {
    const auto mask = static_cast<__mmask8>((1u << words) - 1);
    const Vec even = _mm512_setr_epi64(0, 1, 8, 9, 4, 5, 12, 13);
    const Vec odd = _mm512_setr_epi64(2, 3, 10, 11, 6, 7, 14, 15);
    Vec r[4];
    ASHLAR_UNROLL
    for (int i = 0; i < 4; ++i) {
      r[i] = _mm512_inserti64x4(_mm512_castsi256_si512(_mm256_maskz_loadu_epi64(mask, data[i] + offset)),
                                _mm256_maskz_loadu_epi64(mask, data[i + 4] + offset), 1);
    }
    // Words 0 and 2, then 1 and 3, of messages 0, 1, 4, 5 and of 2, 3, 6, 7.
    const Vec low01 = _mm512_unpacklo_epi64(r[0], r[1]);
    const Vec high01 = _mm512_unpackhi_epi64(r[0], r[1]);
    const Vec low23 = _mm512_unpacklo_epi64(r[2], r[3]);
    const Vec high23 = _mm512_unpackhi_epi64(r[2], r[3]);
    w[0] = _mm512_permutex2var_epi64(low01, even, low23);
    w[1] = _mm512_permutex2var_epi64(high01, even, high23);
    w[2] = _mm512_permutex2var_epi64(low01, odd, low23);
    w[3] = _mm512_permutex2var_epi64(high01, odd, high23);
  }
};

struct Four {
  using Vec = __m256i;
  using Effect = Neighbours<Four>;
  ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET) static Vec exclusive_or(Vec a, Vec b) {
    return _mm256_xor_si256(a, b);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET) static Vec xor3(Vec a, Vec b, Vec c) {
    return _mm256_ternarylogic_epi64(a, b, c, 0x96);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET) static Vec chi(Vec a, Vec b, Vec c) {
    return _mm256_ternarylogic_epi64(a, b, c, 0xd2);
  }
  template <int bits>
  ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET)
  static Vec rol(Vec x) {
    return bits == 0 ? x : _mm256_rol_epi64(x, bits);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET) static Vec broadcast(const std::uint64_t* p) {
    return _mm256_set1_epi64x(static_cast<long long>(*p));
  }
  ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET)
  static void load_four(Vec (&w)[4], const std::uint8_t* const* data, std::size_t offset, std::size_t words) {
    const auto mask = static_cast<__mmask8>((1u << words) - 1);
    ASHLAR_UNROLL
    for (int i = 0; i < 4; ++i) {
      w[i] = _mm256_maskz_loadu_epi64(mask, data[i] + offset);
    }
    transpose_four(w);
  }
};

ASHLAR_TARGET(ASHLAR_LANES_TARGET)
void eight(void* states, const std::uint8_t* const* data, std::size_t blocks, std::size_t rate) {
  absorb_lanes<Eight>(states, data, blocks, rate);
  clear_vectors_avx512();
}

ASHLAR_TARGET(ASHLAR_LANES_TARGET)
void four_ternary(void* states, const std::uint8_t* const* data, std::size_t blocks, std::size_t rate) {
  absorb_lanes<Four>(states, data, blocks, rate);
  clear_vectors_avx512();
}

ASHLAR_TARGET(ASHLAR_LANES_TARGET)
void permute_eight(void* states) {
  permute_memory<Eight>(states);
  clear_vectors_avx512();
}

ASHLAR_TARGET(ASHLAR_LANES_TARGET)
void permute_four(void* states) {
  permute_memory<Four>(states);
  clear_vectors_avx512();
}

}  // namespace

void absorb_avx512_8(void* states, const std::uint8_t* const* data, std::size_t blocks, std::size_t rate) {
  call_and_wipe_avx<kLanesStack>(eight, states, data, blocks, rate);
}

void absorb_avx512vl_4(void* states, const std::uint8_t* const* data, std::size_t blocks, std::size_t rate) {
  call_and_wipe_avx<kLanesStack>(four_ternary, states, data, blocks, rate);
}

void permute_avx512_8(std::uint64_t* states) {
  call_and_wipe_avx<kLanesStack>(permute_eight, states);
}

void permute_avx512vl_4(std::uint64_t* states) {
  call_and_wipe_avx<kLanesStack>(permute_four, states);
}

}  // namespace ashlar::crypto::sha3

#endif
