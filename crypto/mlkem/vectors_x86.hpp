// SPDX-License-Identifier: Apache-2.0
// ML-KEM's polynomials in vectors of L lanes of 16 bits, once for every width. The file that includes this
// defines ASHLAR_MLKEM_TARGET, and V has the operations on vectors.
//
// The transform. Eight registers hold 8 L coefficients: register r the coefficients r L to r L + L - 1 at the
// start. A layer pairs coefficients that are `len` apart. While len is L or more they stand in
// different registers. From L / 2 down two registers first exchange: in each group of 2 len lanes the
// first register gets both lower halves, and the other gets both upper halves. Then partners stand in
// the same lane of the two again. Nothing moves back: the order that the exchanges leave is the row's
// order in the domain. arrange() does the exchanges only, and pack() undoes them. Pairs of
// coefficients stay together, because len ends with 2. The compiler computes the places, and so each
// lane's root.
//
// Multiplication is Montgomery's: with b q^-1 precomputed, the high halves of a b and of (a b q^-1 mod 2^16)
// q differ by a b 2^-16. That takes four instructions. A layer adds at most q to every coefficient, so the
// seven of the forward transform need no reduction between them: 8 q < 2^15. The inverse's sums double: they
// are reduced after its second and its fifth layer.
//
// Products. vpmaddwd makes both products of a pair and their sum in 32 bits; one reduction follows for all k.
#pragma once

#include <ashlar/base/ct.hpp>

#include "cpu/exchange_x86.hpp"
#include "cpu/x86.hpp"
#include "cpu/x86_parts.hpp"
#include "mlkem/constants.hpp"

#if ASHLAR_X86_KERNELS

#define ASHLAR_MLKEM_INLINE ASHLAR_TARGET_INLINE(ASHLAR_MLKEM_TARGET)

