// SPDX-License-Identifier: Apache-2.0
// Inverses modulo an odd number in constant time, by the division steps of Bernstein and Yang ("Fast
// constant-time gcd computation and modular inversion", 2019) in the variant that starts at delta = 1/2.
//
// Algorithm. Beginning with f = m, g = a a step halves g after making it even: where g is odd and delta > 0
// it takes (f, g) to (g, (g - f) / 2) and negates delta, otherwise g to (g + (g mod 2) f) / 2; delta then
// grows by 1. After 591 steps for 256 bits, 886 for 384, g is 0 and f is 1 or -1. Beside them go d and e with
// f = d a and g = e a modulo m, so that d is the inverse but for the sign of f.
//
// A step looks at the lowest bits only, so that 62 of them are done on single words and collected in a matrix
// (u v; q r) times 2^-62, which is then applied to the long numbers: to f and g, where the division is exact,
// and to d and e, where multiples of m make it exact.
//
// Numbers are signed digits of 62 bits, least significant first, the last digit with the sign. |f|, |g| <= m;
// d and e stay in (-2 m, m).
#pragma once

#include <ashlar/base/ct_core.h>
#include <ashlar/base/bytes.hpp>

namespace ashlar::crypto::ec {

template <std::size_t N>
class Inverse {
 public:
  // inverse = 1 / a modulo the odd m > 1 for a < m; 0 for 0. m is the same for all inputs of one use: public.
  // m_negated_inverse = -1 / m mod 2^64.
  static void compute(std::uint64_t* inverse, const std::uint64_t* a, const std::uint64_t* m,
                      std::uint64_t m_negated_inverse) {
    struct {
      Number f, g, d, e;
      Matrix t;
    } s = {};
    const Number modulus = from_limbs(m);
    s.f = modulus;
    s.g = from_limbs(a);
    s.e.digit[0] = 1;
    std::int64_t zeta = -1;  // -(delta + 1/2)
    for (unsigned round = 0; round < kRounds; round++) {
      zeta = steps(s.t, zeta, static_cast<std::uint64_t>(s.f.digit[0]),
                   static_cast<std::uint64_t>(s.g.digit[0]));
      apply_modular(s.d, s.e, s.t, modulus, (0 - m_negated_inverse) & kMask);
      apply_exact(s.f, s.g, s.t);
    }
    normalise(s.d, s.f.digit[kDigits - 1] >> 63, modulus);
    to_limbs(inverse, s.d);
    wipe(&s, sizeof s);
    wipe(&zeta, sizeof zeta);
  }

 private:
  __extension__ using Wide = __int128;
  static constexpr std::size_t kDigits = (64 * N + 2 + 61) / 62;
  static constexpr unsigned kRounds = static_cast<unsigned>(((45907 * 64 * N + 26313) / 19929 + 1 + 61) / 62);
  static constexpr std::uint64_t kMask = ~std::uint64_t{0} >> 2;

  struct Number {
    std::int64_t digit[kDigits];
  };
  struct Matrix {
    std::int64_t u, v, q, r;
  };

  static Number from_limbs(const std::uint64_t* limbs) {
    Number out;
    for (std::size_t i = 0; i < kDigits; i++) {
      const std::size_t limb = 62 * i / 64, shift = 62 * i % 64;
      std::uint64_t digit = limbs[limb] >> shift;
      if (shift > 2 && limb + 1 < N) {
        digit |= limbs[limb + 1] << (64 - shift);
      }
      out.digit[i] = static_cast<std::int64_t>(digit & kMask);
    }
    return out;
  }
  static void to_limbs(std::uint64_t* limbs, const Number& number) {
    for (std::size_t i = 0; i < N; i++) {
      const std::size_t digit = 64 * i / 62, shift = 64 * i % 62;
      limbs[i] = (static_cast<std::uint64_t>(number.digit[digit]) >> shift) |
                 (static_cast<std::uint64_t>(number.digit[digit + 1]) << (62 - shift));
    }
  }

  // 62 division steps on the lowest words of f and g; returns the new zeta.
  static std::int64_t steps(Matrix& t, std::int64_t zeta, std::uint64_t f, std::uint64_t g) {
    std::uint64_t u = 1, v = 0, q = 0, r = 1;
    for (int i = 0; i < 62; i++) {
      const std::uint64_t positive = ashlar_ct_barrier(static_cast<std::uint64_t>(zeta >> 63));  // delta > 0
      const std::uint64_t odd = ashlar_ct_barrier(0 - (g & 1));
      // g plus or minus f where g is odd.
      g += ((f ^ positive) - positive) & odd;
      q += ((u ^ positive) - positive) & odd;
      r += ((v ^ positive) - positive) & odd;
      // f takes the old g, which is the new one plus f.
      const std::uint64_t swap = positive & odd;
      zeta = (zeta ^ static_cast<std::int64_t>(swap)) - 1;
      f += g & swap;
      u += q & swap;
      v += r & swap;
      g >>= 1;
      u <<= 1;
      v <<= 1;
    }
    t = {static_cast<std::int64_t>(u), static_cast<std::int64_t>(v), static_cast<std::int64_t>(q),
         static_cast<std::int64_t>(r)};
    return zeta;
  }

