// SPDX-License-Identifier: Apache-2.0
// Poly1305 on eight lanes with AVX-512 IFMA.
//
// Radix 2^44: limbs of 44, 44 and 42 bits. vpmadd52luq and vpmadd52huq add the low and the high 52 bits of a
// product; the two are kept in separate accumulators per limb, and one carry pass per step joins them (the
// high one weighs 2^52 = 2^44 * 2^8, or 2^42 * 2^10 at the top limb). What passes 2^130 = 2^(44+44+42)
// returns times 5; a product at 2^132 returns times 20, which the multiples s = 20 r of the two upper limbs
// hold.
//
// The main loop takes sixteen blocks: two groups of eight lanes, each times r^16. Two groups hide each
// other's latency (a step's chain is about 40 cycles; its 36 multiply-adds take 36 at one zmm per cycle). At
// the end the first group is multiplied lane by lane with r^16..r^9, the second with r^8..r^1, and all lanes
// are added.
//
// Two 64-byte loads hold blocks 0-3 and 4-7; unpacking puts them in the lane order 0 4 1 5 2 6 3 7, which the
// powers follow. Bound: 18 multiply-adds per 128 bytes, 0.14 cycles per byte.
#include "chacha20poly1305/chacha_kernels.hpp"

#if ASHLAR_X86_KERNELS

#define ASHLAR_IFMA "avx512f,avx512vl,avx512bw,avx512dq,avx512ifma"