namespace ashlar::crypto::mlkem {

// A factor and the same times q^-1, as vectors.
template <std::size_t L>
struct alignas(64) Factors {
  std::int16_t plain[L], twisted[L];
};
constexpr std::int16_t twisted(std::int16_t factor) {
  return static_cast<std::int16_t>(factor * kQInverse);
}
struct Factor {
  std::int16_t plain, twisted;
};
constexpr Factor factor_of(std::int16_t plain) {
  return {plain, twisted(plain)};
}

template <std::size_t L>
struct Tables {
  static constexpr std::size_t kPairs = kN / (2 * L);  // of registers
  static constexpr unsigned kSteps = L == 32 ? 4 : 3;  // layers that follow an exchange
  Factor forward[128], inverse[128];                   // roots that a whole register shares
  Factors<L> lanes[kSteps][kPairs], lanes_inverse[kSteps][kPairs];
  Factors<L> roots[2 * kPairs];  // as prepare() multiplies, in the row's order
};

template <std::size_t L>
constexpr Tables<L> tables() {
  Tables<L> out = {};
  for (unsigned i = 0; i < 128; ++i) {
    out.forward[i] = factor_of(zeta(i));
    out.inverse[i] = factor_of(inverse_zeta(i));
  }
  for (std::size_t pair = 0; pair < kN / (2 * L); ++pair) {
    // The place of each coefficient.
    std::size_t low[L] = {}, high[L] = {};
    for (std::size_t l = 0; l < L; ++l) {
      low[l] = 2 * L * pair + l;
      high[l] = low[l] + L;
    }
    unsigned step = 0;
    for (std::size_t len = L / 2; len >= 2; len /= 2, ++step) {
      for (std::size_t l = 0; l < L; ++l) {
        if ((l & len) == 0) {
          const std::size_t moved = low[l + len];
          low[l + len] = high[l];
          high[l] = moved;
        }
      }
      for (std::size_t l = 0; l < L; ++l) {
        const auto i = static_cast<unsigned>(128 / len + low[l] / (2 * len));
        out.lanes[step][pair].plain[l] = out.forward[i].plain;
        out.lanes[step][pair].twisted[l] = out.forward[i].twisted;
        out.lanes_inverse[step][pair].plain[l] = out.inverse[i].plain;
        out.lanes_inverse[step][pair].twisted[l] = out.inverse[i].twisted;
      }
    }
    for (std::size_t half = 0; half < 2; ++half) {
      Factors<L>& roots = out.roots[2 * pair + half];
      for (std::size_t l = 0; l < L; ++l) {
        const std::size_t at = half == 0 ? low[l] : high[l];
        const long long root = at % 2 == 0 ? 1 : pair_root(static_cast<unsigned>(at / 2));
        roots.plain[l] = montgomery(root * 65536);
        roots.twisted[l] = twisted(roots.plain[l]);
      }
    }
  }
  return out;
}
template <std::size_t L>
inline constexpr Tables<L> kTables = tables<L>();

template <class V, class Vec = typename V::Vec>
ASHLAR_MLKEM_INLINE Vec multiplied(Vec a, Vec plain, Vec twisted) {
  return V::sub(V::mulhi(a, plain), V::mulhi(V::mullo(a, twisted), V::set1(kQ)));
}
template <class V, class Vec = typename V::Vec>
ASHLAR_MLKEM_INLINE Vec multiplied(Vec a, Factor factor) {
  return multiplied<V>(a, V::set1(factor.plain), V::set1(factor.twisted));
}
template <class V, class Vec = typename V::Vec>
ASHLAR_MLKEM_INLINE Vec multiplied(Vec a, const Factors<V::kLanes>& factors) {
  return multiplied<V>(a, V::load(factors.plain), V::load(factors.twisted));
}

// Any a: |result| < 0.66 q. 10 is 2^15 / q, rounded.
template <class V, class Vec = typename V::Vec>
ASHLAR_MLKEM_INLINE Vec centred(Vec a) {
  return V::sub(a, V::mullo(V::mulhrs(a, V::set1(10)), V::set1(kQ)));
}
// 0 <= result < q.
template <class V, class Vec = typename V::Vec>
ASHLAR_MLKEM_INLINE Vec canonical(Vec a) {
  const Vec c = centred<V>(a);
  return V::add(c, V::bit_and(V::template srai<15>(c), V::set1(kQ)));
}

template <class V, class F, class Vec = typename V::Vec>
ASHLAR_MLKEM_INLINE void butterfly(Vec& a, Vec& b, const F& factor) {
  const Vec t = multiplied<V>(b, factor);
  b = V::sub(a, t);
  a = V::add(a, t);
}
template <class V, class F, class Vec = typename V::Vec>
ASHLAR_MLKEM_INLINE void inverse_butterfly(Vec& a, Vec& b, const F& factor) {
  const Vec difference = V::sub(a, b);
  a = V::add(a, b);
  b = multiplied<V>(difference, factor);
}

template <class V, class Vec = typename V::Vec>
ASHLAR_MLKEM_INLINE void load_eight(Vec (&r)[8], const std::int16_t* p) {
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < 8; ++i) {
    r[i] = V::load(p + V::kLanes * i);
  }
}
template <class V, class Vec = typename V::Vec>
ASHLAR_MLKEM_INLINE void store_eight(std::int16_t* p, const Vec (&r)[8]) {
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < 8; ++i) {
    V::store(p + V::kLanes * i, r[i]);
  }
}

template <class V, int Len, class Vec = typename V::Vec>
ASHLAR_MLKEM_INLINE void exchange_pairs(Vec (&r)[8]) {
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < 8; i += 2) {
    x86::exchange<2 * Len>(r[i], r[i + 1]);
  }
}
template <class V, class Vec = typename V::Vec>
ASHLAR_MLKEM_INLINE void to_row_order(Vec (&r)[8]) {
  if constexpr (V::kLanes == 32) {
    exchange_pairs<V, 16>(r);
  }
  exchange_pairs<V, 8>(r);
  exchange_pairs<V, 4>(r);
  exchange_pairs<V, 2>(r);
}
template <class V, class Vec = typename V::Vec>
ASHLAR_MLKEM_INLINE void to_standard_order(Vec (&r)[8]) {
  exchange_pairs<V, 2>(r);
  exchange_pairs<V, 4>(r);
  exchange_pairs<V, 8>(r);
  if constexpr (V::kLanes == 32) {
    exchange_pairs<V, 16>(r);
  }
}

