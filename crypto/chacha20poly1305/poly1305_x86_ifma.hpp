// SPDX-License-Identifier: Apache-2.0
// Poly1305 on eight lanes with AVX-512 IFMA, in pieces that a vector ChaCha20 can place between its rounds.
//
// Radix 2^44: limbs of 44, 44 and 42 bits. vpmadd52luq and vpmadd52huq add the low and the high 52 bits of a
// product; the two are kept in separate accumulators per limb, and one carry pass joins them (the high one
// weighs 2^52 = 2^44 * 2^8, or 2^42 * 2^10 at the top limb). A part above 2^130 = 2^(44+44+42) returns times
// 5. A product at 2^132 returns times 20; the multiples s = 20 r of the two upper limbs hold that.
//
// A group is eight blocks, one per lane. A step takes four groups m0..m3 and carries once:
//     h = h r^32 + m0 r^24 + m1 r^16 + m2 r^8 + m3
// 72 multiply-adds, 22 operations of carrying and eight per group to cut it into limbs: 126 in all per 512
// bytes, 0.12 cycles per byte at two per cycle. At the end lane j is multiplied by r^(8-j), and all are
// added.
//
// Two 64-byte loads hold blocks 0-3 and 4-7; unpacking puts them in the lane order 0 4 1 5 2 6 3 7, and the
// powers have the same order. An incomplete group comes first, in the last lanes: zeros before it change
// nothing.
#pragma once

#include "chacha20poly1305/chacha_kernels.hpp"

#if ASHLAR_X86_KERNELS

#define ASHLAR_IFMA "avx512f,avx512vl,avx512bw,avx512dq,avx512ifma,avx512vbmi2,bmi2"

