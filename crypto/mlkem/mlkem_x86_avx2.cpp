// SPDX-License-Identifier: Apache-2.0
// ML-KEM's polynomials in sixteen registers of sixteen coefficients, with AVX2.
#define ASHLAR_MLKEM_TARGET "avx2,popcnt"
#include "mlkem/vectors_x86.hpp"

#if ASHLAR_X86_KERNELS

#include "sha3/keccak.hpp"

namespace ashlar::crypto::mlkem {
namespace {

// Shuffles that bring eight numbers of D bits from each 128 bits into 16 bits each, and factors that move
// their top bits to the top.
template <unsigned D>
struct Spread {
  std::uint8_t bytes[16];
  std::uint16_t factors[8];
};
template <unsigned D>
constexpr Spread<D> spread() {
  Spread<D> out = {};
  for (unsigned i = 0; i < 8; ++i) {
    const unsigned byte = D * i / 8, offset = D * i % 8;
    out.bytes[2 * i] = static_cast<std::uint8_t>(byte);
    out.bytes[2 * i + 1] = static_cast<std::uint8_t>(byte + 1 < 16 ? byte + 1 : 0x80);
    out.factors[i] = static_cast<std::uint16_t>(1u << (16 - D - offset));
  }
  return out;
}
template <unsigned D>
alignas(16) constexpr Spread<D> kSpread = spread<D>();

// The byte positions of the numbers that a set of eight keeps.
struct Kept {
  std::uint8_t bytes[256][8];
};
constexpr Kept kept() {
  Kept out = {};
  for (unsigned which = 0; which < 256; ++which) {
    unsigned at = 0;
    for (unsigned i = 0; i < 8; ++i) {
      if ((which >> i & 1) != 0) {
        out.bytes[which][at++] = static_cast<std::uint8_t>(2 * i);
      }
    }
  }
  return out;
}
alignas(64) constexpr Kept kKept = kept();

struct Avx2 {
  using Vec = __m256i;
  static constexpr std::size_t kLanes = 16;

