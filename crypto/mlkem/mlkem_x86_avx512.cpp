// SPDX-License-Identifier: Apache-2.0
// ML-KEM's polynomials in eight registers of 32 coefficients, with AVX-512: a transform touches memory only
// to load its polynomial and to store it.
//
// Bound. A forward transform is 28 butterflies of six instructions, 32 exchanges and 24 instructions that
// reduce: 224 in all, most on two ports for 512-bit registers: 112 cycles, and twice that on a core that
// splits them.
#define ASHLAR_MLKEM_TARGET "avx2,popcnt,avx512f,avx512vl,avx512bw,avx512vbmi,avx512vbmi2"
#include "mlkem/vectors_x86.hpp"

#if ASHLAR_X86_KERNELS

#include "sha3/keccak.hpp"

namespace ashlar::crypto::mlkem {
namespace {

// For storing: which bytes, of D bytes at the bottom of each 128 bits, go side by side. For loading: in which
// two bytes each number of D bits begins, which bytes follow, and from which bit on.
template <unsigned D>
struct Bytes512 {
  std::uint8_t together[64], begin[64], follow[64];
  std::uint16_t offset[32];
};
template <unsigned D>
constexpr Bytes512<D> bytes_512() {
  Bytes512<D> out = {};
  for (unsigned i = 0; i < 4 * D; ++i) {
    out.together[i] = static_cast<std::uint8_t>(i / D * 16 + i % D);
  }
  for (unsigned i = 0; i < 32; ++i) {
    const unsigned byte = D * i / 8;
    for (unsigned j = 0; j < 2; ++j) {
      out.begin[2 * i + j] = static_cast<std::uint8_t>((byte + j) & 63);
      out.follow[2 * i + j] = static_cast<std::uint8_t>((byte + 2 + j) & 63);
    }
    out.offset[i] = static_cast<std::uint16_t>(D * i % 8);
  }
  return out;
}
template <unsigned D>
alignas(64) constexpr Bytes512<D> kBytes = bytes_512<D>();

struct Avx512 {
  using Vec = __m512i;
  static constexpr std::size_t kLanes = 32;

