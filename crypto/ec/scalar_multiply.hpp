// SPDX-License-Identifier: Apache-2.0
// Scalars times points: in constant time for secret scalars, fast for public ones.
#pragma once

#include "cpu/x86.hpp"
#include "ec/tables.hpp"
#include "ec/weierstrass.hpp"

namespace ashlar::crypto::ec {

// Signed digits (Booth): k = sum of digit(i) * 2^(Width i), each digit from -2^(Width - 1) to 2^(Width - 1).
// This width is that of multiples of any point.
inline constexpr unsigned kWindow = 5;
template <class Curve, unsigned Width>
inline constexpr unsigned kDigitsOf = static_cast<unsigned>((Curve::kBits + Width) / Width);

struct SignedDigit {
  ct::Mask negative;
  std::uint64_t magnitude;  // 0 to 2^(Width - 1)
};

// digit(i) = bits Width i to Width i + Width - 1, plus the bit below them, less 2^Width times the highest of
// them. Constant time in k.
template <unsigned Width, std::size_t N>
SignedDigit signed_digit(const Limbs<N>& k, unsigned i) {
  constexpr std::uint64_t kMask = (std::uint64_t{2} << Width) - 1;
  const unsigned first = Width * i;  // window: bits first - 1 to first + Width - 1, bit -1 being 0
  std::uint64_t window;
  if (i == 0) {
    window = (k.v[0] << 1) & kMask;
  } else {
    const unsigned limb = (first - 1) / 64, shift = (first - 1) % 64;
    window = k.v[limb] >> shift;
    if (shift > 63 - Width && limb + 1 < N) {
      window |= k.v[limb + 1] << (64 - shift);
    }
    window &= kMask;
  }
  const ct::Mask negative = ct::Mask::from_bit(window >> Width);
  const std::uint64_t positive = ct::select(negative, kMask - window, window);
  return {negative, (positive >> 1) + (positive & 1)};
}

#if ASHLAR_X86_KERNELS && !defined(ASHLAR_EMULATED_KERNELS)
// scan() below for an even number of words, with AVX2. The entries are a multiple of four.
template <std::size_t kWords>
[[gnu::noinline]] ASHLAR_TARGET("avx2") void scan_avx2(std::uint8_t* to, const std::uint8_t* from,
                                                       std::size_t entries, std::uint64_t magnitude) {
  constexpr std::size_t kQuads = kWords / 4, kAtOnce = 4;
  const __m256i wanted = _mm256_set1_epi32(static_cast<int>(magnitude)), one = _mm256_set1_epi32(1);
  __m256i at = _mm256_setzero_si256(), quads[kQuads];
  __m128i last = _mm_setzero_si128();
  ASHLAR_UNROLL
  for (std::size_t w = 0; w < kQuads; w++) {
    quads[w] = at;
  }
  for (std::size_t i = 0; i < entries; i += kAtOnce) {
    ASHLAR_UNROLL
    for (std::size_t j = 0; j < kAtOnce; j++) {
      at = _mm256_add_epi32(at, one);
      const __m256i mask = _mm256_cmpeq_epi32(at, wanted);
      ASHLAR_UNROLL
      for (std::size_t w = 0; w < kQuads; w++) {
        const __m256i entry = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from + 32 * w));
        quads[w] = _mm256_or_si256(quads[w], _mm256_and_si256(entry, mask));
      }
      if constexpr (kWords % 4 != 0) {
        const __m128i entry = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + 32 * kQuads));
        last = _mm_or_si128(last, _mm_and_si128(entry, _mm256_castsi256_si128(mask)));
      }
      from += 8 * kWords;
    }
  }
  ASHLAR_UNROLL
  for (std::size_t w = 0; w < kQuads; w++) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to + 32 * w), quads[w]);
  }
  if constexpr (kWords % 4 != 0) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + 32 * kQuads), last);
  }
}
#endif