  ASHLAR_MLKEM_INLINE static Vec load(const std::int16_t* p) {
    return _mm256_load_si256(reinterpret_cast<const Vec*>(p));
  }
  ASHLAR_MLKEM_INLINE static void store(std::int16_t* p, Vec v) {
    _mm256_store_si256(reinterpret_cast<Vec*>(p), v);
  }
  ASHLAR_MLKEM_INLINE static Vec zero() { return _mm256_setzero_si256(); }
  ASHLAR_MLKEM_INLINE static Vec set1(std::int16_t c) { return _mm256_set1_epi16(c); }
  ASHLAR_MLKEM_INLINE static Vec set1_32(std::int32_t c) { return _mm256_set1_epi32(c); }
  ASHLAR_MLKEM_INLINE static Vec add(Vec a, Vec b) { return _mm256_add_epi16(a, b); }
  ASHLAR_MLKEM_INLINE static Vec sub(Vec a, Vec b) { return _mm256_sub_epi16(a, b); }
  ASHLAR_MLKEM_INLINE static Vec add32(Vec a, Vec b) { return _mm256_add_epi32(a, b); }
  ASHLAR_MLKEM_INLINE static Vec sub32(Vec a, Vec b) { return _mm256_sub_epi32(a, b); }
  ASHLAR_MLKEM_INLINE static Vec mullo(Vec a, Vec b) { return _mm256_mullo_epi16(a, b); }
  ASHLAR_MLKEM_INLINE static Vec mulhi(Vec a, Vec b) { return _mm256_mulhi_epi16(a, b); }
  ASHLAR_MLKEM_INLINE static Vec mulhi_unsigned(Vec a, Vec b) { return _mm256_mulhi_epu16(a, b); }
  ASHLAR_MLKEM_INLINE static Vec mulhrs(Vec a, Vec b) { return _mm256_mulhrs_epi16(a, b); }
  ASHLAR_MLKEM_INLINE static Vec madd(Vec a, Vec b) { return _mm256_madd_epi16(a, b); }
  ASHLAR_MLKEM_INLINE static Vec bit_and(Vec a, Vec b) { return _mm256_and_si256(a, b); }
  ASHLAR_MLKEM_INLINE static Vec bit_or(Vec a, Vec b) { return _mm256_or_si256(a, b); }
  template <int N>
  ASHLAR_MLKEM_INLINE static Vec slli(Vec a) {
    return _mm256_slli_epi16(a, N);
  }
  template <int N>
  ASHLAR_MLKEM_INLINE static Vec srli(Vec a) {
    return _mm256_srli_epi16(a, N);
  }
  template <int N>
  ASHLAR_MLKEM_INLINE static Vec srai(Vec a) {
    return _mm256_srai_epi16(a, N);
  }
  template <int N>
  ASHLAR_MLKEM_INLINE static Vec srli64(Vec a) {
    return _mm256_srli_epi64(a, N);
  }
  // The lower 32 bits of every 64.
  template <int N>
  ASHLAR_MLKEM_INLINE static Vec shift_even32(Vec a) {
    return _mm256_sllv_epi32(a, _mm256_set1_epi64x(N));
  }
  // The lower N bits of both 64-bit halves, side by side at the bottom of 128.
  template <int N>
  ASHLAR_MLKEM_INLINE static Vec join64(Vec a) {
    const Vec upper = _mm256_unpackhi_epi64(a, a);
    const Vec left = _mm256_sllv_epi64(upper, _mm256_setr_epi64x(N, 64, N, 64));
    const Vec right = _mm256_srlv_epi64(upper, _mm256_setr_epi64x(64, 64 - N, 64, 64 - N));
    return _mm256_or_si256(_mm256_unpacklo_epi64(a, _mm256_setzero_si256()), _mm256_or_si256(left, right));
  }
  ASHLAR_MLKEM_INLINE static Vec swap_pairs(Vec a) {
    return _mm256_or_si256(_mm256_slli_epi32(a, 16), _mm256_srli_epi32(a, 16));
  }
  // The upper 16 bits of `even`'s 32-bit lanes, below those of `odd`'s.
  ASHLAR_MLKEM_INLINE static Vec upper_halves(Vec even, Vec odd) {
    return _mm256_blend_epi16(_mm256_srli_epi32(even, 16), odd, 0xaa);
  }
  ASHLAR_MLKEM_INLINE static std::uint64_t any_negative(Vec a) {
    const auto signs = static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_srai_epi16(a, 15)));
    // All ones if any sign is set, else 0.
    return ct::barrier(static_cast<std::uint64_t>(-static_cast<std::int64_t>(signs) >> 63));
  }
  // Stores D bytes from each 128 bits. Writes past them, except at the end.
  template <unsigned D>
  ASHLAR_MLKEM_INLINE static void store_squeezed(std::uint8_t* out, Vec v, bool end) {
    // With less than eight bytes, the last two registers would write past the end.
    if constexpr (D >= 8) {
      _mm_storeu_si128(reinterpret_cast<__m128i*>(out), _mm256_castsi256_si128(v));
    } else {
      x86::store_part(out, _mm256_castsi256_si128(v), D);
    }
    if (end || D < 8) {
      x86::store_part(out + D, _mm256_extracti128_si256(v, 1), D);
    } else {
      _mm_storeu_si128(reinterpret_cast<__m128i*>(out + D), _mm256_extracti128_si256(v, 1));
    }
  }
  // The inverse. Reads past the 2 D bytes, except at the end.
  template <unsigned D>
  ASHLAR_MLKEM_INLINE static Vec load_spread(const std::uint8_t* in, bool end) {
    // At the end, 16 bytes at in + D would be too many. For less than eight bytes, so would the ones before.
    const __m128i low =
        D >= 8 ? _mm_loadu_si128(reinterpret_cast<const __m128i*>(in)) : x86::load_part(in, D);
    const __m128i high = D >= 8 && !end ? _mm_loadu_si128(reinterpret_cast<const __m128i*>(in + D))
                                        : x86::load_part(in + D, D);
    const Vec bytes = _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1);
    if constexpr (D == 11) {
      // A number lies in 18 bits, so 32 bits are loaded for each, 4 and 4.
      const Vec first = _mm256_shuffle_epi8(
          bytes, _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 1, 2, 3, 1, 2, 3, 4, 2, 3, 4, 5, 4, 5, 6, 7)));
      const Vec second = _mm256_shuffle_epi8(
          bytes,
          _mm256_broadcastsi128_si256(_mm_setr_epi8(5, 6, 7, 8, 6, 7, 8, 9, 8, 9, 10, -1, 9, 10, -1, -1)));
      const Vec mask = _mm256_set1_epi32(0x7ff);
      return _mm256_packus_epi32(
          _mm256_and_si256(_mm256_srlv_epi32(first, _mm256_setr_epi32(0, 3, 6, 1, 0, 3, 6, 1)), mask),
          _mm256_and_si256(_mm256_srlv_epi32(second, _mm256_setr_epi32(4, 7, 2, 5, 4, 7, 2, 5)), mask));
    } else {
      const Vec shuffled = _mm256_shuffle_epi8(
          bytes,
          _mm256_broadcastsi128_si256(_mm_load_si128(reinterpret_cast<const __m128i*>(kSpread<D>.bytes))));
      const Vec raised = _mm256_mullo_epi16(
          shuffled,
          _mm256_broadcastsi128_si256(_mm_load_si128(reinterpret_cast<const __m128i*>(kSpread<D>.factors))));
      return _mm256_srli_epi16(raised, 16 - D);
    }
  }
  // The lowest bit of each lane, in two bytes.
  ASHLAR_MLKEM_INLINE static void store_bits(std::uint8_t* out, Vec v) {
    const Vec full = _mm256_slli_epi16(v, 15);
    const __m128i packed = _mm_packs_epi16(_mm256_castsi256_si128(full), _mm256_extracti128_si256(full, 1));
    const int bits = _mm_movemask_epi8(packed);
    out[0] = static_cast<std::uint8_t>(bits);
    out[1] = static_cast<std::uint8_t>(bits >> 8);
  }
  // `value` where a bit is set, else 0.
  ASHLAR_MLKEM_INLINE static Vec spread_bits(const std::uint8_t* in, std::int16_t value) {
    const Vec bit =
        _mm256_setr_epi16(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, -32768);
    const Vec all = _mm256_set1_epi16(static_cast<std::int16_t>(in[0] | in[1] << 8));
    return _mm256_and_si256(_mm256_cmpeq_epi16(_mm256_and_si256(all, bit), bit), _mm256_set1_epi16(value));
  }
  // 24 bytes are sixteen candidates. The set of those below q, of each eight, picks a row of the table.
  ASHLAR_MLKEM_INLINE static unsigned sample_uniform(std::int16_t* p, unsigned have,
                                                     const std::uint8_t* bytes, std::size_t size) {
    for (; size != 0 && have < kN; bytes += 24, size -= 24) {
      const Vec candidates = load_spread<12>(bytes, false);
      const Vec good = _mm256_cmpgt_epi16(_mm256_set1_epi16(kQ), candidates);
      const auto bits = static_cast<unsigned>(_mm_movemask_epi8(
          _mm_packs_epi16(_mm256_castsi256_si128(good), _mm256_extracti128_si256(good, 1))));
      for (const unsigned half : {0u, 1u}) {
        const unsigned which = half == 0 ? bits & 0xff : bits >> 8;
        const __m128i eight =
            half == 0 ? _mm256_castsi256_si128(candidates) : _mm256_extracti128_si256(candidates, 1);
        const __m128i even = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(kKept.bytes[which]));
        const __m128i shuffle = _mm_unpacklo_epi8(even, _mm_add_epi8(even, _mm_set1_epi8(1)));
        _mm_storeu_si128(reinterpret_cast<__m128i*>(p + have), _mm_shuffle_epi8(eight, shuffle));
        have += static_cast<unsigned>(_mm_popcnt_u32(which));
      }
    }
    return have;
  }
};

}  // namespace

constexpr Arithmetic kAvx2 = Row<Avx2>::with({4, sha3::permute_avx2_4}, {4, sha3::permute_avx2_4});
constexpr Arithmetic kAvx2TernaryKeccak =
    Row<Avx2>::with({4, sha3::permute_avx512vl_4}, {4, sha3::permute_avx512vl_4});

}  // namespace ashlar::crypto::mlkem

#endif
