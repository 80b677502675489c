// SPDX-License-Identifier: Apache-2.0
// The x86-ifma row of P-256 side by side: eight independent operations in the eight lanes of
// p256_eight_x86_ifma.hpp.
//
// Algorithm. Multiples of the base point add one entry of each row of BaseTable<P256>, from the lowest digit
// up. A row is transposed once for all lanes, and each lane takes its entry by a permutation in registers.
// Multiples of other points have digits of five bits, as ScalarMultiply::variable_base; each lane has a table
// of its own, brought to Z = 1. Where an inverse is wanted, one inversion serves all lanes (Montgomery's
// trick). A verification is a multiple of the key's point, to which the multiples of the base point are
// added: it needs no doublings but those of the former.
//
// No addition with a secret scalar meets two points that are equal or opposite. For other points that is said
// at variable_base: the curve's order modulo 32 is 17. For the base point let k = r + d * 64^i, r the value
// of the digits below. As integers r and d * 64^i are neither equal nor opposite, as sums of digits at
// different places. Below the last digit both are far below n in size. At the last (i = 42, d from 0 to 16)
// the sum is k, and r - d * 64^42 would have to be n or -n. It is not n: k would be above that. If it is -n,
// then k = 2 d * 64^42 - n, and r = d * 64^42 - n is in range for d = 16 alone; then k is above n.
//
// In a verification they may meet, as its scalars are anybody's. Then Z becomes zero and stays so, and the
// lane is done again alone.
//
// Bound. A doubling takes 520 vpmadd52, an addition 850 to 1150, of eight lanes: some 60000 for multiples of
// the base point, 190000 for other points, at one a cycle on Zen 4.
#include "ec/p256_many.hpp"

#include "ec/p256_eight_x86_ifma.hpp"

#if ASHLAR_X86_KERNELS && !defined(ASHLAR_EMULATED_KERNELS)

#include "ec/operations.hpp"
#include "ec/p256_field_x86_adx.hpp"