  ASHLAR_MLKEM_INLINE static Vec load(const std::int16_t* p) { return _mm512_load_si512(p); }
  ASHLAR_MLKEM_INLINE static void store(std::int16_t* p, Vec v) { _mm512_store_si512(p, v); }
  ASHLAR_MLKEM_INLINE static Vec zero() { return _mm512_setzero_si512(); }
  ASHLAR_MLKEM_INLINE static Vec set1(std::int16_t c) { return _mm512_set1_epi16(c); }
  ASHLAR_MLKEM_INLINE static Vec set1_32(std::int32_t c) { return _mm512_set1_epi32(c); }
  ASHLAR_MLKEM_INLINE static Vec add(Vec a, Vec b) { return _mm512_add_epi16(a, b); }
  ASHLAR_MLKEM_INLINE static Vec sub(Vec a, Vec b) { return _mm512_sub_epi16(a, b); }
  ASHLAR_MLKEM_INLINE static Vec add32(Vec a, Vec b) { return _mm512_add_epi32(a, b); }
  ASHLAR_MLKEM_INLINE static Vec sub32(Vec a, Vec b) { return _mm512_sub_epi32(a, b); }
  ASHLAR_MLKEM_INLINE static Vec mullo(Vec a, Vec b) { return _mm512_mullo_epi16(a, b); }
  ASHLAR_MLKEM_INLINE static Vec mulhi(Vec a, Vec b) { return _mm512_mulhi_epi16(a, b); }
  ASHLAR_MLKEM_INLINE static Vec mulhi_unsigned(Vec a, Vec b) { return _mm512_mulhi_epu16(a, b); }
  ASHLAR_MLKEM_INLINE static Vec mulhrs(Vec a, Vec b) { return _mm512_mulhrs_epi16(a, b); }
  ASHLAR_MLKEM_INLINE static Vec madd(Vec a, Vec b) { return _mm512_madd_epi16(a, b); }
  ASHLAR_MLKEM_INLINE static Vec bit_and(Vec a, Vec b) { return _mm512_and_si512(a, b); }
  ASHLAR_MLKEM_INLINE static Vec bit_or(Vec a, Vec b) { return _mm512_or_si512(a, b); }
  template <int N>
  ASHLAR_MLKEM_INLINE static Vec slli(Vec a) {
    return _mm512_slli_epi16(a, N);
  }
  template <int N>
  ASHLAR_MLKEM_INLINE static Vec srli(Vec a) {
    return _mm512_srli_epi16(a, N);
  }
  template <int N>
  ASHLAR_MLKEM_INLINE static Vec srai(Vec a) {
    return _mm512_srai_epi16(a, N);
  }
  template <int N>
  ASHLAR_MLKEM_INLINE static Vec srli64(Vec a) {
    return _mm512_srli_epi64(a, N);
  }
  // The lower 32 bits of every 64.
  template <int N>
  ASHLAR_MLKEM_INLINE static Vec shift_even32(Vec a) {
    return _mm512_sllv_epi32(a, _mm512_set1_epi64(N));
  }
  // The lower N bits of both 64-bit halves, side by side at the bottom of 128.
  template <int N>
  ASHLAR_MLKEM_INLINE static Vec join64(Vec a) {
    const Vec upper = _mm512_unpackhi_epi64(a, a);
    const Vec left = _mm512_sllv_epi64(upper, _mm512_set4_epi64(64, N, 64, N));
    const Vec right = _mm512_srlv_epi64(upper, _mm512_set4_epi64(64 - N, 64, 64 - N, 64));
    return _mm512_or_si512(_mm512_maskz_mov_epi64(0x55, a), _mm512_or_si512(left, right));
  }
  ASHLAR_MLKEM_INLINE static Vec swap_pairs(Vec a) { return _mm512_rol_epi32(a, 16); }
  // The upper 16 bits of `even`'s 32-bit lanes, below those of `odd`'s.
  ASHLAR_MLKEM_INLINE static Vec upper_halves(Vec even, Vec odd) {
    return _mm512_mask_blend_epi16(0xaaaaaaaa, _mm512_srli_epi32(even, 16), odd);
  }
  ASHLAR_MLKEM_INLINE static std::uint64_t any_negative(Vec a) {
    const std::uint64_t signs = _mm512_movepi16_mask(a);
    // All ones if any sign is set, else 0.
    return ct::barrier(static_cast<std::uint64_t>(-static_cast<std::int64_t>(signs) >> 63));
  }
  static constexpr std::uint64_t first_bytes(unsigned count) { return ~std::uint64_t{0} >> (64 - count); }
  // Stores D bytes from each 128 bits.
  template <unsigned D>
  ASHLAR_MLKEM_INLINE static void store_squeezed(std::uint8_t* out, Vec v, bool) {
    _mm512_mask_storeu_epi8(out, first_bytes(4 * D),
                            _mm512_permutexvar_epi8(_mm512_load_si512(kBytes<D>.together), v));
  }
  // The inverse.
  template <unsigned D>
  ASHLAR_MLKEM_INLINE static Vec load_spread(const std::uint8_t* in, bool) {
    const Vec bytes = _mm512_maskz_loadu_epi8(first_bytes(4 * D), in);
    const Vec begin = _mm512_permutexvar_epi8(_mm512_load_si512(kBytes<D>.begin), bytes);
    const Vec offset = _mm512_load_si512(kBytes<D>.offset);
    Vec numbers;
    if constexpr (D == 11) {
      // A number lies in 18 bits.
      numbers = _mm512_shrdv_epi16(begin, _mm512_permutexvar_epi8(_mm512_load_si512(kBytes<D>.follow), bytes),
                                   offset);
    } else {
      numbers = _mm512_srlv_epi16(begin, offset);
    }
    return _mm512_and_si512(numbers, _mm512_set1_epi16((1 << D) - 1));
  }
  // The lowest bit of each lane, in four bytes.
  ASHLAR_MLKEM_INLINE static void store_bits(std::uint8_t* out, Vec v) {
    store_le32(out, static_cast<std::uint32_t>(_mm512_movepi16_mask(_mm512_slli_epi16(v, 15))));
  }
  // `value` where a bit is set, else 0.
  ASHLAR_MLKEM_INLINE static Vec spread_bits(const std::uint8_t* in, std::int16_t value) {
    return _mm512_maskz_set1_epi16(load_le32(in), value);
  }
  // 48 bytes are 32 candidates.
  ASHLAR_MLKEM_INLINE static unsigned sample_uniform(std::int16_t* p, unsigned have,
                                                     const std::uint8_t* bytes, std::size_t size) {
    while (size != 0 && have < kN) {
      const std::size_t now = size < 48 ? size : 48;
      const Vec candidates = load_spread<12>(bytes, false);
      const std::uint32_t good =
          _mm512_mask_cmplt_epi16_mask(now == 48 ? 0xffffffff : 0xffff, candidates, _mm512_set1_epi16(kQ));
      _mm512_storeu_si512(p + have, _mm512_maskz_compress_epi16(good, candidates));
      have += static_cast<unsigned>(_mm_popcnt_u32(good));
      bytes += now;
      size -= now;
    }
    return have;
  }
};

}  // namespace

constexpr Arithmetic kAvx512 = Row<Avx512>::with({4, sha3::permute_avx512vl_4}, {8, sha3::permute_avx512_8});

}  // namespace ashlar::crypto::mlkem

#endif
