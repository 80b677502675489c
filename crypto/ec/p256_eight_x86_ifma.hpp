// SPDX-License-Identifier: Apache-2.0
// The field and the points of P-256, eight at a time, with AVX-512 IFMA: lane l of the five vectors of an
// element holds the digits of 52 bits of element l.
//
// Algorithm. Montgomery's form with R = 2^260, which is sixteen times p. A product of numbers below 4 p is
// below 2 p, so nothing is subtracted after it. p = -1 modulo 2^52, so the digit of a reduction is the lowest
// digit itself. Since p = 2^256 - 2^224 + 2^192 + 2^96 - 1, adding digit * p clears it, and adds digit * 2^44
// one digit up, digit * 2^36 three digits up and digit * (2^48 - 2^16) four digits up. vpmadd52 reads the low
// 52 bits of its operands alone, so every sum is carried to digits before it is multiplied.
//
// Bound. 50 vpmadd52 for a product, 30 for a square, 30 for the reduction of either. Zen 4 does one a cycle,
// Zen 5 two.
#pragma once

#include "ec/curves.hpp"

#include "cpu/dead_stack.hpp"
#include "cpu/transpose_x86.hpp"
#include "cpu/x86.hpp"

#if ASHLAR_X86_KERNELS && !defined(ASHLAR_EMULATED_KERNELS)