// out = table[magnitude - 1], or all zero for magnitude 0; reads every entry. Both types are made of 64-bit
// words. With SSE2, which every x86-64 machine has, it takes a third of the time that words take, and with
// AVX2 half of that.
template <class Out, class Entry>
void scan(Out& out, const Entry* table, std::size_t entries, std::uint64_t magnitude) {
  static_assert(sizeof(Out) == sizeof(Entry));
  constexpr std::size_t kWords = sizeof(Entry) / sizeof(std::uint64_t);
#if ASHLAR_X86_KERNELS && !defined(ASHLAR_EMULATED_KERNELS)
  if constexpr (kWords % 2 == 0) {
    if (cpu::features().has(cpu::Feature::avx2)) {
      scan_avx2<kWords>(reinterpret_cast<std::uint8_t*>(&out), reinterpret_cast<const std::uint8_t*>(table),
                        entries, magnitude);
      return;
    }
  }
  constexpr std::size_t kPairs = kWords / 2;
  const __m128i wanted = _mm_set1_epi32(static_cast<int>(magnitude)), one = _mm_set1_epi32(1);
  __m128i at = _mm_setzero_si128(), last = at, pairs[kPairs];
  ASHLAR_UNROLL
  for (std::size_t w = 0; w < kPairs; w++) {
    pairs[w] = at;
  }
  const auto* from = reinterpret_cast<const std::uint8_t*>(table);
  for (std::size_t i = 0; i < entries; i++) {
    at = _mm_add_epi32(at, one);
    const __m128i mask = _mm_cmpeq_epi32(at, wanted);
    ASHLAR_UNROLL
    for (std::size_t w = 0; w < kPairs; w++) {
      const __m128i entry = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + 16 * w));
      pairs[w] = _mm_or_si128(pairs[w], _mm_and_si128(entry, mask));
    }
    if constexpr (kWords % 2 != 0) {
      const __m128i entry = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(from + 16 * kPairs));
      last = _mm_or_si128(last, _mm_and_si128(entry, mask));
    }
    from += sizeof(Entry);
  }
  auto* const to = reinterpret_cast<std::uint8_t*>(&out);
  ASHLAR_UNROLL
  for (std::size_t w = 0; w < kPairs; w++) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + 16 * w), pairs[w]);
  }
  if constexpr (kWords % 2 != 0) {
    _mm_storel_epi64(reinterpret_cast<__m128i*>(to + 16 * kPairs), last);
  }
#else
  std::uint64_t words[kWords] = {};
  for (std::size_t i = 0; i < entries; i++) {
    const std::uint64_t mask = ct::equal(magnitude, i + 1).bits();
    std::uint64_t entry[kWords];
    std::memcpy(entry, &table[i], sizeof entry);
    for (std::size_t w = 0; w < kWords; w++) {
      words[w] |= entry[w] & mask;
    }
  }
  std::memcpy(&out, words, sizeof out);
#endif
}

// k = sum of digits[i] * 2^i, digits 0 or odd and below 2^(Width - 1) in size, for k below 2^(Count - 1).
// bit(i): bit i of k, also past its end. Variable time.
template <unsigned Width, std::size_t Count, class Bit>
void sliding_digits(std::int8_t (&digits)[Count], Bit bit) {
  static_assert(Width <= 8);
  std::memset(digits, 0, sizeof digits);
  int carry = 0;
  for (std::size_t i = 0; i < Count;) {
    if (bit(i) == carry) {
      i++;
      continue;
    }
    int window = carry;
    for (std::size_t j = 0; j < Width; j++) {
      window += bit(i + j) << j;
    }
    carry = window >> (Width - 1);
    digits[i] = static_cast<std::int8_t>(window - (carry << Width));
    i += Width;
  }
}

template <class Curve, class Field>
struct ScalarMultiply : Weierstrass<Curve, Field> {
  using Base = Weierstrass<Curve, Field>;
  using typename Base::AffinePoint;
  using typename Base::Element;
  using typename Base::Point;
  static constexpr unsigned kDigits = kDigitsOf<Curve, kWindow>;
  // Whether the last addition of variable_base and comb may meet two equal points: see there.
  template <unsigned Width>
  static constexpr bool kMayMeet = (Curve::Order::kValue.v[0] & ((1u << Width) - 1)) <= 1u << (Width - 1);