// `Part`: which 8 L of the coefficients.
template <class V, std::size_t Part, int Len, class Vec = typename V::Vec>
ASHLAR_MLKEM_INLINE void layer_in_lanes(Vec (&r)[8]) {
  constexpr std::size_t kStep = V::kLanes == 32 ? (Len == 16  ? 0
                                                   : Len == 8 ? 1
                                                   : Len == 4 ? 2
                                                              : 3)
                                                : (Len == 8   ? 0
                                                   : Len == 4 ? 1
                                                              : 2);
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < 4; ++i) {
    x86::exchange<2 * Len>(r[2 * i], r[2 * i + 1]);
    butterfly<V>(r[2 * i], r[2 * i + 1], kTables<V::kLanes>.lanes[kStep][4 * Part + i]);
  }
}
template <class V, std::size_t Part, int Len, bool Reduce, class Vec = typename V::Vec>
ASHLAR_MLKEM_INLINE void inverse_layer_in_lanes(Vec (&r)[8]) {
  constexpr std::size_t kStep = V::kLanes == 32 ? (Len == 16  ? 0
                                                   : Len == 8 ? 1
                                                   : Len == 4 ? 2
                                                              : 3)
                                                : (Len == 8   ? 0
                                                   : Len == 4 ? 1
                                                              : 2);
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < 4; ++i) {
    inverse_butterfly<V>(r[2 * i], r[2 * i + 1], kTables<V::kLanes>.lanes_inverse[kStep][4 * Part + i]);
    if constexpr (Reduce) {
      r[2 * i] = centred<V>(r[2 * i]);
    }
    x86::exchange<2 * Len>(r[2 * i], r[2 * i + 1]);
  }
}
// Registers that are `Apart` apart.
template <class V, std::size_t Part, std::size_t Apart, class Vec = typename V::Vec>
ASHLAR_MLKEM_INLINE void layer_across(Vec (&r)[8]) {
  constexpr std::size_t kLen = Apart * V::kLanes;
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < 4; ++i) {
    const std::size_t at = i / Apart * 2 * Apart + i % Apart;
    butterfly<V>(
        r[at], r[at + Apart],
        kTables<V::kLanes>.forward[128 / kLen + (8 * V::kLanes * Part + V::kLanes * at) / (2 * kLen)]);
  }
}
template <class V, std::size_t Part, std::size_t Apart, bool Reduce, class Vec = typename V::Vec>
ASHLAR_MLKEM_INLINE void inverse_layer_across(Vec (&r)[8]) {
  constexpr std::size_t kLen = Apart * V::kLanes;
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < 4; ++i) {
    const std::size_t at = i / Apart * 2 * Apart + i % Apart;
    inverse_butterfly<V>(
        r[at], r[at + Apart],
        kTables<V::kLanes>.inverse[128 / kLen + (8 * V::kLanes * Part + V::kLanes * at) / (2 * kLen)]);
    if constexpr (Reduce) {
      r[at] = centred<V>(r[at]);
    }
  }
}

template <class V, std::size_t Part>
ASHLAR_MLKEM_INLINE void ntt_part(std::int16_t* p) {
  typename V::Vec r[8];
  load_eight<V>(r, p + 8 * V::kLanes * Part);
  layer_across<V, Part, 4>(r);
  layer_across<V, Part, 2>(r);
  layer_across<V, Part, 1>(r);
  if constexpr (V::kLanes == 32) {
    layer_in_lanes<V, Part, 16>(r);
  }
  layer_in_lanes<V, Part, 8>(r);
  layer_in_lanes<V, Part, 4>(r);
  layer_in_lanes<V, Part, 2>(r);
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < 8; ++i) {
    r[i] = centred<V>(r[i]);
  }
  store_eight<V>(p + 8 * V::kLanes * Part, r);
}