namespace ashlar::crypto::chacha {

inline constexpr std::uint64_t kMask44 = (std::uint64_t{1} << 44) - 1;
inline constexpr std::uint64_t kMask42 = (std::uint64_t{1} << 42) - 1;

// Eight numbers modulo 2^130 - 5.
struct Lanes {
  __m512i v[3];
};

// A multiplier: its limbs and 20 times the upper two.
struct Multiplier {
  __m512i r[3];
  __m512i s1, s2;
};

// A sum of products before its carries: low and high parts for each limb.
struct Product {
  __m512i lo[3];
  __m512i hi[3];
};

// The powers of r that a message needs.
struct WidePowers {
  // r^8 to r^1, each in the lane of the block that it completes.
  Lanes low;
  Multiplier eight;
  // For steps of four groups: r^8, r^16, r^24, r^32, as limbs 0, 1, 2 and 20 times limbs 1 and 2.
  alignas(32) std::uint64_t table[5][4];
};

ASHLAR_TARGET_INLINE(ASHLAR_IFMA) __m512i broadcast(std::uint64_t x) {
  return _mm512_set1_epi64(static_cast<long long>(x));
}

ASHLAR_TARGET_INLINE(ASHLAR_IFMA) __m512i times20(__m512i x) {
  return _mm512_slli_epi64(_mm512_add_epi64(x, _mm512_slli_epi64(x, 2)), 2);
}

ASHLAR_TARGET_INLINE(ASHLAR_IFMA) Multiplier multiplier(const Lanes& x) {
  return {{x.v[0], x.v[1], x.v[2]}, times20(x.v[1]), times20(x.v[2])};
}

// r^(8n).
ASHLAR_TARGET_INLINE(ASHLAR_IFMA) Multiplier power(const WidePowers& powers, std::size_t n) {
  const auto& t = powers.table;
  return {{broadcast(t[0][n - 1]), broadcast(t[1][n - 1]), broadcast(t[2][n - 1])},
          broadcast(t[3][n - 1]),
          broadcast(t[4][n - 1])};
}

ASHLAR_TARGET_INLINE(ASHLAR_IFMA) Product no_product() {
  const __m512i zero = _mm512_setzero_si512();
  return {{zero, zero, zero}, {zero, zero, zero}};
}

// p += a * m lane by lane; a's limbs below 2^47.
ASHLAR_TARGET_INLINE(ASHLAR_IFMA) void add_product(Product& p, const Lanes& a, const Multiplier& m) {
  p.lo[0] = _mm512_madd52lo_epu64(p.lo[0], a.v[2], m.s1);
  p.hi[0] = _mm512_madd52hi_epu64(p.hi[0], a.v[2], m.s1);
  p.lo[1] = _mm512_madd52lo_epu64(p.lo[1], a.v[2], m.s2);
  p.hi[1] = _mm512_madd52hi_epu64(p.hi[1], a.v[2], m.s2);
  p.lo[2] = _mm512_madd52lo_epu64(p.lo[2], a.v[2], m.r[0]);
  p.hi[2] = _mm512_madd52hi_epu64(p.hi[2], a.v[2], m.r[0]);
  p.lo[0] = _mm512_madd52lo_epu64(p.lo[0], a.v[0], m.r[0]);
  p.hi[0] = _mm512_madd52hi_epu64(p.hi[0], a.v[0], m.r[0]);
  p.lo[1] = _mm512_madd52lo_epu64(p.lo[1], a.v[0], m.r[1]);
  p.hi[1] = _mm512_madd52hi_epu64(p.hi[1], a.v[0], m.r[1]);
  p.lo[2] = _mm512_madd52lo_epu64(p.lo[2], a.v[0], m.r[2]);
  p.hi[2] = _mm512_madd52hi_epu64(p.hi[2], a.v[0], m.r[2]);
  p.lo[0] = _mm512_madd52lo_epu64(p.lo[0], a.v[1], m.s2);
  p.hi[0] = _mm512_madd52hi_epu64(p.hi[0], a.v[1], m.s2);
  p.lo[1] = _mm512_madd52lo_epu64(p.lo[1], a.v[1], m.r[0]);
  p.hi[1] = _mm512_madd52hi_epu64(p.hi[1], a.v[1], m.r[0]);
  p.lo[2] = _mm512_madd52lo_epu64(p.lo[2], a.v[1], m.r[1]);
  p.hi[2] = _mm512_madd52hi_epu64(p.hi[2], a.v[1], m.r[1]);
}

// The value of a sum of up to four products: limbs below 2^44, 2^44 + 2^14 and 2^42.
ASHLAR_TARGET_INLINE(ASHLAR_IFMA) Lanes carry(const Product& p) {
  const __m512i mask44 = broadcast(kMask44);
  const __m512i l0 = p.lo[0];
  const __m512i l1 =
      _mm512_add_epi64(_mm512_add_epi64(p.lo[1], _mm512_slli_epi64(p.hi[0], 8)), _mm512_srli_epi64(l0, 44));
  const __m512i l2 =
      _mm512_add_epi64(_mm512_add_epi64(p.lo[2], _mm512_slli_epi64(p.hi[1], 8)), _mm512_srli_epi64(l1, 44));
  const __m512i over = _mm512_add_epi64(_mm512_srli_epi64(l2, 42), _mm512_slli_epi64(p.hi[2], 10));
  // Times 5, then a second carry from limb 0, which must stay below 2^52.
  const __m512i again =
      _mm512_add_epi64(_mm512_add_epi64(_mm512_and_si512(l0, mask44), over), _mm512_slli_epi64(over, 2));
  return {{_mm512_and_si512(again, mask44),
           _mm512_add_epi64(_mm512_and_si512(l1, mask44), _mm512_srli_epi64(again, 44)),
           _mm512_and_si512(l2, broadcast(kMask42))}};
}

ASHLAR_TARGET_INLINE(ASHLAR_IFMA) Lanes multiply(const Lanes& a, const Multiplier& m) {
  Product p = no_product();
  add_product(p, a, m);
  return carry(p);
}

ASHLAR_TARGET_INLINE(ASHLAR_IFMA) Lanes add(const Lanes& a, const Lanes& b) {
  return {
      {_mm512_add_epi64(a.v[0], b.v[0]), _mm512_add_epi64(a.v[1], b.v[1]), _mm512_add_epi64(a.v[2], b.v[2])}};
}

// The numbers of blocks 0-3 and 4-7; one: 2^40 in each lane with a block (their bits 2^128).
ASHLAR_TARGET_INLINE(ASHLAR_IFMA) Lanes split(__m512i first, __m512i second, __m512i one) {
  const __m512i low = _mm512_unpacklo_epi64(first, second);
  const __m512i high = _mm512_unpackhi_epi64(first, second);
  const __m512i mask44 = broadcast(kMask44);
  return {{_mm512_and_si512(low, mask44), _mm512_and_si512(_mm512_shrdi_epi64(low, high, 44), mask44),
           _mm512_or_si512(_mm512_srli_epi64(high, 24), one)}};
}

// A whole group.
ASHLAR_TARGET_INLINE(ASHLAR_IFMA) Lanes group(const std::uint8_t* data) {
  return split(_mm512_loadu_si512(data), _mm512_loadu_si512(data + 64), broadcast(std::uint64_t{1} << 40));
}

// Part `Part`, 0 to 4, of a step of four groups.
template <int Part>
ASHLAR_TARGET_INLINE(ASHLAR_IFMA)
void step_part(const WidePowers& powers, Lanes& h, Product& p, const std::uint8_t* data) {
  if constexpr (Part == 0) {
    p = no_product();
  }
  if constexpr (Part < 3) {
    add_product(p, group(data + 128 * Part), power(powers, 3 - Part));
  } else if constexpr (Part == 3) {
    add_product(p, h, power(powers, 4));
  } else {
    h = add(carry(p), group(data + 384));
  }
}

// Three words as limbs.
struct Limbs {
  std::uint64_t v[3];
};
inline Limbs to_limbs(std::uint64_t w0, std::uint64_t w1, std::uint64_t w2) {
  return {{w0 & kMask44, ((w0 >> 44) | (w1 << 20)) & kMask44, (w1 >> 24) | (w2 << 40)}};
}

// Lane 0 in all lanes.
ASHLAR_TARGET_INLINE(ASHLAR_IFMA) Lanes first_lane(const Lanes& x) {
  Lanes out;
  ASHLAR_UNROLL
  for (int i = 0; i < 3; ++i) {
    out.v[i] = _mm512_broadcastq_epi64(_mm512_castsi512_si128(x.v[i]));
  }
  return out;
}

// b's lanes where `mask` has ones, a's elsewhere.
ASHLAR_TARGET_INLINE(ASHLAR_IFMA) Lanes blend(__mmask8 mask, const Lanes& a, const Lanes& b) {
  Lanes out;
  ASHLAR_UNROLL
  for (int i = 0; i < 3; ++i) {
    out.v[i] = _mm512_mask_blend_epi64(mask, a.v[i], b.v[i]);
  }
  return out;
}

// The powers of r, with the table if steps of four groups will be taken.
template <bool kSteps>
ASHLAR_TARGET_INLINE(ASHLAR_IFMA)
void prepare_wide(WidePowers& powers, const Poly1305State& state) {
  const Limbs r = to_limbs(state.r[0], state.r[1], 0);
  // Exponents in lanes 0 to 7, on the way to 8 4 7 3 6 2 5 1.
  const Lanes r1{{broadcast(r.v[0]), broadcast(r.v[1]), broadcast(r.v[2])}};
  const Lanes r2 = multiply(r1, multiplier(r1));
  const Lanes to_2 = blend(0xcc, r2, r1);                                // 2 2 1 1 2 2 1 1
  const Lanes to_4 = blend(0xf0, multiply(to_2, multiplier(r2)), to_2);  // 4 4 3 3 2 2 1 1
  const Multiplier r4 = multiplier(first_lane(to_4));
  powers.low = blend(0xaa, multiply(to_4, r4), to_4);
  const Lanes r8 = first_lane(powers.low);
  powers.eight = multiplier(r8);
  if constexpr (kSteps) {
    const Lanes r16 = multiply(r8, powers.eight);
    const Lanes to_16 = blend(0xaa, r8, r16);                                               // 8 16 8 16 …
    const Multiplier m = multiplier(blend(0xfc, to_16, multiply(to_16, multiplier(r16))));  // 8 16 24 32 …
    ASHLAR_UNROLL
    for (int i = 0; i < 3; ++i) {
      _mm256_store_si256(reinterpret_cast<__m256i*>(powers.table[i]), _mm512_castsi512_si256(m.r[i]));
    }
    _mm256_store_si256(reinterpret_cast<__m256i*>(powers.table[3]), _mm512_castsi512_si256(m.s1));
    _mm256_store_si256(reinterpret_cast<__m256i*>(powers.table[4]), _mm512_castsi512_si256(m.s2));
  }
}

// The running value and the first `blocks` blocks, 1 to 8.
ASHLAR_TARGET_INLINE(ASHLAR_IFMA)
Lanes begin_wide(const Poly1305State& state, const std::uint8_t* data, std::size_t blocks) {
  const std::size_t missing = 8 - blocks;
  // Two words for each block that is present.
  const unsigned words = (0xffffu << (2 * missing)) & 0xffff;
  const std::size_t in_first = missing < 4 ? 4 - missing : 0;
  const __m512i first = _mm512_maskz_expandloadu_epi64(static_cast<__mmask8>(words), data);
  const __m512i second =
      _mm512_maskz_expandloadu_epi64(static_cast<__mmask8>(words >> 8), data + 16 * in_first);
  const __m512i order = _mm512_set_epi64(7, 3, 6, 2, 5, 1, 4, 0);
  const __mmask8 there = _mm512_cmpge_epu64_mask(order, broadcast(missing));
  Lanes h = split(first, second, _mm512_maskz_set1_epi64(there, 1ll << 40));
  // The running value is added to the first block.
  const __mmask8 leading = _mm512_cmpeq_epu64_mask(order, broadcast(missing));
  const Limbs running = to_limbs(state.h[0], state.h[1], state.h[2]);
  ASHLAR_UNROLL
  for (int i = 0; i < 3; ++i) {
    h.v[i] = _mm512_mask_add_epi64(h.v[i], leading, h.v[i], broadcast(running.v[i]));
  }
  return h;
}

// Absorbs whole groups.
template <bool kSteps>
ASHLAR_TARGET_INLINE(ASHLAR_IFMA)
void absorb_wide(const WidePowers& powers, Lanes& h, const std::uint8_t* data, std::size_t groups) {
  if constexpr (kSteps) {
    for (; groups >= 4; groups -= 4, data += 512) {
      Product p;
      step_part<0>(powers, h, p, data);
      step_part<1>(powers, h, p, data);
      step_part<2>(powers, h, p, data);
      step_part<3>(powers, h, p, data);
      step_part<4>(powers, h, p, data);
    }
    // A step of the remaining groups.
    if (groups != 0) {
      Product p = no_product();
      for (std::size_t i = 1; i < groups; ++i, data += 128) {
        add_product(p, group(data), power(powers, groups - i));
      }
      add_product(p, h, power(powers, groups));
      h = add(carry(p), group(data));
    }
  } else {
    for (; groups != 0; --groups, data += 128) {
      h = add(multiply(h, powers.eight), group(data));
    }
  }
}

// The lanes' sum, each times its power, into state.h.
ASHLAR_TARGET_INLINE(ASHLAR_IFMA)
void finish_wide(const WidePowers& powers, const Lanes& h, Poly1305State& state) {
  const Lanes sum = multiply(h, multiplier(powers.low));
  std::uint64_t l0 = static_cast<std::uint64_t>(_mm512_reduce_add_epi64(sum.v[0]));
  std::uint64_t l1 = static_cast<std::uint64_t>(_mm512_reduce_add_epi64(sum.v[1]));
  std::uint64_t l2 = static_cast<std::uint64_t>(_mm512_reduce_add_epi64(sum.v[2]));
  l1 += l0 >> 44;
  l0 &= kMask44;
  l2 += l1 >> 44;
  l1 &= kMask44;
  l0 += (l2 >> 42) * 5;
  l2 &= kMask42;
  l1 += l0 >> 44;
  l0 &= kMask44;
  l2 += l1 >> 44;
  l1 &= kMask44;
  state.h[0] = l0 | (l1 << 44);
  state.h[1] = (l1 >> 20) | (l2 << 24);
  state.h[2] = l2 >> 40;
}

}  // namespace ashlar::crypto::chacha

#endif