namespace ashlar::crypto::ec {
namespace p256_eight {
namespace {

using Table = BaseTable<P256>;
using Field = P256FieldAdx;
constexpr std::size_t kEntries = std::size_t{1} << (Table::kWidth - 1);
constexpr std::size_t kMultiples = std::size_t{1} << (kWindow - 1);
constexpr unsigned kPlaces = kDigitsOf<P256, kWindow>;

struct alignas(64) Digits {
  std::uint64_t magnitude[kLanes], sign[kLanes];
};

struct Work {
  Point sum, both;
  Element x, y, negative;
  Digits fixed[Table::kRows], variable[kPlaces];
  Element own_x[kMultiples], own_y[kMultiples];  // lane by lane, p, 2 p … 16 p
  alignas(64) __m512i row[kEntries / kLanes][kLanes];
  Limbs<4> limbs[3][kLanes];
  __mmask8 seen;  // lanes whose sum is not infinity
};

template <unsigned Width, std::size_t Count>
void recode(Digits (&out)[Count], const std::uint64_t* const* scalars) {
  Limbs<4> k;
  for (std::size_t lane = 0; lane < kLanes; lane++) {
    std::memcpy(k.v, scalars[lane], sizeof k.v);
    for (unsigned i = 0; i < Count; i++) {
      const SignedDigit digit = signed_digit<Width>(k, i);
      out[i].magnitude[lane] = digit.magnitude;
      out[i].sign[lane] = digit.negative.bits();
    }
  }
  wipe(&k, sizeof k);
}

// out = 1 / a for numbers other than zero, both in Montgomery form with R = 2^260: one inversion for all.
[[gnu::noinline]] ASHLAR_TARGET(ASHLAR_P256_IFMA) void invert(Element& out, const Element& a) {
  struct {
    Limbs<4> a[kLanes], products[kLanes], inverse, own;
    alignas(64) std::uint64_t words[kLanes][8];
    Element to_256, there;
  } s;
  s.to_256 = constant(kTwoTo256);
  multiply(s.there, a, s.to_256);
  to_limbs(s.a, s.there);
  s.products[0] = s.a[0];
  for (std::size_t lane = 1; lane < kLanes; lane++) {
    Field::multiply(s.products[lane], s.products[lane - 1], s.a[lane]);
  }
  FieldTools<Field>::invert(s.inverse, s.products[kLanes - 1]);
  for (std::size_t lane = kLanes; lane-- > 0;) {
    s.own = s.inverse;
    if (lane > 0) {
      Field::multiply(s.own, s.inverse, s.products[lane - 1]);
      Field::multiply(s.inverse, s.inverse, s.a[lane]);
    }
    std::memset(s.words[lane], 0, sizeof s.words[lane]);
    std::memcpy(s.words[lane], s.own.v, sizeof s.own.v);
  }
  __m512i rows[kLanes];
  ASHLAR_UNROLL
  for (std::size_t lane = 0; lane < kLanes; lane++) {
    rows[lane] = _mm512_load_si512(s.words[lane]);
  }
  transpose_eight(rows);
  from_limbs(out, rows);
  wipe_by_call(&s, sizeof s);
}

// y: negated in the lanes whose digit is negative.
ASHLAR_TARGET_INLINE(ASHLAR_P256_IFMA) void negate(Work& work, const Digits& digits) {
  const Element nothing = {};
  subtract(work.negative, nothing, work.y, 2);
  carry(work.negative);
  const __m512i sign = _mm512_load_si512(digits.sign);
  blend(work.y, _mm512_test_epi64_mask(sign, sign), work.negative, work.y);
}

// sum += the point (x, y) in the lanes whose digit is not zero.
ASHLAR_TARGET_INLINE(ASHLAR_P256_IFMA) void add_digit(Work& work, const Digits& digits) {
  const __m512i magnitude = _mm512_load_si512(digits.magnitude);
  const __mmask8 here = _mm512_test_epi64_mask(magnitude, magnitude);
  const Element one = constant(kOne);
  add_affine(work.both, work.sum, work.x, work.y);
  // Nothing plus the entry gives the entry. Plus nothing leaves the sum unchanged.
  blend(work.both.x, work.seen, work.both.x, work.x);
  blend(work.both.y, work.seen, work.both.y, work.y);
  blend(work.both.z, work.seen, work.both.z, one);
  blend(work.sum, here, work.both, work.sum);
  work.seen = work.seen | here;
}

// x and y: each lane's entry in a row of the base point's table. A lane whose digit is zero gets any.
[[gnu::noinline]] ASHLAR_TARGET(ASHLAR_P256_IFMA) void pick_base(Work& work, unsigned row) {
  for (std::size_t group = 0; group < kEntries / kLanes; group++) {
    __m512i entries[kLanes];
    ASHLAR_UNROLL
    for (std::size_t i = 0; i < kLanes; i++) {
      entries[i] = _mm512_load_si512(Table::kEntries[row][kLanes * group + i]);
    }
    transpose_eight(entries);
    ASHLAR_UNROLL
    for (std::size_t i = 0; i < kLanes; i++) {
      work.row[group][i] = entries[i];
    }
  }
  static_assert(kEntries == 32);
  const __m512i index = _mm512_sub_epi64(_mm512_load_si512(work.fixed[row].magnitude), words(1));
  const __mmask8 upper = _mm512_test_epi64_mask(index, words(16));
  __m512i limbs[kLanes];
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < kLanes; i++) {
    const __m512i below = _mm512_permutex2var_epi64(work.row[0][i], index, work.row[1][i]);
    const __m512i above = _mm512_permutex2var_epi64(work.row[2][i], index, work.row[3][i]);
    limbs[i] = _mm512_mask_mov_epi64(below, upper, above);
  }
  from_limbs(work.x, limbs);
  from_limbs(work.y, limbs + 4);
  negate(work, work.fixed[row]);
}

// The same from each lane's own table: every entry is read.
[[gnu::noinline]] ASHLAR_TARGET(ASHLAR_P256_IFMA) void pick_own(Work& work, unsigned place) {
  const __m512i wanted = _mm512_load_si512(work.variable[place].magnitude), one = words(1);
  __m512i at = _mm512_setzero_si512(), x[kDigits], y[kDigits];
  ASHLAR_UNROLL
  for (int i = 0; i < kDigits; i++) {
    x[i] = y[i] = at;
  }
  for (std::size_t entry = 0; entry < kMultiples; entry++) {
    at = _mm512_add_epi64(at, one);
    const __mmask8 found = _mm512_cmpeq_epi64_mask(at, wanted);
    ASHLAR_UNROLL
    for (int i = 0; i < kDigits; i++) {
      x[i] = _mm512_mask_mov_epi64(x[i], found, work.own_x[entry].v[i]);
      y[i] = _mm512_mask_mov_epi64(y[i], found, work.own_y[entry].v[i]);
    }
  }
  ASHLAR_UNROLL
  for (int i = 0; i < kDigits; i++) {
    work.x.v[i] = x[i];
    work.y.v[i] = y[i];
  }
  negate(work, work.variable[place]);
}

ASHLAR_TARGET(ASHLAR_P256_IFMA) void add_multiples_of_base(Work& work) {
  for (unsigned row = 0; row < Table::kRows; row++) {
    pick_base(work, row);
    add_digit(work, work.fixed[row]);
  }
}

// The multiples of the points, which are public, as ScalarMultiply::multiples.
[[gnu::noinline]] ASHLAR_TARGET(ASHLAR_P256_IFMA) void multiples(Work& work,
                                                                 const std::uint64_t* const* points) {
  Point multiple[kMultiples];
  Element products[kMultiples], inverse, own, squared;
  __m512i limbs[kLanes];
  ASHLAR_UNROLL
  for (std::size_t lane = 0; lane < kLanes; lane++) {
    limbs[lane] = _mm512_loadu_si512(points[lane]);
  }
  transpose_eight(limbs);
  from_limbs(multiple[0].x, limbs);
  from_limbs(multiple[0].y, limbs + 4);
  multiple[0].z = constant(kOne);
  products[0] = multiple[0].z;
  for (std::size_t i = 1; i < kMultiples; i++) {
    if (i % 2 == 1) {
      twice(multiple[i], multiple[i / 2]);
    } else {
      add_affine(multiple[i], multiple[i - 1], multiple[0].x, multiple[0].y);
    }
    multiply(products[i], products[i - 1], multiple[i].z);
  }
  work.own_x[0] = multiple[0].x;
  work.own_y[0] = multiple[0].y;
  invert(inverse, products[kMultiples - 1]);
  for (std::size_t i = kMultiples; i-- > 1;) {
    multiply(own, inverse, products[i - 1]);
    multiply(inverse, inverse, multiple[i].z);
    square(squared, own);
    multiply(work.own_x[i], multiple[i].x, squared);
    multiply(own, own, squared);
    multiply(work.own_y[i], multiple[i].y, own);
  }
}

ASHLAR_TARGET(ASHLAR_P256_IFMA) void multiply_points(Work& work) {
  for (unsigned place = kPlaces; place-- > 0;) {
    if (place + 1 != kPlaces) {
      for (unsigned i = 0; i < kWindow; i++) {
        twice(work.sum, work.sum);
      }
    }
    pick_own(work, place);
    add_digit(work, work.variable[place]);
  }
}

ASHLAR_TARGET(ASHLAR_P256_IFMA) void start(Work& work) {
  zero(work.sum);
  zero(work.both);
  work.seen = 0;
}

// The sums as affine points, as the kernels give them.
ASHLAR_TARGET(ASHLAR_P256_IFMA) void finish(Work& work, std::uint64_t* const* outs) {
  const Element to_256 = constant(kTwoTo256);
  invert(work.x, work.sum.z);
  square(work.y, work.x);
  multiply(work.sum.x, work.sum.x, work.y);
  multiply(work.y, work.y, work.x);
  multiply(work.sum.y, work.sum.y, work.y);
  multiply(work.sum.x, work.sum.x, to_256);
  multiply(work.sum.y, work.sum.y, to_256);
  to_limbs(work.limbs[0], work.sum.x);
  to_limbs(work.limbs[1], work.sum.y);
  for (std::size_t lane = 0; lane < kLanes; lane++) {
    std::memcpy(outs[lane], work.limbs[0][lane].v, sizeof work.limbs[0][lane].v);
    std::memcpy(outs[lane] + 4, work.limbs[1][lane].v, sizeof work.limbs[1][lane].v);
  }
  wipe_by_call(&work, sizeof work);
  clear_vectors_avx512();
}

}  // namespace
}  // namespace p256_eight