template <class V>
ASHLAR_MLKEM_INLINE void ntt_in_vectors(std::int16_t* p) {
  if constexpr (V::kLanes == 16) {
    for (std::size_t i = 0; i < 128; i += V::kLanes) {
      auto a = V::load(p + i), b = V::load(p + 128 + i);
      butterfly<V>(a, b, kTables<V::kLanes>.forward[1]);
      V::store(p + i, a);
      V::store(p + 128 + i, b);
    }
    ntt_part<V, 0>(p);
    ntt_part<V, 1>(p);
  } else {
    ntt_part<V, 0>(p);
  }
}

inline constexpr Factor kLastScale = factor_of(montgomery(kScale));
inline constexpr Factor kLastRoot = factor_of(montgomery(kScale * power(17, 256 - 64)));

template <class V, class Vec = typename V::Vec>
ASHLAR_MLKEM_INLINE void last_inverse_butterfly(Vec& a, Vec& b) {
  const Vec difference = V::sub(a, b);
  a = multiplied<V>(V::add(a, b), kLastScale);
  b = multiplied<V>(difference, kLastRoot);
}

template <class V, std::size_t Part>
ASHLAR_MLKEM_INLINE void inverse_ntt_part(std::int16_t* p) {
  typename V::Vec r[8];
  load_eight<V>(r, p + 8 * V::kLanes * Part);
  inverse_layer_in_lanes<V, Part, 2, false>(r);
  inverse_layer_in_lanes<V, Part, 4, true>(r);
  inverse_layer_in_lanes<V, Part, 8, false>(r);
  if constexpr (V::kLanes == 32) {
    inverse_layer_in_lanes<V, Part, 16, false>(r);
    inverse_layer_across<V, Part, 1, true>(r);
    inverse_layer_across<V, Part, 2, false>(r);
    ASHLAR_UNROLL
    for (std::size_t i = 0; i < 4; ++i) {
      last_inverse_butterfly<V>(r[i], r[i + 4]);
    }
  } else {
    inverse_layer_across<V, Part, 1, false>(r);
    inverse_layer_across<V, Part, 2, true>(r);
    inverse_layer_across<V, Part, 4, false>(r);
  }
  store_eight<V>(p + 8 * V::kLanes * Part, r);
}

template <class V>
ASHLAR_MLKEM_INLINE void inverse_ntt_in_vectors(std::int16_t* p) {
  inverse_ntt_part<V, 0>(p);
  if constexpr (V::kLanes == 16) {
    inverse_ntt_part<V, 1>(p);
    for (std::size_t i = 0; i < 128; i += V::kLanes) {
      auto a = V::load(p + i), b = V::load(p + 128 + i);
      last_inverse_butterfly<V>(a, b);
      V::store(p + i, a);
      V::store(p + 128 + i, b);
    }
  }
}

template <class V>
ASHLAR_MLKEM_INLINE void prepare_in_vectors(std::int16_t* prepared, const std::int16_t* p) {
  constexpr Factor kTwice = factor_of(montgomery(65536));
  for (std::size_t i = 0; i < kN / V::kLanes; ++i) {
    const auto b = V::load(p + V::kLanes * i);
    V::store(prepared + V::kLanes * i, multiplied<V>(b, kTables<V::kLanes>.roots[i]));
    V::store(prepared + kN + V::kLanes * i, V::swap_pairs(multiplied<V>(b, kTwice)));
  }
}

template <class V>
ASHLAR_MLKEM_INLINE void inner_product_in_vectors(std::int16_t* out, const std::int16_t* a,
                                                  std::size_t stride, const std::int16_t* prepared,
                                                  unsigned k) {
  for (std::size_t i = 0; i < kN; i += V::kLanes) {
    auto even = V::zero(), odd = V::zero();
    for (unsigned n = 0; n < k; ++n) {
      const auto factor = V::load(a + stride * n + i);
      even = V::add32(even, V::madd(factor, V::load(prepared + 2 * kN * n + i)));
      odd = V::add32(odd, V::madd(factor, V::load(prepared + 2 * kN * n + kN + i)));
    }
    const auto inverse = V::set1(kQInverse), q = V::set1_32(kQ);
    even = V::sub32(even, V::madd(V::mullo(even, inverse), q));
    odd = V::sub32(odd, V::madd(V::mullo(odd, inverse), q));
    V::store(out + i, V::upper_halves(even, odd));
  }
}