  // out = k * p for 1 <= k < n and a finite p. Constant time in both.
  //
  // No addition meets two equal points. The accumulator is 32 m p with 0 <= m, the addend d p with 1 <= |d|
  // <= 16. Equal or opposite multiples would need 32 m = ±d modulo n. Before the last window 32 m + 16 < n,
  // which leaves m = 0, and a select handles that case. In the last window k = 32 m + d. k = 0 and k = n are
  // excluded, so the points are not opposite. They are equal only if 32 m = n + d with d < 0. n modulo 32 is
  // above 16 on P-256 and P-384. On P-521 it is 9, and so k = n - 18 meets them: kMayMeet.
  //
  // The multiples are brought to Z = 1 by one inversion for all. That costs less than the additions save.
  static void variable_base(Point& out, const Element& k, const AffinePoint& p) {
    Multiples table;
    multiples(table, p);
    Point accumulator, sum;
    AffinePoint addend;
    for (unsigned i = kDigits; i-- > 0;) {
      if (i + 1 != kDigits) {
        for (unsigned j = 0; j < kWindow; j++) {
          Base::twice(accumulator, accumulator);
        }
      }
      add_entry(accumulator, sum, addend, signed_digit<kWindow>(k, i), table.entries, i + 1 == kDigits,
                kMayMeet<kWindow> && i == 0);
    }
    out = accumulator;
    wipe(&accumulator, sizeof accumulator);
    wipe(&addend, sizeof addend);
    wipe(&sum, sizeof sum);
  }

  // out = k * G for 1 <= k < n, from Table, a BaseTable. A comb: more doublings, but a smaller table.
  // Constant time in k.
  //
  // Let B = 2^Table::kWidth. Step j, from the highest down, adds the digits at the places kApart i + j; the
  // accumulator is multiplied by B between steps. No addition meets two points that are equal or opposite. As
  // integers, accumulator and addend are sums of digits of at most B / 2 at different places, and such a sum
  // or difference is zero only if every digit is. Modulo n:
  // - Before the last step both are less than 2^(bits - 3) in size: their sum and difference are below n.
  // - In the last step (j = 0) let d B^(kApart * i) be the addend and r the value of the digits after it. The
  //   sum is k - r and the difference k - r - 2 d B^(kApart * i); the only multiple of n in range is n. For i
  //   > 0 both are multiples of B, and n is odd. For i = 0 (r = 0) the sum is k, which is not n, and k - 2 d
  //   = n with k = d modulo B gives d = -n modulo B. If n modulo B is above B / 2, that is from 1 to B / 2 -
  //   1, and k would be above n. On P-256 it is -17 and on P-521 -9, and k = n - 34 and n - 18 remain:
  //   kMayMeet.
  template <class Table>
  static void comb(Point& out, const Element& k) {
    constexpr unsigned kPlaces = kDigitsOf<Curve, Table::kWidth>;
    static_assert(Table::kRows * Table::kApart >= kPlaces);
    Point accumulator, sum;
    AffinePoint addend;
    bool starts = true;
    for (unsigned j = Table::kApart; j-- > 0;) {
      if (j + 1 != Table::kApart) {
        for (unsigned i = 0; i < Table::kWidth; i++) {
          Base::twice(accumulator, accumulator);
        }
      }
      for (unsigned i = Table::kRows; i-- > 0;) {
        const unsigned place = Table::kApart * i + j;
        if (place < kPlaces) {
          add_entry(accumulator, sum, addend, signed_digit<Table::kWidth>(k, place), Table::kEntries[i],
                    starts, kMayMeet<Table::kWidth> && place == 0);
          starts = false;
        }
      }
    }
    out = accumulator;
    wipe(&accumulator, sizeof accumulator);
    wipe(&addend, sizeof addend);
    wipe(&sum, sizeof sum);
  }

