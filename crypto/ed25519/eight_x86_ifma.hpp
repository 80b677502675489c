// SPDX-License-Identifier: Apache-2.0
// Points of edwards25519 in the eight lanes of x25519/eight_x86_ifma.hpp: one point a lane, with the formulas
// of edwards.hpp, and multiples of the base point.
#pragma once

#include "x25519/eight_power.hpp"

#if ASHLAR_X86_KERNELS && !defined(ASHLAR_EMULATED_KERNELS)

#include "cpu/dead_stack.hpp"
#include "cpu/transpose_x86.hpp"
#include "ed25519/base_table.hpp"
#include "ed25519/edwards.hpp"

namespace ashlar::crypto::ed25519::eight {

using namespace x25519;

struct Point {
  Eight x, y, z, t;
};
// A point to be added: Y + X, Y - X, 2 d T, and what Z is multiplied by is the caller's business.
struct Addend {
  Eight sum, difference, t;
};

// a - b - c, for tight numbers.
ASHLAR_TARGET_INLINE(ASHLAR_IFMA_TARGET)
Eight subtract_two(const Eight& a, const Eight& b, const Eight& c) {
  constexpr std::uint64_t kFour = (std::uint64_t{1} << 53) - 4;  // a limb of 4 p
  Eight out;
  ASHLAR_UNROLL
  for (int i = 0; i < 5; i++) {
    const __m512i both = _mm512_add_epi64(b.v[i], c.v[i]);
    out.v[i] = _mm512_add_epi64(a.v[i], _mm512_sub_epi64(eight_words(i == 0 ? kFour - 72 : kFour), both));
  }
  eight_carry(out);
  return out;
}

// p = 2 p; T only if it is wanted.
[[gnu::noinline]] ASHLAR_TARGET(ASHLAR_IFMA_TARGET) inline void twice(Point& p, bool with_t) {
  const Eight a = eight_square(p.x), b = eight_square(p.y), c = eight_square(p.z);
  const Eight e = subtract_two(eight_square(eight_add(p.x, p.y)), a, b);  // 2 X Y
  Eight f;
  ASHLAR_UNROLL
  for (int i = 0; i < 5; i++) {
    f.v[i] = _mm512_add_epi64(_mm512_add_epi64(c.v[i], c.v[i]), a.v[i]);
  }
  f = eight_subtract(f, b);
  const Eight h = eight_add(b, a), g = eight_subtract(b, a);
  p.x = eight_multiply(e, f);
  p.y = eight_multiply(g, h);
  p.z = eight_multiply(f, g);
  if (with_t) {
    p.t = eight_multiply(e, h);
  }
}

// p = p + q, for z = Z of p times Z of q; it and q may have a common factor.
[[gnu::noinline]] ASHLAR_TARGET(ASHLAR_IFMA_TARGET) inline void add(Point& p, const Addend& q,
                                                                    const Eight& z) {
  const Eight c = eight_multiply(p.t, q.t);
  const Eight a = eight_multiply(eight_subtract(p.y, p.x), q.difference);
  const Eight b = eight_multiply(eight_add(p.y, p.x), q.sum);
  const Eight f = eight_subtract(z, c), g = eight_add(z, c);
  const Eight e = eight_subtract(b, a), h = eight_add(b, a);
  p.x = eight_multiply(e, f);
  p.y = eight_multiply(g, h);
  p.z = eight_multiply(f, g);
  p.t = eight_multiply(e, h);
}

// Signed digits (Booth), as ec::signed_digit, of the numbers whose words are in `words`.
struct Digits {
  __m512i magnitude;
  __mmask8 negative;
};
template <unsigned Width>
ASHLAR_TARGET_INLINE(ASHLAR_IFMA_TARGET)
Digits digits(const __m512i (&words)[4], unsigned place) {
  constexpr std::uint64_t kMask = (std::uint64_t{2} << Width) - 1;
  __m512i window;
  if (place == 0) {
    window = _mm512_slli_epi64(words[0], 1);
  } else {
    const unsigned first = Width * place - 1, word = first / 64, shift = first % 64;
    window = _mm512_srl_epi64(words[word], _mm_cvtsi32_si128(static_cast<int>(shift)));
    if (shift > 63 - Width && word < 3) {
      window = _mm512_or_si512(
          window, _mm512_sll_epi64(words[word + 1], _mm_cvtsi32_si128(static_cast<int>(64 - shift))));
    }
  }
  window = _mm512_and_si512(window, eight_words(kMask));
  const __mmask8 negative = _mm512_test_epi64_mask(window, eight_words(std::uint64_t{1} << Width));
  const __m512i positive = _mm512_mask_sub_epi64(window, negative, eight_words(kMask), window);
  return {_mm512_srli_epi64(_mm512_add_epi64(positive, eight_words(1)), 1), negative};
}

// Negates q in those lanes.
ASHLAR_TARGET_INLINE(ASHLAR_IFMA_TARGET) void negate(Addend& q, __mmask8 lanes) {
  eight_swap(lanes, q.sum, q.difference);
  const Eight negated = eight_subtract(eight_number(0), q.t);
  ASHLAR_UNROLL
  for (int i = 0; i < 5; i++) {
    q.t.v[i] = _mm512_mask_mov_epi64(q.t.v[i], lanes, negated.v[i]);
  }
}

ASHLAR_TARGET_INLINE(ASHLAR_IFMA_TARGET) Eight from_words(const __m512i* w) {
  const __m512i mask = eight_words((std::uint64_t{1} << 51) - 1);
  Eight out;
  out.v[0] = _mm512_and_si512(w[0], mask);
  out.v[1] =
      _mm512_and_si512(_mm512_or_si512(_mm512_srli_epi64(w[0], 51), _mm512_slli_epi64(w[1], 13)), mask);
  out.v[2] =
      _mm512_and_si512(_mm512_or_si512(_mm512_srli_epi64(w[1], 38), _mm512_slli_epi64(w[2], 26)), mask);
  out.v[3] =
      _mm512_and_si512(_mm512_or_si512(_mm512_srli_epi64(w[2], 25), _mm512_slli_epi64(w[3], 39)), mask);
  out.v[4] = _mm512_and_si512(_mm512_srli_epi64(w[3], 12), mask);
  return out;
}

// q: each lane's multiple from a row of the base point's table. The row, all of it, is transposed once for
// all lanes; each takes its entry by a permutation in registers.
[[gnu::noinline]] ASHLAR_TARGET(ASHLAR_IFMA_TARGET) inline void pick_base(Addend& q,
                                                                          const TableEntry (&row)[8],
                                                                          const Digits& digit) {
  __m512i low[8], high[8], word[12];
  ASHLAR_UNROLL
  for (int i = 0; i < 8; i++) {
    low[i] = _mm512_loadu_si512(row[i]);
    high[i] = _mm512_loadu_si512(row[i] + 4);
  }
  transpose_eight(low);
  transpose_eight(high);
  const __m512i index = _mm512_sub_epi64(digit.magnitude, eight_words(1));
  const __mmask8 none = _mm512_testn_epi64_mask(digit.magnitude, digit.magnitude);
  ASHLAR_UNROLL
  for (int i = 0; i < 12; i++) {
    word[i] = _mm512_permutexvar_epi64(index, i < 8 ? low[i] : high[i - 4]);
    // The neutral point is (1 / 2, 1 / 2, 0).
    const __m512i neutral = i < 8 ? eight_words(kHalf[i % 4]) : _mm512_setzero_si512();
    word[i] = _mm512_mask_mov_epi64(word[i], none, neutral);
  }
  q.sum = from_words(word);
  q.difference = from_words(word + 4);
  q.t = from_words(word + 8);
  negate(q, digit.negative);
}

// p += the multiples of the base point at the odd digits of k, 1, 3 … 63, or at the even ones, over their
// common power of 16.
ASHLAR_TARGET_INLINE(ASHLAR_IFMA_TARGET)
void add_multiples_of_base(Point& p, Addend& q, const __m512i (&k)[4], unsigned odd) {
  for (unsigned i = 0; i < 32; i++) {
    pick_base(q, kBaseTable[i], digits<4>(k, 2 * i + odd));
    const Eight z = p.z;
    add(p, q, z);
  }
}

ASHLAR_TARGET_INLINE(ASHLAR_IFMA_TARGET) void identity(Point& p) {
  p.x = p.t = eight_number(0);
  p.y = p.z = eight_number(1);
}

// Words of 32 bytes a lane.
ASHLAR_TARGET_INLINE(ASHLAR_IFMA_TARGET)
void load_words(__m512i (&words)[4], const std::uint8_t* const* lanes) {
  __m512i rows[8];
  ASHLAR_UNROLL
  for (int i = 0; i < 8; i++) {
    rows[i] = _mm512_castsi256_si512(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(lanes[i])));
  }
  transpose_eight(rows);
  ASHLAR_UNROLL
  for (int i = 0; i < 4; i++) {
    words[i] = rows[i];
  }
}

// p = k * B for k below 2^255. Constant time.
[[gnu::noinline]] ASHLAR_TARGET(ASHLAR_IFMA_TARGET) inline void base_multiple(Point& p,
                                                                              const std::uint8_t* const* k) {
  struct {
    __m512i words[4];
    Addend addend;
  } s;
  load_words(s.words, k);
  identity(p);
  add_multiples_of_base(p, s.addend, s.words, 1);
  for (int i = 0; i < 4; i++) {
    twice(p, i == 3);
  }
  add_multiples_of_base(p, s.addend, s.words, 0);
  wipe_by_call(&s, sizeof s);
}

}  // namespace ashlar::crypto::ed25519::eight

#endif