template <class V>
ASHLAR_MLKEM_INLINE void arrange_in_vectors(std::int16_t* out, const std::int16_t* in) {
  for (std::size_t part = 0; part < kN; part += 8 * V::kLanes) {
    typename V::Vec r[8];
    load_eight<V>(r, in + part);
    to_row_order<V>(r);
    store_eight<V>(out + part, r);
  }
}

// Numbers of D bits in lanes of 16 become D bytes at the bottom of every 128 bits.
template <class V, unsigned D, class Vec = typename V::Vec>
ASHLAR_MLKEM_INLINE Vec squeezed(Vec v) {
  // Pairs in 32 bits, then fours in 64.
  Vec fours = V::madd(v, V::set1_32((1 << D << 16) | 1));
  if constexpr (2 * D < 32) {
    fours = V::template srli64<32 - 2 * D>(V::template shift_even32<32 - 2 * D>(fours));
  }
  return V::template join64<4 * D>(fours);
}

template <class V>
ASHLAR_MLKEM_INLINE void pack_in_vectors(std::uint8_t* out, const std::int16_t* p) {
  for (std::size_t part = 0; part < kN; part += 8 * V::kLanes) {
    typename V::Vec r[8];
    load_eight<V>(r, p + part);
    to_standard_order<V>(r);
    ASHLAR_UNROLL
    for (std::size_t i = 0; i < 8; ++i) {
      const std::size_t at = part + V::kLanes * i;
      V::template store_squeezed<12>(out + at / 2 * 3, squeezed<V, 12>(canonical<V>(r[i])),
                                     at + V::kLanes == kN);
    }
  }
}

template <class V>
ASHLAR_MLKEM_INLINE std::uint64_t unpack_in_vectors(std::int16_t* p, const std::uint8_t* in) {
  auto bad = V::zero();
  for (std::size_t part = 0; part < kN; part += 8 * V::kLanes) {
    typename V::Vec r[8];
    ASHLAR_UNROLL
    for (std::size_t i = 0; i < 8; ++i) {
      const std::size_t at = part + V::kLanes * i;
      r[i] = V::template load_spread<12>(in + at / 2 * 3, at + V::kLanes == kN);
      // The sign of q - 1 - c.
      bad = V::bit_or(bad, V::sub(V::set1(kQ - 1), r[i]));
    }
    to_row_order<V>(r);
    store_eight<V>(p + part, r);
  }
  return V::any_negative(bad);
}

// (2^D x + q / 2) / q. x 2^15 / q, slightly less, gives an estimate that is right or one too low; the
// remainder says which.
template <class V, unsigned D, class Vec = typename V::Vec>
ASHLAR_MLKEM_INLINE Vec compressed(Vec a) {
  const Vec x = canonical<V>(a);
  const Vec scaled = V::mulhi_unsigned(V::template slli<4>(x), V::set1(static_cast<std::int16_t>(40317)));
  const Vec estimate = V::template srli<15 - D>(V::add(scaled, V::set1(1 << (14 - D))));
  const Vec rest = V::sub(V::add(V::template slli<D>(x), V::set1(kQ / 2)), V::mullo(estimate, V::set1(kQ)));
  // One more if the remainder is q or more.
  const Vec more = V::template srai<15>(V::sub(V::set1(kQ - 1), rest));
  return V::bit_and(V::sub(estimate, more), V::set1((1 << D) - 1));
}