  // out = u * G + v * p, for entries[j] = (2 j + 1) G. Variable time: for public scalars and points. Both
  // share the doublings.
  static void sum_public(Point& out, const Element& u, const Element& v, const AffinePoint& p,
                         const std::uint64_t (&entries)[1 << (kBaseWindow - 2)][2 * Field::kLimbs]) {
    std::int8_t of_base[Curve::kBits + 1], of_p[Curve::kBits + 1];
    sliding_digits<kBaseWindow>(of_base, [&u](std::size_t i) { return bit(u, i); });
    sliding_digits<kWindow>(of_p, [&v](std::size_t i) { return bit(v, i); });
    Point odd[8];
    odd_multiples(odd, p);
    out = Base::infinity();
    for (std::size_t i = sizeof of_p; i-- > 0;) {
      Base::twice(out, out);
      if (of_p[i] != 0) {
        Point addend = odd[magnitude(of_p[i]) / 2];
        add_signed(out, addend, of_p[i] < 0);
      }
      if (of_base[i] != 0) {
        AffinePoint addend;
        std::memcpy(&addend, entries[magnitude(of_base[i]) / 2], sizeof addend);
        add_signed(out, addend, of_base[i] < 0);
      }
    }
  }

  // Whether p is finite and its x, modulo n, is r, for r below n. Variable time. Comparing in Jacobian
  // coordinates saves the inversion: x = r or x = r + n, both times Z^2. p - n is small, so the second is
  // rare.
  __attribute__((noinline)) static bool x_is_public(const Point& p, const Element& r) {
    if (Base::is_infinity(p).declassify()) {
      return false;
    }
    Element zz, candidate;
    Field::square(zz, p.z);
    FieldTools<Field>::enter(candidate, r);
    Field::multiply(candidate, candidate, zz);
    if (equal(candidate, p.x).declassify()) {
      return true;
    }
    const std::uint64_t carry = ashlar_limbs_add(candidate.v, r.v, Curve::Order::kValue.v, Field::kLimbs);
    if (carry != 0 || !less(candidate, Curve::Prime::kValue).declassify()) {
      return false;
    }
    FieldTools<Field>::enter(candidate, candidate);
    Field::multiply(candidate, candidate, zz);
    return equal(candidate, p.x).declassify();
  }

  // out = p + q for points that are neither equal nor opposite; either may be infinity. Constant time.
  static void add_different(Point& out, const Point& p, const Point& q) {
    Point sum;
    Base::add(sum, p, q);
    Base::select(sum, Base::is_infinity(p), q, sum);
    Base::select(out, Base::is_infinity(q), p, sum);
    wipe(&sum, sizeof sum);
  }

  static void conditionally_negate(Element& y, ct::Mask mask) {
    Element negated = y;
    Base::negate(negated);
    ec::select(y, mask, negated, y);
  }

 private:
  // out = p, 3 p, … 15 p. Not inline: arithmetic that runs once need not stand unrolled in its caller.
  __attribute__((noinline)) static void odd_multiples(Point (&out)[8], const AffinePoint& p) {
    Point twice;
    out[0] = Base::from_affine(p);
    Base::twice(twice, out[0]);
    for (std::size_t j = 1; j < 8; j++) {
      Base::add_public(out[j], out[j - 1], twice);
    }
  }

  static constexpr std::size_t kMultiples = std::size_t{1} << (kWindow - 1);
  struct Multiples {
    std::uint64_t entries[kMultiples][2 * Field::kLimbs];
  };
  // out = p, 2 p, … 16 p, affine. p is public, and so are they. In a frame of its own, so that frames with
  // secrets do not lie deeper.
  __attribute__((noinline)) static void multiples(Multiples& out, const AffinePoint& p) {
    Point points[kMultiples];
    Element products[kMultiples];  // of the Z of all points up to this one
    points[0] = Base::from_affine(p);
    products[0] = Field::kOne;
    for (std::size_t i = 1; i < kMultiples; i++) {
      if (i % 2 == 1) {
        Base::twice(points[i], points[i / 2]);
      } else {
        Base::add_affine(points[i], points[i - 1], p);
      }
      Field::multiply(products[i], products[i - 1], points[i].z);
    }
    Element inverse, own, square;
    FieldTools<Field>::invert(inverse, products[kMultiples - 1]);
    for (std::size_t i = kMultiples; i-- > 0;) {
      AffinePoint affine = p;
      if (i > 0) {
        Field::multiply(own, inverse, products[i - 1]);
        Field::multiply(inverse, inverse, points[i].z);
        Field::square(square, own);
        Field::multiply(affine.x, points[i].x, square);
        Field::multiply(own, own, square);
        Field::multiply(affine.y, points[i].y, own);
      }
      std::memcpy(out.entries[i], &affine, sizeof affine);
    }
  }