  // (f, g) = t (f, g) / 2^62, exactly.
  static void apply_exact(Number& f, Number& g, const Matrix& t) {
    Wide sum_f = 0, sum_g = 0;
    for (std::size_t i = 0; i < kDigits; i++) {
      sum_f += static_cast<Wide>(t.u) * f.digit[i] + static_cast<Wide>(t.v) * g.digit[i];
      sum_g += static_cast<Wide>(t.q) * f.digit[i] + static_cast<Wide>(t.r) * g.digit[i];
      if (i > 0) {
        f.digit[i - 1] = low(sum_f);
        g.digit[i - 1] = low(sum_g);
      }
      sum_f >>= 62;
      sum_g >>= 62;
    }
    f.digit[kDigits - 1] = static_cast<std::int64_t>(sum_f);
    g.digit[kDigits - 1] = static_cast<std::int64_t>(sum_g);
  }

  // (d, e) = t (d, e) / 2^62 modulo m, back in (-2 m, m): multiples of m bring negative numbers up and make
  // the lowest digit zero.
  static void apply_modular(Number& d, Number& e, const Matrix& t, const Number& m, std::uint64_t m_inverse) {
    const std::int64_t d_sign = d.digit[kDigits - 1] >> 63, e_sign = e.digit[kDigits - 1] >> 63;
    std::int64_t d_multiple = (t.u & d_sign) + (t.v & e_sign);
    std::int64_t e_multiple = (t.q & d_sign) + (t.r & e_sign);
    Wide sum_d = static_cast<Wide>(t.u) * d.digit[0] + static_cast<Wide>(t.v) * e.digit[0];
    Wide sum_e = static_cast<Wide>(t.q) * d.digit[0] + static_cast<Wide>(t.r) * e.digit[0];
    d_multiple -= remainder(sum_d, d_multiple, m_inverse);
    e_multiple -= remainder(sum_e, e_multiple, m_inverse);
    sum_d += static_cast<Wide>(m.digit[0]) * d_multiple;
    sum_e += static_cast<Wide>(m.digit[0]) * e_multiple;
    sum_d >>= 62;
    sum_e >>= 62;
    for (std::size_t i = 1; i < kDigits; i++) {
      sum_d += static_cast<Wide>(t.u) * d.digit[i] + static_cast<Wide>(t.v) * e.digit[i];
      sum_e += static_cast<Wide>(t.q) * d.digit[i] + static_cast<Wide>(t.r) * e.digit[i];
      sum_d += static_cast<Wide>(m.digit[i]) * d_multiple;
      sum_e += static_cast<Wide>(m.digit[i]) * e_multiple;
      d.digit[i - 1] = low(sum_d);
      e.digit[i - 1] = low(sum_e);
      sum_d >>= 62;
      sum_e >>= 62;
    }
    d.digit[kDigits - 1] = static_cast<std::int64_t>(sum_d);
    e.digit[kDigits - 1] = static_cast<std::int64_t>(sum_e);
  }
  // What to take from a multiple of m so that sum + multiple * m ends in 62 zero bits.
  static std::int64_t remainder(Wide sum, std::int64_t multiple, std::uint64_t m_inverse) {
    return static_cast<std::int64_t>(
        (m_inverse * static_cast<std::uint64_t>(sum) + static_cast<std::uint64_t>(multiple)) & kMask);
  }
  static std::int64_t low(Wide sum) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(sum) & kMask);
  }

  // number in (-2 m, m), negated where the mask `negate` says so, to [0, m).
  static void normalise(Number& number, std::int64_t negate, const Number& m) {
    add_where_negative(number, m);
    for (std::size_t i = 0; i < kDigits; i++) {
      number.digit[i] = (number.digit[i] ^ negate) - negate;
    }
    carry(number);
    add_where_negative(number, m);
  }
  static void add_where_negative(Number& number, const Number& m) {
    const auto mask = static_cast<std::int64_t>(
        ashlar_ct_barrier(static_cast<std::uint64_t>(number.digit[kDigits - 1] >> 63)));
    for (std::size_t i = 0; i < kDigits; i++) {
      number.digit[i] += m.digit[i] & mask;
    }
    carry(number);
  }
  static void carry(Number& number) {
    for (std::size_t i = 0; i + 1 < kDigits; i++) {
      number.digit[i + 1] += number.digit[i] >> 62;
      number.digit[i] &= static_cast<std::int64_t>(kMask);
    }
  }
};

}  // namespace ashlar::crypto::ec