template <class V, unsigned D>
ASHLAR_MLKEM_INLINE void compress_in_vectors(std::uint8_t* out, const std::int16_t* p) {
  for (std::size_t at = 0; at < kN; at += V::kLanes) {
    const auto value = compressed<V, D>(V::load(p + at));
    if constexpr (D == 1) {
      V::store_bits(out + at / 8, value);
    } else {
      V::template store_squeezed<D>(out + at / 8 * D, squeezed<V, D>(value), at + V::kLanes == kN);
    }
  }
}

template <class V, unsigned D>
ASHLAR_MLKEM_INLINE void decompress_in_vectors(std::int16_t* p, const std::uint8_t* in) {
  for (std::size_t at = 0; at < kN; at += V::kLanes) {
    if constexpr (D == 1) {
      V::store(p + at, V::spread_bits(in + at / 8, (kQ + 1) / 2));
    } else {
      // (q y + 2^(D - 1)) / 2^D, rounded as vpmulhrsw does.
      const auto y = V::template load_spread<D>(in + at / 8 * D, at + V::kLanes == kN);
      V::store(p + at, V::mulhrs(V::template slli<15 - D>(y), V::set1(kQ)));
    }
  }
}

// 16 bytes hold 32 coefficients of eta = 2, in nibbles.
ASHLAR_TARGET_INLINE("avx2") void noise_2(std::int16_t* p, const std::uint8_t* bytes) {
  const __m128i by1 = _mm_set1_epi8(0x55), by2 = _mm_set1_epi8(0x33), low = _mm_set1_epi8(0x0f),
                three = _mm_set1_epi8(3);
  for (std::size_t i = 0; i < 128; i += 16) {
    const __m128i b = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + i));
    const __m128i pairs = _mm_add_epi8(_mm_and_si128(b, by1), _mm_and_si128(_mm_srli_epi16(b, 1), by1));
    // In each nibble the first sum less the second, and 3.
    const __m128i nibbles = _mm_sub_epi8(_mm_add_epi8(_mm_and_si128(pairs, by2), by2),
                                         _mm_and_si128(_mm_srli_epi16(pairs, 2), by2));
    const __m128i even = _mm_sub_epi8(_mm_and_si128(nibbles, low), three);
    const __m128i odd = _mm_sub_epi8(_mm_and_si128(_mm_srli_epi16(nibbles, 4), low), three);
    _mm256_store_si256(reinterpret_cast<__m256i*>(p + 2 * i),
                       _mm256_cvtepi8_epi16(_mm_unpacklo_epi8(even, odd)));
    _mm256_store_si256(reinterpret_cast<__m256i*>(p + 2 * i + 16),
                       _mm256_cvtepi8_epi16(_mm_unpackhi_epi8(even, odd)));
  }
}

// 12 bytes hold 16 coefficients of eta = 3, six bits each.
ASHLAR_TARGET_INLINE("avx2") void noise_3(std::int16_t* p, const std::uint8_t* bytes) {
  const __m128i spread = _mm_setr_epi8(0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11, -1);
  const __m128i ones = _mm_set1_epi32(0x249249), threes = _mm_set1_epi32(0x1c71c7),
                bias = _mm_set1_epi32(0xc30c3);
  for (std::size_t i = 0; i < 192; i += 12) {
    const __m128i b = _mm_shuffle_epi8(
        i + 16 <= 192 ? _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + i))
                      : _mm_srli_si128(_mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + i - 4)), 4),
        spread);
    __m128i sums = _mm_add_epi32(_mm_and_si128(b, ones), _mm_and_si128(_mm_srli_epi32(b, 1), ones));
    sums = _mm_add_epi32(sums, _mm_and_si128(_mm_srli_epi32(b, 2), ones));
    // In every six bits the first sum less the second, and 3.
    const __m128i differences = _mm_sub_epi32(_mm_add_epi32(_mm_and_si128(sums, threes), bias),
                                              _mm_and_si128(_mm_srli_epi32(sums, 3), threes));
    __m256i w = _mm256_cvtepu32_epi64(differences);
    w = _mm256_and_si256(_mm256_or_si256(w, _mm256_slli_epi64(w, 20)), _mm256_set1_epi64x(0xfff00000fff));
    w = _mm256_and_si256(_mm256_or_si256(w, _mm256_slli_epi64(w, 10)), _mm256_set1_epi64x(0x3f003f003f003f));
    _mm256_store_si256(reinterpret_cast<__m256i*>(p + i / 3 * 4), _mm256_sub_epi16(w, _mm256_set1_epi16(3)));
  }
}

