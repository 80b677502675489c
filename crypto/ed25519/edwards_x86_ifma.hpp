// SPDX-License-Identifier: Apache-2.0
// Points of edwards25519 with AVX-512 IFMA: the coordinates X, Y, Z, T of a point in the four lanes of
// x25519/four_x86_ifma.hpp. An addition or a doubling is two products of four lanes.
//
// What is odd: these functions are not inlined, and points pass through memory. A template over groups cannot
// call functions that must be inlined under another target.
#pragma once

#include "x25519/four_x86_ifma.hpp"

#if ASHLAR_X86_KERNELS && !defined(ASHLAR_EMULATED_KERNELS)

#include "ec/scalar_multiply.hpp"
#include "ed25519/edwards.hpp"
#include "x25519/field_51.hpp"
#include "x25519/field_x86_adx.hpp"

namespace ashlar::crypto::ed25519 {

struct EdwardsIfma {
  using Field = x25519::FieldAdx;
  using Four = x25519::Four;

  struct Point {
    alignas(32) std::uint64_t limb[5][4];  // X, Y, Z, T
  };
  // A point to be added again and again: Y - X, Y + X, 2 Z, 2 d T.
  struct Addend {
    alignas(32) std::uint64_t limb[5][4];
  };
  struct Work {};  // secrets stay in registers

  static void identity(Point& p) {
    p = {};
    p.limb[0][1] = p.limb[0][2] = 1;
  }
  static void from_affine(Point& p, const std::uint64_t* x, const std::uint64_t* y) {
    Field::Element tx, ty, t;
    Field::load_words(tx, x);
    Field::load_words(ty, y);
    Field::multiply(t, tx, ty);
    const std::uint64_t one[4] = {1};
    put(p, 0, x);
    put(p, 1, y);
    put(p, 2, one);
    put(p, 3, t.v);
  }
  static void coordinates(const Point& p, Field::Element& x, Field::Element& y, Field::Element& z) {
    get(p, 0, x);
    get(p, 1, y);
    get(p, 2, z);
  }

  // p = 2^times * p.
  ASHLAR_TARGET(ASHLAR_IFMA_TARGET) static void twice(Point& p, int times) {
    using namespace x25519;
    Four x = load(p.limb);
    for (int i = 0; i < times; i++) {
      const Four y = masked<0b1000>(four_lanes<1, 1, 1, 1>(x));
      const Four s = four_add(four_lanes<0, 1, 2, 0>(x), y);  // X, Y, Z, X + Y
      const Four r = four_multiply(s, s);                     // XX, YY, ZZ, SS
      Four a = masked<0b0101>(four_lanes<3, 3, 2, 2>(r)), b = four_lanes<1, 1, 1, 1>(r),
           c = four_lanes<0, 0, 0, 0>(r);
      for (int j = 0; j < 5; j++) {
        a.v[j] = _mm256_mask_add_epi64(a.v[j], 0b0100, a.v[j], a.v[j]);
      }
      four_negate_twice<0b0100>(a);
      four_negate<0b0011>(b);
      four_negate<0b1111>(c);
      for (int j = 0; j < 5; j++) {
        a.v[j] = _mm256_add_epi64(_mm256_add_epi64(a.v[j], b.v[j]), c.v[j]);
      }
      four_carry(a);  // E = SS - YY - XX, H = -YY - XX, F = YY - XX - 2 ZZ, G = YY - XX
      x = finish(a);
    }
    store(p.limb, x);
    clear_vectors_avx512();
  }

