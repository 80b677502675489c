// SPDX-License-Identifier: Apache-2.0
// Poly1305 with AVX-512 IFMA by itself: what comes before and after the steps of poly1305_x86_ifma.hpp, and
// their loop without a cipher beside it.
#include "chacha20poly1305/poly1305_x86_ifma.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::chacha {
namespace {

// Below this many blocks the powers cost more than the lanes gain.
constexpr std::size_t kMinBlocks = 16;
// From this many groups on it pays to prepare r^16 to r^32.
constexpr std::size_t kMinStepGroups = 8;

struct Limbs {
  std::uint64_t v[3];
};

Limbs to_limbs(std::uint64_t w0, std::uint64_t w1, std::uint64_t w2) {
  return {{w0 & kMask44, ((w0 >> 44) | (w1 << 20)) & kMask44, (w1 >> 24) | (w2 << 40)}};
}

// Lane 0 in all lanes.
ASHLAR_TARGET_INLINE(ASHLAR_IFMA) Lanes first_lane(const Lanes& x) {
  Lanes out;
  for (int i = 0; i < 3; ++i) {
    out.v[i] = _mm512_broadcastq_epi64(_mm512_castsi512_si128(x.v[i]));
  }
  return out;
}

// b's lanes where `mask` has ones, a's elsewhere.
ASHLAR_TARGET_INLINE(ASHLAR_IFMA) Lanes blend(__mmask8 mask, const Lanes& a, const Lanes& b) {
  Lanes out;
  for (int i = 0; i < 3; ++i) {
    out.v[i] = _mm512_mask_blend_epi64(mask, a.v[i], b.v[i]);
  }
  return out;
}

// The blocks in lanes 0 to 7.
ASHLAR_TARGET_INLINE(ASHLAR_IFMA) __m512i lane_order() {
  return _mm512_set_epi64(7, 3, 6, 2, 5, 1, 4, 0);
}

}  // namespace

ASHLAR_TARGET(ASHLAR_IFMA)
void prepare_wide(WidePoly& poly, const Poly1305State& state, bool steps) {
  const Limbs r = to_limbs(state.r[0], state.r[1], 0);
  // Exponents in lanes 0 to 7, on the way to 8 4 7 3 6 2 5 1.
  const Lanes r1{{broadcast(r.v[0]), broadcast(r.v[1]), broadcast(r.v[2])}};
  const Lanes r2 = multiply(r1, multiplier(r1));
  const Lanes to_2 = blend(0xcc, r2, r1);                                // 2 2 1 1 2 2 1 1
  const Lanes to_4 = blend(0xf0, multiply(to_2, multiplier(r2)), to_2);  // 4 4 3 3 2 2 1 1
  const Multiplier r4 = multiplier(first_lane(to_4));
  poly.low = blend(0xaa, multiply(to_4, r4), to_4);
  const Lanes r8 = first_lane(poly.low);
  Lanes powers = r8;
  if (steps) {
    const Lanes r16 = multiply(r8, multiplier(r8));
    const Lanes to_16 = blend(0xaa, r8, r16);                       // 8 16 8 16 …
    powers = blend(0xfc, to_16, multiply(to_16, multiplier(r16)));  // 8 16 24 32 …
  }
  const Multiplier m = multiplier(powers);
  for (int i = 0; i < 3; ++i) {
    _mm256_store_si256(reinterpret_cast<__m256i*>(poly.power[i]), _mm512_castsi512_si256(m.r[i]));
  }
  _mm256_store_si256(reinterpret_cast<__m256i*>(poly.power[3]), _mm512_castsi512_si256(m.s1));
  _mm256_store_si256(reinterpret_cast<__m256i*>(poly.power[4]), _mm512_castsi512_si256(m.s2));
}

ASHLAR_TARGET(ASHLAR_IFMA)
void begin_wide(WidePoly& poly, const Poly1305State& state, const std::uint8_t* data, std::size_t blocks) {
  const std::size_t missing = 8 - blocks;
  // Two words for each of the blocks that are there.
  const unsigned words = (0xffffu << (2 * missing)) & 0xffff;
  const unsigned in_first = missing < 4 ? static_cast<unsigned>(4 - missing) : 0;
  const __m512i first = _mm512_maskz_expandloadu_epi64(static_cast<__mmask8>(words), data);
  const __m512i second =
      _mm512_maskz_expandloadu_epi64(static_cast<__mmask8>(words >> 8), data + 16 * in_first);
  const __m512i from = broadcast(missing);
  const __mmask8 there = _mm512_cmpge_epu64_mask(lane_order(), from);
  const Lanes m = split(first, second, _mm512_maskz_set1_epi64(there, 1ll << 40));
  // The running value joins the first block.
  const __mmask8 leading = _mm512_cmpeq_epu64_mask(lane_order(), from);
  const Limbs h = to_limbs(state.h[0], state.h[1], state.h[2]);
  for (int i = 0; i < 3; ++i) {
    poly.h.v[i] = _mm512_mask_add_epi64(m.v[i], leading, m.v[i], broadcast(h.v[i]));
  }
}

ASHLAR_TARGET(ASHLAR_IFMA)
void absorb_wide(WidePoly& poly, const std::uint8_t* data, std::size_t groups, bool steps) {
  Lanes h = poly.h;
  if (steps) {
    for (; groups >= 4; groups -= 4, data += 512) {
      Product p;
      step_part<0>(poly, h, p, data);
      step_part<1>(poly, h, p, data);
      step_part<2>(poly, h, p, data);
      step_part<3>(poly, h, p, data);
      step_part<4>(poly, h, p, data);
    }
    if (groups >= 2) {
      Product p = no_product();
      add_product(p, group(data), power(poly, 1));
      add_product(p, h, power(poly, 2));
      h = add(carry(p), group(data + 128));
      groups -= 2;
      data += 256;
    }
  }
  for (; groups != 0; --groups, data += 128) {
    h = add(multiply(h, power(poly, 1)), group(data));
  }
  poly.h = h;
}

ASHLAR_TARGET(ASHLAR_IFMA)
void finish_wide(WidePoly& poly, Poly1305State& state) {
  const Lanes sum = multiply(poly.h, multiplier(poly.low));
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
  wipe(&poly, sizeof poly);
}

ASHLAR_TARGET(ASHLAR_IFMA)
void poly1305_blocks_ifma(Poly1305State& state, const std::uint8_t* data, std::size_t blocks) {
  if (blocks < kMinBlocks) {
    poly1305_blocks_bmi2(state, data, blocks);
    return;
  }
  const std::size_t first = (blocks - 1) % 8 + 1;
  const std::size_t groups = (blocks - first) / 8;
  const bool steps = groups >= kMinStepGroups;
  WidePoly poly;
  prepare_wide(poly, state, steps);
  begin_wide(poly, state, data, first);
  absorb_wide(poly, data + 16 * first, groups, steps);
  finish_wide(poly, state);
  clear_vectors_avx512();
}

}  // namespace ashlar::crypto::chacha

#endif
