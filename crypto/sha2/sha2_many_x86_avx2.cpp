// SPDX-License-Identifier: Apache-2.0
// SHA-256 of eight messages and SHA-512 of four, side by side in 256-bit vectors, for CPUs without SHA-NI and
// AVX-512.
//
// A register holds one word of every message. Without rotations and three-input logic a round is 35
// operations and a word of the schedule 21; the eight working variables and half of the schedule ring fill
// the sixteen registers. The rest is in memory, and an addition reads it at no cost. Three ports: 17 cycles
// per round, 2.1 cycles per byte of SHA-256 and 2.7 of SHA-512. A rotation by a multiple of 8 bits is one
// byte shuffle.
#define ASHLAR_LANES_TARGET "avx2"
#include "sha2/sha2_lanes.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::sha2 {
namespace {

template <class WordType>
struct Ymm {
  using Vec = __m256i;
  using Word = WordType;
  static constexpr bool kWords32 = sizeof(Word) == 4;

  ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET) static Vec load(const void* p) {
    return _mm256_load_si256(static_cast<const Vec*>(p));
  }
  ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET) static void store(void* p, Vec v) {
    _mm256_store_si256(static_cast<Vec*>(p), v);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET) static Vec load_unaligned(const std::uint8_t* p) {
    return _mm256_loadu_si256(reinterpret_cast<const Vec*>(p));
  }
  ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET) static Vec xor3(Vec a, Vec b, Vec c) {
    return _mm256_xor_si256(_mm256_xor_si256(a, b), c);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET) static Vec ch(Vec e, Vec f, Vec g) {
    return _mm256_xor_si256(_mm256_and_si256(_mm256_xor_si256(f, g), e), g);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET) static Vec maj(Vec a, Vec b, Vec c) {
    return _mm256_or_si256(_mm256_and_si256(_mm256_or_si256(a, b), c), _mm256_and_si256(a, b));
  }
  ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET) static Vec both_halves(long long high, long long low) {
    return _mm256_broadcastsi128_si256(_mm_set_epi64x(high, low));
  }
  ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET) static Vec broadcast(Word x) {
    return kWords32 ? _mm256_set1_epi32(static_cast<int>(x)) : _mm256_set1_epi64x(static_cast<long long>(x));
  }
  ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET) static Vec add(Vec a, Vec b) {
    return kWords32 ? _mm256_add_epi32(a, b) : _mm256_add_epi64(a, b);
  }
  template <int bits>
  ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET)
  static Vec shr(Vec x) {
    return kWords32 ? _mm256_srli_epi32(x, bits) : _mm256_srli_epi64(x, bits);
  }
  template <int bits>
  ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET)
  static Vec ror(Vec x) {
    if constexpr (kWords32) {
      return _mm256_xor_si256(shr<bits>(x), _mm256_slli_epi32(x, 32 - bits));
    } else if constexpr (bits == 8) {
      return _mm256_shuffle_epi8(x, both_halves(0x080f0e0d0c0b0a09, 0x0007060504030201));
    } else {
      return _mm256_xor_si256(shr<bits>(x), _mm256_slli_epi64(x, 64 - bits));
    }
  }
};

struct Eight256 : Ymm<std::uint32_t> {
  // Each half of a block: eight rows of eight words become columns.
  ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET)
  static void load_block(Vec (&w)[16], const std::uint8_t* const* data, std::size_t offset) {
    const Vec swap = both_halves(0x0c0d0e0f08090a0b, 0x0405060700010203);
    ASHLAR_UNROLL
    for (int half = 0; half < 16; half += 8) {
      Vec r[8], t[8];
      ASHLAR_UNROLL
      for (int i = 0; i < 8; ++i) {
        r[i] = load_unaligned(data[i] + offset + 4 * half);
      }
      ASHLAR_UNROLL
      for (int i = 0; i < 8; i += 2) {
        t[i] = _mm256_unpacklo_epi32(r[i], r[i + 1]);
        t[i + 1] = _mm256_unpackhi_epi32(r[i], r[i + 1]);
      }
      // r[4 q + j]: words j and j + 4 of messages 4 q to 4 q + 3.
      ASHLAR_UNROLL
      for (int i = 0; i < 8; i += 4) {
        r[i] = _mm256_unpacklo_epi64(t[i], t[i + 2]);
        r[i + 1] = _mm256_unpackhi_epi64(t[i], t[i + 2]);
        r[i + 2] = _mm256_unpacklo_epi64(t[i + 1], t[i + 3]);
        r[i + 3] = _mm256_unpackhi_epi64(t[i + 1], t[i + 3]);
      }
      ASHLAR_UNROLL
      for (int j = 0; j < 4; ++j) {
        w[half + j] = _mm256_shuffle_epi8(_mm256_permute2x128_si256(r[j], r[j + 4], 0x20), swap);
        w[half + j + 4] = _mm256_shuffle_epi8(_mm256_permute2x128_si256(r[j], r[j + 4], 0x31), swap);
      }
    }
  }
};

struct Four512 : Ymm<std::uint64_t> {
  // Each quarter of a block: four rows of four words become columns.
  ASHLAR_TARGET_INLINE(ASHLAR_LANES_TARGET)
  static void load_block(Vec (&w)[16], const std::uint8_t* const* data, std::size_t offset) {
    const Vec swap = both_halves(0x08090a0b0c0d0e0f, 0x0001020304050607);
    ASHLAR_UNROLL
    for (int quarter = 0; quarter < 16; quarter += 4) {
      Vec r[4];
      ASHLAR_UNROLL
      for (int i = 0; i < 4; ++i) {
        r[i] = _mm256_shuffle_epi8(load_unaligned(data[i] + offset + 8 * quarter), swap);
      }
      const Vec low01 = _mm256_unpacklo_epi64(r[0], r[1]);
      const Vec high01 = _mm256_unpackhi_epi64(r[0], r[1]);
      const Vec low23 = _mm256_unpacklo_epi64(r[2], r[3]);
      const Vec high23 = _mm256_unpackhi_epi64(r[2], r[3]);
      w[quarter] = _mm256_permute2x128_si256(low01, low23, 0x20);
      w[quarter + 1] = _mm256_permute2x128_si256(high01, high23, 0x20);
      w[quarter + 2] = _mm256_permute2x128_si256(low01, low23, 0x31);
      w[quarter + 3] = _mm256_permute2x128_si256(high01, high23, 0x31);
    }
  }
};

ASHLAR_TARGET(ASHLAR_LANES_TARGET)
void eight_256(void* states, const std::uint8_t* const* data, std::size_t blocks) {
  compress_lanes<Eight256>(states, data, blocks);
  clear_vectors_avx();
}

ASHLAR_TARGET(ASHLAR_LANES_TARGET)
void four_512(void* states, const std::uint8_t* const* data, std::size_t blocks) {
  compress_lanes<Four512>(states, data, blocks);
  clear_vectors_avx();
}

}  // namespace

void compress_256_avx2_8(void* states, const std::uint8_t* const* data, std::size_t blocks) {
  call_and_wipe<kLanesStack>(eight_256, states, data, blocks);
}

void compress_512_avx2_4(void* states, const std::uint8_t* const* data, std::size_t blocks) {
  call_and_wipe<kLanesStack>(four_512, states, data, blocks);
}

}  // namespace ashlar::crypto::sha2

#endif