  ASHLAR_TARGET(ASHLAR_IFMA_TARGET) static void prepare(Addend& out, const Point& p) {
    using namespace x25519;
    const std::uint64_t mask = (std::uint64_t{1} << 51) - 1;
    Four factor;
    for (int i = 0; i < 5; i++) {
      const std::uint64_t one = i == 0;
      factor.v[i] = four_set(one, one, 2 * one, limb_of(kTwiceD, i) & mask);
    }
    store(out.limb, four_multiply(differences(load(p.limb)), factor));
  }
  // p = p + q, or p - q. Branches on which.
  ASHLAR_TARGET(ASHLAR_IFMA_TARGET) static void add_public(Point& p, const Addend& q, bool negative) {
    using namespace x25519;
    Four f = load(q.limb);
    if (negative) {
      f = four_lanes<1, 0, 2, 3>(f);
      four_negate<0b1000>(f);
      four_carry(f);
    }
    store(p.limb, add(load(p.limb), f));
  }
  ASHLAR_TARGET(ASHLAR_IFMA_TARGET)
  static void add_public(Point& p, const TableEntry& entry, bool negative) {
    add_entry(p, _mm512_loadu_si512(entry), load4(entry + 8), negative ? 0xff : 0);
  }

  // p = p + digit times the point whose multiples are in the row. Constant time in everything.
  ASHLAR_TARGET(ASHLAR_IFMA_TARGET)
  static void add_from_row(Point& p, Work&, const TableEntry (&row)[8], const ec::SignedDigit& digit) {
    const __m512i magnitude = _mm512_set1_epi64(static_cast<long long>(digit.magnitude));
    const std::uint64_t none = ct::is_zero(digit.magnitude).bits();
    // The neutral point is (1 / 2, 1 / 2, 0).
    const __m256i half = _mm256_and_si256(load4(kHalf), x25519::four_words(none));
    __m512i sums = _mm512_broadcast_i64x4(half);
    __m256i product = _mm256_setzero_si256();
    for (int i = 0; i < 8; i++) {
      const __m512i mask = _mm512_movm_epi64(_mm512_cmpeq_epi64_mask(magnitude, _mm512_set1_epi64(i + 1)));
      const __m512i two = _mm512_loadu_si512(row[i]);
      const __m256i one = load4(row[i] + 8);
      sums = _mm512_or_si512(sums, _mm512_and_si512(two, mask));
      product = _mm256_or_si256(product, _mm256_and_si256(one, _mm512_castsi512_si256(mask)));
    }
    add_entry(p, sums, product, static_cast<unsigned>(digit.negative.bits() & 0xff));
    clear_vectors_avx512();
  }

 private:
  static std::uint64_t limb_of(const std::uint64_t* words, int i) {
    x25519::Field51::Element e;
    x25519::Field51::load_words(e, words);
    return e.v[i];
  }
  static void put(Point& p, int lane, const std::uint64_t* words) {
    // FieldAdx leaves numbers slightly above 2^255. That is fine: the top limb takes the excess.
    for (int i = 0; i < 5; i++) {
      p.limb[i][lane] = i < 4 ? limb_of(words, i) : words[3] >> 12;
    }
  }
  static void get(const Point& p, int lane, Field::Element& out) {
    struct {
      x25519::Field51::Element limbs;
      std::uint8_t bytes[32];
    } s;
    for (int i = 0; i < 5; i++) {
      s.limbs.v[i] = p.limb[i][lane];
    }
    x25519::Field51::store(s.bytes, s.limbs);
    Field::load(out, s.bytes);
    wipe(&s, sizeof s);
  }