  // accumulator += digit times the point whose multiples are in entries, or that alone where the sum starts.
  // The caller wipes sum and addend.
  template <std::size_t Entries>
  static void add_entry(Point& accumulator, Point& sum, AffinePoint& addend, const SignedDigit& digit,
                        const std::uint64_t (&entries)[Entries][2 * Field::kLimbs], bool starts,
                        bool may_meet) {
    scan(addend, entries, Entries, digit.magnitude);
    conditionally_negate(addend.y, digit.negative);
    const ct::Mask nothing = ct::is_zero(digit.magnitude);
    if (starts) {
      accumulator = Base::from_affine(addend);
      ec::select(accumulator.z, nothing, Element{}, accumulator.z);
      return;
    }
    Base::add_affine(sum, accumulator, addend);
    if (may_meet) {
      double_where_equal(sum, accumulator);
    }
    const ct::Mask first = Base::is_infinity(accumulator);
    replace(accumulator.x, nothing, first, addend.x, sum.x);
    replace(accumulator.y, nothing, first, addend.y, sum.y);
    replace(accumulator.z, nothing, first, Field::kOne, sum.z);
  }

  // value stays where `stays`, else becomes a where `takes_a`, else b.
  static void replace(Element& value, ct::Mask stays, ct::Mask takes_a, const Element& a, const Element& b) {
    const std::uint64_t keep = stays.bits(), of_a = takes_a.bits();
    for (std::size_t i = 0; i < Field::kLimbs; i++) {
#if ASHLAR_X86_KERNELS && !defined(ASHLAR_EMULATED_KERNELS)
      std::uint64_t taken = b.v[i];
      __asm__(
          "test %[of_a], %[of_a]\n\t"
          "cmovnz %[a], %[taken]\n\t"
          "test %[keep], %[keep]\n\t"
          "cmovnz %[old], %[taken]\n\t"
          : [taken] "+&r"(taken)
          : [of_a] "r"(of_a), [keep] "r"(keep), [a] "m"(a.v[i]), [old] "m"(value.v[i])
          : "cc");
      value.v[i] = taken;
#else
      const std::uint64_t taken = b.v[i] ^ ((b.v[i] ^ a.v[i]) & of_a);
      value.v[i] = taken ^ ((taken ^ value.v[i]) & keep);
#endif
    }
  }

  static int bit(const Element& k, std::size_t i) {
    return i < 64 * Field::kLimbs ? static_cast<int>((k.v[i / 64] >> (i % 64)) & 1) : 0;
  }
  static unsigned magnitude(std::int8_t digit) {
    return static_cast<unsigned>(digit < 0 ? -digit : digit);
  }
  template <class Addend>
  static void add_signed(Point& accumulator, Addend& addend, bool negative) {
    if (negative) {
      Base::negate(addend.y);
    }
    Base::add_public(accumulator, accumulator, addend);
  }
  // If sum came out as infinity, the addend had the same x as p and was not its opposite: the sum is twice p.
  // If p itself is infinity, it stays so, and the caller selects.
  static void double_where_equal(Point& sum, const Point& p) {
    Point doubled;
    Base::twice(doubled, p);
    Base::select(sum, Base::is_infinity(sum), doubled, sum);
    wipe(&doubled, sizeof doubled);
  }
};

}  // namespace ashlar::crypto::ec