// The functions of a row.
template <class V>
struct Row {
  ASHLAR_TARGET(ASHLAR_MLKEM_TARGET) static void ntt(std::int16_t* p) { ntt_in_vectors<V>(p); }
  ASHLAR_TARGET(ASHLAR_MLKEM_TARGET) static void inverse_ntt(std::int16_t* p) {
    inverse_ntt_in_vectors<V>(p);
  }
  ASHLAR_TARGET(ASHLAR_MLKEM_TARGET) static void prepare(std::int16_t* prepared, const std::int16_t* p) {
    prepare_in_vectors<V>(prepared, p);
  }
  ASHLAR_TARGET(ASHLAR_MLKEM_TARGET)
  static void inner_product(std::int16_t* out, const std::int16_t* a, std::size_t stride,
                            const std::int16_t* prepared, unsigned k) {
    inner_product_in_vectors<V>(out, a, stride, prepared, k);
  }
  ASHLAR_TARGET(ASHLAR_MLKEM_TARGET) static void pack(std::uint8_t* out, const std::int16_t* p) {
    pack_in_vectors<V>(out, p);
  }
  ASHLAR_TARGET(ASHLAR_MLKEM_TARGET)
  static std::uint64_t unpack(std::int16_t* p, const std::uint8_t* in) { return unpack_in_vectors<V>(p, in); }
  ASHLAR_TARGET(ASHLAR_MLKEM_TARGET)
  static void compress(std::uint8_t* out, const std::int16_t* p, unsigned d) {
    switch (d) {
      case 1:
        return compress_in_vectors<V, 1>(out, p);
      case 4:
        return compress_in_vectors<V, 4>(out, p);
      case 5:
        return compress_in_vectors<V, 5>(out, p);
      case 10:
        return compress_in_vectors<V, 10>(out, p);
      default:
        return compress_in_vectors<V, 11>(out, p);
    }
  }
  ASHLAR_TARGET(ASHLAR_MLKEM_TARGET)
  static void decompress(std::int16_t* p, const std::uint8_t* in, unsigned d) {
    switch (d) {
      case 1:
        return decompress_in_vectors<V, 1>(p, in);
      case 4:
        return decompress_in_vectors<V, 4>(p, in);
      case 5:
        return decompress_in_vectors<V, 5>(p, in);
      case 10:
        return decompress_in_vectors<V, 10>(p, in);
      default:
        return decompress_in_vectors<V, 11>(p, in);
    }
  }
  ASHLAR_TARGET(ASHLAR_MLKEM_TARGET)
  static void sample_noise(std::int16_t* p, const std::uint8_t* bytes, unsigned eta) {
    if (eta == 2) {
      noise_2(p, bytes);
    } else {
      noise_3(p, bytes);
    }
  }
  ASHLAR_TARGET(ASHLAR_MLKEM_TARGET)
  static unsigned sample_uniform(std::int16_t* p, unsigned have, const std::uint8_t* bytes,
                                 std::size_t size) {
    return V::sample_uniform(p, have, bytes, size);
  }
  ASHLAR_TARGET(ASHLAR_MLKEM_TARGET) static void arrange(std::int16_t* out, const std::int16_t* in) {
    arrange_in_vectors<V>(out, in);
  }

  static constexpr Arithmetic with(sha3::KeccakMany few, sha3::KeccakMany many) {
    return {ntt,        inverse_ntt,  prepare,        inner_product, pack, unpack, compress,
            decompress, sample_noise, sample_uniform, arrange,       few,  many};
  }
};

}  // namespace ashlar::crypto::mlkem

#endif