namespace ashlar::crypto::chacha {
namespace {

constexpr std::uint64_t kMask44 = (std::uint64_t{1} << 44) - 1;
constexpr std::uint64_t kMask42 = (std::uint64_t{1} << 42) - 1;

// A number modulo 2^130 - 5 in radix 2^44.
struct Limbs {
  std::uint64_t v[3];
};

// Eight numbers.
struct Lanes {
  __m512i v[3];
};

// A multiplier: its limbs and 20 times the upper two.
struct Multiplier {
  __m512i r[3];
  __m512i s1, s2;
};

Limbs to_limbs(std::uint64_t w0, std::uint64_t w1, std::uint64_t w2) {
  return {{w0 & kMask44, ((w0 >> 44) | (w1 << 20)) & kMask44, (w1 >> 24) | (w2 << 40)}};
}

// a * b, limbs below 2^44, 2^44 and 2^43.
Limbs multiply(const Limbs& a, const Limbs& b) {
  using u128 = unsigned __int128;
  const std::uint64_t s1 = b.v[1] * 20, s2 = b.v[2] * 20;
  const u128 d0 = u128{a.v[0]} * b.v[0] + u128{a.v[1]} * s2 + u128{a.v[2]} * s1;
  const u128 d1 = u128{a.v[0]} * b.v[1] + u128{a.v[1]} * b.v[0] + u128{a.v[2]} * s2 +
                  static_cast<std::uint64_t>(d0 >> 44);
  const u128 d2 = u128{a.v[0]} * b.v[2] + u128{a.v[1]} * b.v[1] + u128{a.v[2]} * b.v[0] +
                  static_cast<std::uint64_t>(d1 >> 44);
  Limbs out;
  const std::uint64_t low =
      (static_cast<std::uint64_t>(d0) & kMask44) + static_cast<std::uint64_t>(d2 >> 42) * 5;
  out.v[0] = low & kMask44;
  out.v[1] = (static_cast<std::uint64_t>(d1) & kMask44) + (low >> 44);
  out.v[2] = static_cast<std::uint64_t>(d2) & kMask42;
  return out;
}

ASHLAR_TARGET_INLINE(ASHLAR_IFMA) __m512i times20(__m512i x) {
  return _mm512_add_epi64(_mm512_slli_epi64(x, 4), _mm512_slli_epi64(x, 2));
}

ASHLAR_TARGET_INLINE(ASHLAR_IFMA) Multiplier multiplier(const Lanes& x) {
  return {{x.v[0], x.v[1], x.v[2]}, times20(x.v[1]), times20(x.v[2])};
}

// a * m lane by lane; a's limbs below 2^46, the result's below 2^45.
ASHLAR_TARGET_INLINE(ASHLAR_IFMA) Lanes multiply(const Lanes& a, const Multiplier& m) {
  const __m512i zero = _mm512_setzero_si512();
  __m512i l0 = _mm512_madd52lo_epu64(zero, a.v[2], m.s1);
  __m512i h0 = _mm512_madd52hi_epu64(zero, a.v[2], m.s1);
  __m512i l1 = _mm512_madd52lo_epu64(zero, a.v[2], m.s2);
  __m512i h1 = _mm512_madd52hi_epu64(zero, a.v[2], m.s2);
  __m512i l2 = _mm512_madd52lo_epu64(zero, a.v[2], m.r[0]);
  __m512i h2 = _mm512_madd52hi_epu64(zero, a.v[2], m.r[0]);
  l0 = _mm512_madd52lo_epu64(l0, a.v[0], m.r[0]);
  h0 = _mm512_madd52hi_epu64(h0, a.v[0], m.r[0]);
  l1 = _mm512_madd52lo_epu64(l1, a.v[0], m.r[1]);
  h1 = _mm512_madd52hi_epu64(h1, a.v[0], m.r[1]);
  l2 = _mm512_madd52lo_epu64(l2, a.v[0], m.r[2]);
  h2 = _mm512_madd52hi_epu64(h2, a.v[0], m.r[2]);
  l0 = _mm512_madd52lo_epu64(l0, a.v[1], m.s2);
  h0 = _mm512_madd52hi_epu64(h0, a.v[1], m.s2);
  l1 = _mm512_madd52lo_epu64(l1, a.v[1], m.r[0]);
  h1 = _mm512_madd52hi_epu64(h1, a.v[1], m.r[0]);
  l2 = _mm512_madd52lo_epu64(l2, a.v[1], m.r[1]);
  h2 = _mm512_madd52hi_epu64(h2, a.v[1], m.r[1]);

  const __m512i mask44 = _mm512_set1_epi64(static_cast<long long>(kMask44));
  const __m512i mask42 = _mm512_set1_epi64(static_cast<long long>(kMask42));
  l1 = _mm512_add_epi64(l1, _mm512_add_epi64(_mm512_srli_epi64(l0, 44), _mm512_slli_epi64(h0, 8)));
  l2 = _mm512_add_epi64(l2, _mm512_add_epi64(_mm512_srli_epi64(l1, 44), _mm512_slli_epi64(h1, 8)));
  const __m512i carry = _mm512_add_epi64(_mm512_srli_epi64(l2, 42), _mm512_slli_epi64(h2, 10));
  // carry * 5, then once more out of limb 0, which must stay below 2^52.
  l0 = _mm512_add_epi64(_mm512_and_si512(l0, mask44), _mm512_add_epi64(carry, _mm512_slli_epi64(carry, 2)));
  l1 = _mm512_add_epi64(_mm512_and_si512(l1, mask44), _mm512_srli_epi64(l0, 44));
  return {{_mm512_and_si512(l0, mask44), l1, _mm512_and_si512(l2, mask42)}};
}

// a plus eight blocks of data, each with its bit 2^128.
ASHLAR_TARGET_INLINE(ASHLAR_IFMA) Lanes add_blocks(const Lanes& a, const std::uint8_t* data) {
  const __m512i first = _mm512_loadu_si512(data);
  const __m512i second = _mm512_loadu_si512(data + 64);
  const __m512i low = _mm512_unpacklo_epi64(first, second);
  const __m512i high = _mm512_unpackhi_epi64(first, second);
  const __m512i mask44 = _mm512_set1_epi64(static_cast<long long>(kMask44));
  const __m512i middle =
      _mm512_and_si512(_mm512_or_si512(_mm512_srli_epi64(low, 44), _mm512_slli_epi64(high, 20)), mask44);
  const __m512i top = _mm512_or_si512(_mm512_srli_epi64(high, 24), _mm512_set1_epi64(1ll << 40));
  return {{_mm512_add_epi64(a.v[0], _mm512_and_si512(low, mask44)), _mm512_add_epi64(a.v[1], middle),
           _mm512_add_epi64(a.v[2], top)}};
}

ASHLAR_TARGET_INLINE(ASHLAR_IFMA) Lanes broadcast(const Limbs& x) {
  return {{_mm512_set1_epi64(static_cast<long long>(x.v[0])),
           _mm512_set1_epi64(static_cast<long long>(x.v[1])),
           _mm512_set1_epi64(static_cast<long long>(x.v[2]))}};
}

// powers[i] = r^(i+1), i < 8, arranged for the lane order: lane of block j holds r^(8-j).
ASHLAR_TARGET_INLINE(ASHLAR_IFMA) Lanes arrange(const Limbs powers[8]) {
  Lanes out;
  for (int i = 0; i < 3; ++i) {
    out.v[i] =
        _mm512_set_epi64(static_cast<long long>(powers[0].v[i]), static_cast<long long>(powers[4].v[i]),
                         static_cast<long long>(powers[1].v[i]), static_cast<long long>(powers[5].v[i]),
                         static_cast<long long>(powers[2].v[i]), static_cast<long long>(powers[6].v[i]),
                         static_cast<long long>(powers[3].v[i]), static_cast<long long>(powers[7].v[i]));
  }
  return out;
}

// Adds up all lanes and stores the sum, below 2^131, as words.
ASHLAR_TARGET_INLINE(ASHLAR_IFMA) void fold(const Lanes& a, std::uint64_t h[3]) {
  std::uint64_t l0 = static_cast<std::uint64_t>(_mm512_reduce_add_epi64(a.v[0]));
  std::uint64_t l1 = static_cast<std::uint64_t>(_mm512_reduce_add_epi64(a.v[1]));
  std::uint64_t l2 = static_cast<std::uint64_t>(_mm512_reduce_add_epi64(a.v[2]));
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
  h[0] = l0 | (l1 << 44);
  h[1] = (l1 >> 20) | (l2 << 24);
  h[2] = l2 >> 40;
}

// Below this many blocks the powers cost more than the lanes gain.
constexpr std::size_t kMinBlocks = 24;

ASHLAR_TARGET(ASHLAR_IFMA) void absorb(Poly1305State& state, const std::uint8_t* data, std::size_t blocks) {
  Limbs powers[8];
  powers[0] = to_limbs(state.r[0], state.r[1], 0);
  powers[1] = multiply(powers[0], powers[0]);
  powers[2] = multiply(powers[1], powers[0]);
  powers[3] = multiply(powers[1], powers[1]);
  for (int i = 4; i < 8; ++i) {
    powers[i] = multiply(powers[3], powers[i - 4]);
  }
  const Lanes low_powers = arrange(powers);
  const Multiplier r8 = multiplier(broadcast(powers[7]));

  // The running value joins block 0, which stands in lane 0.
  const Limbs h = to_limbs(state.h[0], state.h[1], state.h[2]);
  Lanes first{{_mm512_zextsi128_si512(_mm_cvtsi64_si128(static_cast<long long>(h.v[0]))),
               _mm512_zextsi128_si512(_mm_cvtsi64_si128(static_cast<long long>(h.v[1]))),
               _mm512_zextsi128_si512(_mm_cvtsi64_si128(static_cast<long long>(h.v[2])))}};
  if ((blocks & 8) != 0) {
    // An odd group of eight goes ahead, so that the rest is in pairs; blocks >= 24 holds.
    first = multiply(add_blocks(first, data), r8);
    data += 128;
    blocks -= 8;
  }
  const Lanes high_powers = multiply(low_powers, r8);
  const Multiplier r16 = multiplier(multiply(broadcast(powers[7]), r8));
  first = add_blocks(first, data);
  Lanes second = add_blocks(broadcast({{0, 0, 0}}), data + 128);
  for (data += 256, blocks -= 16; blocks != 0; data += 256, blocks -= 16) {
    first = add_blocks(multiply(first, r16), data);
    second = add_blocks(multiply(second, r16), data + 128);
  }
  first = multiply(first, multiplier(high_powers));
  second = multiply(second, multiplier(low_powers));
  for (int i = 0; i < 3; ++i) {
    first.v[i] = _mm512_add_epi64(first.v[i], second.v[i]);
  }
  fold(first, state.h);
  wipe(powers, sizeof powers);
  _mm256_zeroupper();
}

}  // namespace

void poly1305_blocks_ifma(Poly1305State& state, const std::uint8_t* data, std::size_t blocks) {
  if (blocks >= kMinBlocks) {
    const std::size_t wide = blocks & ~std::size_t{7};
    absorb(state, data, wide);
    data += 16 * wide;
    blocks -= wide;
  }
  poly1305_blocks_bmi2(state, data, blocks);
}

}  // namespace ashlar::crypto::chacha

#endif