namespace ashlar::crypto::ec::p256_eight {

#define ASHLAR_P256_IFMA "avx2,avx512f,avx512vl,avx512dq,avx512ifma,bmi2,adx"

constexpr std::size_t kLanes = 8;
constexpr int kDigits = 5;
constexpr unsigned kDigitBits = 52;

// 1 and 2^256 modulo p, in Montgomery form with R = 2^260 and as a plain number.
inline constexpr std::uint64_t kOne[kDigits] = {0x0000000000010, 0xf000000000000, 0xfffffffffffff,
                                                0xffeffffffffff, 0x00000000fffff};
inline constexpr std::uint64_t kTwoTo256[kDigits] = {0, 0, 0, 0, std::uint64_t{1} << 48};

struct alignas(64) Element {
  __m512i v[kDigits];  // each below 2^52
};
struct Point {
  Element x, y, z;  // Jacobian coordinates: x and y below 1.01 p, z below 2 p
};

ASHLAR_TARGET_INLINE(ASHLAR_P256_IFMA) __m512i words(std::uint64_t value) {
  return _mm512_set1_epi64(static_cast<long long>(value));
}
ASHLAR_TARGET_INLINE(ASHLAR_P256_IFMA) __m512i mask() {
  return words((std::uint64_t{1} << kDigitBits) - 1);
}

// times * p, digit by digit, for times below 16.
ASHLAR_TARGET_INLINE(ASHLAR_P256_IFMA) __m512i digit_of_p(int digit, std::uint64_t times) {
  constexpr std::uint64_t kP[kDigits] = {0xfffffffffffff, 0x00fffffffffff, 0, 0x0001000000000,
                                         0x0ffffffff0000};
  return words(times * kP[digit]);
}

// Digits from sums and differences whose value is not negative.
ASHLAR_TARGET_INLINE(ASHLAR_P256_IFMA) void carry(Element& a) {
  ASHLAR_UNROLL
  for (int i = 0; i + 1 < kDigits; i++) {
    a.v[i + 1] = _mm512_add_epi64(a.v[i + 1], _mm512_srai_epi64(a.v[i], kDigitBits));
    a.v[i] = _mm512_and_si512(a.v[i], mask());
  }
}

// The same for a value below 16 p; the result is below 1.01 p. It takes p away as often as 2^256 is in the
// value.
ASHLAR_TARGET_INLINE(ASHLAR_P256_IFMA) void carry_and_lessen(Element& a) {
  carry(a);
  const __m512i times = _mm512_srli_epi64(a.v[4], 48);
  a.v[4] = _mm512_and_si512(a.v[4], words((std::uint64_t{1} << 48) - 1));
  a.v[0] = _mm512_add_epi64(a.v[0], times);
  a.v[1] = _mm512_sub_epi64(a.v[1], _mm512_slli_epi64(times, 44));
  a.v[3] = _mm512_sub_epi64(a.v[3], _mm512_slli_epi64(times, 36));
  a.v[4] = _mm512_add_epi64(a.v[4], _mm512_slli_epi64(times, 16));
  carry(a);
}

// out = a - b + times * p, not carried.
ASHLAR_TARGET_INLINE(ASHLAR_P256_IFMA)
void subtract(Element& out, const Element& a, const Element& b, std::uint64_t times) {
  ASHLAR_UNROLL
  for (int i = 0; i < kDigits; i++) {
    out.v[i] = _mm512_add_epi64(_mm512_sub_epi64(a.v[i], b.v[i]), digit_of_p(i, times));
  }
}

// out = the columns / R: each is below 2^57.
ASHLAR_TARGET_INLINE(ASHLAR_P256_IFMA) void reduce(Element& out, __m512i (&column)[2 * kDigits]) {
  const __m512i p1 = words(std::uint64_t{1} << 44), p3 = words(std::uint64_t{1} << 36),
                p4 = words(0x0ffffffff0000);
  ASHLAR_UNROLL
  for (int i = 0; i < kDigits; i++) {
    const __m512i digit = _mm512_and_si512(column[i], mask());
    column[i + 1] = _mm512_add_epi64(column[i + 1], _mm512_srli_epi64(column[i], kDigitBits));
    column[i + 1] = _mm512_madd52lo_epu64(column[i + 1], digit, p1);
    column[i + 2] = _mm512_madd52hi_epu64(column[i + 2], digit, p1);
    column[i + 3] = _mm512_madd52lo_epu64(column[i + 3], digit, p3);
    column[i + 4] = _mm512_madd52hi_epu64(column[i + 4], digit, p3);
    column[i + 4] = _mm512_madd52lo_epu64(column[i + 4], digit, p4);
    column[i + 5] = _mm512_madd52hi_epu64(column[i + 5], digit, p4);
  }
  ASHLAR_UNROLL
  for (int i = 0; i < kDigits; i++) {
    out.v[i] = column[kDigits + i];
  }
  carry(out);
}

// out = a * b / R.
[[gnu::noinline]] ASHLAR_TARGET(ASHLAR_P256_IFMA) inline void multiply(Element& out, const Element& a,
                                                                       const Element& b) {
  __m512i column[2 * kDigits];
  ASHLAR_UNROLL
  for (int k = 0; k < 2 * kDigits; k++) {
    column[k] = _mm512_setzero_si512();
  }
  ASHLAR_UNROLL
  for (int i = 0; i < kDigits; i++) {
    ASHLAR_UNROLL
    for (int j = 0; j < kDigits; j++) {
      column[i + j] = _mm512_madd52lo_epu64(column[i + j], a.v[i], b.v[j]);
      column[i + j + 1] = _mm512_madd52hi_epu64(column[i + j + 1], a.v[i], b.v[j]);
    }
  }
  reduce(out, column);
}

// out = a * a / R.
[[gnu::noinline]] ASHLAR_TARGET(ASHLAR_P256_IFMA) inline void square(Element& out, const Element& a) {
  __m512i column[2 * kDigits];
  ASHLAR_UNROLL
  for (int k = 0; k < 2 * kDigits; k++) {
    column[k] = _mm512_setzero_si512();
  }
  ASHLAR_UNROLL
  for (int i = 0; i < kDigits; i++) {
    ASHLAR_UNROLL
    for (int j = i + 1; j < kDigits; j++) {
      column[i + j] = _mm512_madd52lo_epu64(column[i + j], a.v[i], a.v[j]);
      column[i + j + 1] = _mm512_madd52hi_epu64(column[i + j + 1], a.v[i], a.v[j]);
    }
  }
  ASHLAR_UNROLL
  for (int i = 0; i < kDigits; i++) {
    column[2 * i] = _mm512_add_epi64(column[2 * i], column[2 * i]);
    column[2 * i + 1] = _mm512_add_epi64(column[2 * i + 1], column[2 * i + 1]);
    column[2 * i] = _mm512_madd52lo_epu64(column[2 * i], a.v[i], a.v[i]);
    column[2 * i + 1] = _mm512_madd52hi_epu64(column[2 * i + 1], a.v[i], a.v[i]);
  }
  reduce(out, column);
}

ASHLAR_TARGET_INLINE(ASHLAR_P256_IFMA) Element constant(const std::uint64_t (&digits)[kDigits]) {
  Element out;
  ASHLAR_UNROLL
  for (int i = 0; i < kDigits; i++) {
    out.v[i] = words(digits[i]);
  }
  return out;
}

// Vector by vector, as everything here is copied: g++ makes rep movs of an assignment, which can take a
// thousand cycles.
ASHLAR_TARGET_INLINE(ASHLAR_P256_IFMA) void zero(Point& out) {
  ASHLAR_UNROLL
  for (int i = 0; i < kDigits; i++) {
    out.x.v[i] = out.y.v[i] = out.z.v[i] = _mm512_setzero_si512();
  }
}

// Sixteen times the number in limbs, modulo p: the table's form has R = 2^256.
ASHLAR_TARGET_INLINE(ASHLAR_P256_IFMA) void from_limbs(Element& out, const __m512i* limbs) {
  out.v[0] = _mm512_slli_epi64(limbs[0], 4);
  out.v[1] = _mm512_or_si512(_mm512_srli_epi64(limbs[0], 48), _mm512_slli_epi64(limbs[1], 16));
  out.v[2] = _mm512_or_si512(_mm512_srli_epi64(limbs[1], 36), _mm512_slli_epi64(limbs[2], 28));
  out.v[3] = _mm512_or_si512(_mm512_srli_epi64(limbs[2], 24), _mm512_slli_epi64(limbs[3], 40));
  out.v[4] = _mm512_srli_epi64(limbs[3], 12);
  ASHLAR_UNROLL
  for (int i = 0; i < kDigits - 1; i++) {
    out.v[i] = _mm512_and_si512(out.v[i], mask());
  }
  carry_and_lessen(out);
}

// Every lane of `a`, which is below 2 p and was brought to R = 2^256 before, as reduced limbs.
ASHLAR_TARGET_INLINE(ASHLAR_P256_IFMA) void to_limbs(Limbs<4> (&out)[kLanes], const Element& a) {
  __m512i rows[kLanes];
  rows[0] = _mm512_or_si512(a.v[0], _mm512_slli_epi64(a.v[1], 52));
  rows[1] = _mm512_or_si512(_mm512_srli_epi64(a.v[1], 12), _mm512_slli_epi64(a.v[2], 40));
  rows[2] = _mm512_or_si512(_mm512_srli_epi64(a.v[2], 24), _mm512_slli_epi64(a.v[3], 28));
  rows[3] = _mm512_or_si512(_mm512_srli_epi64(a.v[3], 36), _mm512_slli_epi64(a.v[4], 16));
  rows[4] = _mm512_srli_epi64(a.v[4], 48);
  rows[5] = rows[6] = rows[7] = _mm512_setzero_si512();
  transpose_eight(rows);
  alignas(64) std::uint64_t limbs[kLanes][8];
  ASHLAR_UNROLL
  for (std::size_t lane = 0; lane < kLanes; lane++) {
    _mm512_store_si512(limbs[lane], rows[lane]);
  }
  for (std::size_t lane = 0; lane < kLanes; lane++) {
    std::memcpy(out[lane].v, limbs[lane], sizeof out[lane].v);
    ashlar_limbs_reduce_once(out[lane].v, limbs[lane][4], P256::Prime::kValue.v, 4);
  }
  wipe_by_call(limbs, sizeof limbs);
}

ASHLAR_TARGET_INLINE(ASHLAR_P256_IFMA)
void blend(Element& out, __mmask8 lanes, const Element& where, const Element& elsewhere) {
  ASHLAR_UNROLL
  for (int i = 0; i < kDigits; i++) {
    out.v[i] = _mm512_mask_mov_epi64(elsewhere.v[i], lanes, where.v[i]);
  }
}
ASHLAR_TARGET_INLINE(ASHLAR_P256_IFMA)
void blend(Point& out, __mmask8 lanes, const Point& where, const Point& elsewhere) {
  blend(out.x, lanes, where.x, elsewhere.x);
  blend(out.y, lanes, where.y, elsewhere.y);
  blend(out.z, lanes, where.z, elsewhere.z);
}

// As Weierstrass::finish_add: u1 and s1 are below 2 p.
[[gnu::noinline]] ASHLAR_TARGET(ASHLAR_P256_IFMA) inline void finish_add(Point& out, const Element& u1,
                                                                         const Element& s1, const Element& u2,
                                                                         const Element& s2,
                                                                         const Element& z) {
  Element h, r, hh, hhh, v, rr;
  subtract(h, u2, u1, 2);
  carry(h);
  subtract(r, s2, s1, 2);
  carry(r);
  square(hh, h);
  square(rr, r);
  multiply(out.z, z, h);
  multiply(hhh, hh, h);
  multiply(v, u1, hh);
  multiply(hh, s1, hhh);
  subtract(rr, rr, hhh, 6);
  subtract(rr, rr, v, 0);
  subtract(out.x, rr, v, 0);
  carry_and_lessen(out.x);
  subtract(v, v, out.x, 2);
  carry(v);
  multiply(v, v, r);
  subtract(out.y, v, hh, 2);
  carry_and_lessen(out.y);
}

// out = p + q for points that are finite and differ in x, in each lane; q affine, its coordinates below 2 p.
[[gnu::noinline]] ASHLAR_TARGET(ASHLAR_P256_IFMA) inline void add_affine(Point& out, const Point& p,
                                                                         const Element& x, const Element& y) {
  Element zz, u2, s2;
  square(zz, p.z);
  multiply(s2, y, p.z);
  multiply(u2, x, zz);
  multiply(s2, s2, zz);
  finish_add(out, p.x, p.y, u2, s2, p.z);
}

// The same for q in Jacobian coordinates.
[[gnu::noinline]] ASHLAR_TARGET(ASHLAR_P256_IFMA) inline void add(Point& out, const Point& p,
                                                                  const Point& q) {
  Element pzz, qzz, u1, s1, u2, s2, z;
  square(qzz, q.z);
  square(pzz, p.z);
  multiply(s1, p.y, q.z);
  multiply(s2, q.y, p.z);
  multiply(u1, p.x, qzz);
  multiply(u2, q.x, pzz);
  multiply(s1, s1, qzz);
  multiply(s2, s2, pzz);
  multiply(z, p.z, q.z);
  finish_add(out, u1, s1, u2, s2, z);
}

// out = 2 p, which may be p, for a finite p: no finite point has y = 0, since the order is odd.
[[gnu::noinline]] ASHLAR_TARGET(ASHLAR_P256_IFMA) inline void twice(Point& out, const Point& p) {
  Element delta, gamma, beta, sum, slope, v, y;
  square(delta, p.z);
  square(gamma, p.y);
  subtract(slope, p.x, delta, 2);
  carry(slope);
  ASHLAR_UNROLL
  for (int i = 0; i < kDigits; i++) {
    sum.v[i] = _mm512_add_epi64(p.x.v[i], delta.v[i]);
    y.v[i] = _mm512_add_epi64(p.y.v[i], p.y.v[i]);
  }
  carry(sum);
  carry(y);
  multiply(slope, slope, sum);
  multiply(beta, p.x, gamma);
  multiply(out.z, y, p.z);
  ASHLAR_UNROLL
  for (int i = 0; i < kDigits; i++) {
    slope.v[i] = _mm512_add_epi64(slope.v[i], _mm512_add_epi64(slope.v[i], slope.v[i]));
  }
  carry(slope);  // below 4.4 p
  square(v, slope);
  square(gamma, gamma);
  ASHLAR_UNROLL
  for (int i = 0; i < kDigits; i++) {
    beta.v[i] = _mm512_slli_epi64(beta.v[i], 2);
    gamma.v[i] = _mm512_slli_epi64(gamma.v[i], 3);
    v.v[i] = _mm512_sub_epi64(v.v[i], beta.v[i]);
  }
  subtract(out.x, v, beta, 9);
  carry_and_lessen(out.x);
  subtract(v, beta, out.x, 2);
  carry(v);
  multiply(v, v, slope);
  subtract(out.y, v, gamma, 9);
  carry_and_lessen(out.y);
}

}  // namespace ashlar::crypto::ec::p256_eight

#endif