  ASHLAR_TARGET_INLINE(ASHLAR_IFMA_TARGET) static __m256i load4(const std::uint64_t* words) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(words));
  }
  ASHLAR_TARGET_INLINE(ASHLAR_IFMA_TARGET) static Four load(const std::uint64_t (&limbs)[5][4]) {
    return {{load4(limbs[0]), load4(limbs[1]), load4(limbs[2]), load4(limbs[3]), load4(limbs[4])}};
  }
  ASHLAR_TARGET_INLINE(ASHLAR_IFMA_TARGET) static void store(std::uint64_t (&limbs)[5][4], const Four& x) {
    for (int i = 0; i < 5; i++) {
      _mm256_store_si256(reinterpret_cast<__m256i*>(limbs[i]), x.v[i]);
    }
  }
  template <int kMask>
  ASHLAR_TARGET_INLINE(ASHLAR_IFMA_TARGET)
  static Four masked(const Four& x) {
    Four out;
    for (int i = 0; i < 5; i++) {
      out.v[i] = _mm256_maskz_mov_epi64(kMask, x.v[i]);
    }
    return out;
  }
  // 4 p - b in the lanes of the mask, for sums b of two tight elements.
  template <int kMask>
  ASHLAR_TARGET_INLINE(ASHLAR_IFMA_TARGET)
  static void four_negate_twice(Four& b) {
    constexpr std::uint64_t kFour = (std::uint64_t{1} << 53) - 4;  // a limb of 4 p
    for (int i = 0; i < 5; i++) {
      b.v[i] = _mm256_mask_sub_epi64(b.v[i], kMask, x25519::four_words(i == 0 ? kFour - 72 : kFour), b.v[i]);
    }
  }
  // Y - X, Y + X, Z, T
  ASHLAR_TARGET_INLINE(ASHLAR_IFMA_TARGET) static Four differences(const Four& p) {
    using namespace x25519;
    Four x = masked<0b0011>(four_lanes<0, 0, 0, 0>(p));
    four_negate<0b0001>(x);
    return four_add(four_lanes<1, 1, 2, 3>(p), x);
  }
  // The point from E, H, F, G.
  ASHLAR_TARGET_INLINE(ASHLAR_IFMA_TARGET) static Four finish(const Four& x) {
    using namespace x25519;
    return four_multiply(four_lanes<0, 3, 2, 0>(x), four_lanes<2, 1, 3, 1>(x));
  }
  ASHLAR_TARGET_INLINE(ASHLAR_IFMA_TARGET) static Four add(const Four& p, const Four& addend) {
    using namespace x25519;
    const Four r = four_multiply(differences(p), addend);  // A, B, D, C
    Four c = four_lanes<0, 0, 3, 3>(r);
    four_negate<0b0101>(c);
    return finish(four_add(four_lanes<1, 1, 2, 2>(r), c));  // B - A, B + A, D - C, D + C
  }
  // p = p + an entry of a table, negated where `negative` is 0xff instead of 0.
  ASHLAR_TARGET_INLINE(ASHLAR_IFMA_TARGET)
  static void add_entry(Point& p, __m512i sums, __m256i product, unsigned negative) {
    using namespace x25519;
    const __m256i sum = _mm512_castsi512_si256(sums), difference = _mm512_extracti64x4_epi64(sums, 1);
    const __mmask8 swap = static_cast<__mmask8>(negative);
    const __m256i r0 = _mm256_mask_mov_epi64(difference, swap, sum);
    const __m256i r1 = _mm256_mask_mov_epi64(sum, swap, difference);
    const __m256i one = four_set(1, 0, 0, 0);
    // Words to lanes.
    const __m256i a = _mm256_unpacklo_epi64(r0, r1), b = _mm256_unpackhi_epi64(r0, r1);
    const __m256i c = _mm256_unpacklo_epi64(one, product), d = _mm256_unpackhi_epi64(one, product);
    Four f = four_from_words(_mm256_permute2x128_si256(a, c, 0x20), _mm256_permute2x128_si256(b, d, 0x20),
                             _mm256_permute2x128_si256(a, c, 0x31), _mm256_permute2x128_si256(b, d, 0x31));
    const __mmask8 top = static_cast<__mmask8>(negative & 8);
    for (int i = 0; i < 5; i++) {
      constexpr std::uint64_t kTwice = (std::uint64_t{1} << 52) - 2;
      f.v[i] = _mm256_mask_sub_epi64(f.v[i], top, four_words(i == 0 ? kTwice - 36 : kTwice), f.v[i]);
    }
    four_carry(f);
    store(p.limb, add(load(p.limb), f));
  }
};

}  // namespace ashlar::crypto::ed25519

#endif