ASHLAR_TARGET(ASHLAR_P256_IFMA)
void p256_fixed_base_eight(std::uint64_t* const* outs, const std::uint64_t* const* scalars) {
  using namespace p256_eight;
  Work work;
  start(work);
  recode<Table::kWidth>(work.fixed, scalars);
  add_multiples_of_base(work);
  finish(work, outs);
}

ASHLAR_TARGET(ASHLAR_P256_IFMA)
void p256_variable_base_eight(std::uint64_t* const* outs, const std::uint64_t* const* scalars,
                              const std::uint64_t* const* points) {
  using namespace p256_eight;
  Work work;
  multiples(work, points);
  start(work);
  recode<kWindow>(work.variable, scalars);
  multiply_points(work);
  finish(work, outs);
}

ASHLAR_TARGET(ASHLAR_P256_IFMA)
unsigned p256_verify_eight(const std::uint64_t* const* us, const std::uint64_t* const* vs,
                           const std::uint64_t* const* points, const std::uint64_t* const* rs) {
  using namespace p256_eight;
  using Single = Operations<P256, Field>;
  using Multiply = ScalarMultiply<P256, Field>;
  Work work;
  multiples(work, points);
  start(work);
  recode<kWindow>(work.variable, vs);
  recode<Table::kWidth>(work.fixed, us);
  multiply_points(work);
  add_multiples_of_base(work);
  const Element to_256 = constant(kTwoTo256);
  multiply(work.sum.x, work.sum.x, to_256);
  multiply(work.sum.z, work.sum.z, to_256);
  to_limbs(work.limbs[0], work.sum.x);
  to_limbs(work.limbs[2], work.sum.z);
  unsigned valid = 0;
  for (std::size_t lane = 0; lane < kLanes; lane++) {
    const Multiply::Point sum = {work.limbs[0][lane], {}, work.limbs[2][lane]};
    Limbs<4> r;
    std::memcpy(r.v, rs[lane], sizeof r.v);
    const bool met = Multiply::is_infinity(sum).declassify();
    const bool right =
        met ? Single::verify(us[lane], vs[lane], points[lane], rs[lane]) : Multiply::x_is_public(sum, r);
    valid |= (right ? 1u : 0u) << lane;
  }
  clear_vectors_avx512();
  return valid;
}

}  // namespace ashlar::crypto::ec

#endif
