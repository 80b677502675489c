// SPDX-License-Identifier: Apache-2.0
// Modular inverse by division steps (Bernstein and Yang, "Fast constant-time gcd computation and modular
// inversion", TCHES 2019).
//
// A step looks at the lowest bits of f and g and a small counter only, so 62 of them are done on single limbs
// and collected in a 2 x 2 matrix, which then multiplies the long numbers: f, g (exactly divisible by 2^62
// afterwards) and d, e, the multiples of `value` that they are modulo the modulus (made divisible by adding a
// multiple of the modulus). Numbers are signed, in limbs of 62 bits, the top one signed. The counter starts
// at one half instead of one ("hddivsteps"), which needs (45907 * bits + 26313) / 19929 steps for odd moduli
// of that many bits. Whether g has really become 0 and f = +-1 is checked at the end, so a number without an
// inverse is noticed.
#include "bignum/limbs.hpp"

namespace ashlar::crypto::bignum {
namespace {

__extension__ typedef __int128 Signed128;
using Signed = std::int64_t;

constexpr int kDigitBits = 62;
constexpr Limb kDigitMask = (Limb{1} << kDigitBits) - 1;
constexpr std::size_t kMaxDigits = (kMaxInverseLimbs * kLimbBits + 2) / kDigitBits + 1;

using Digits = SecretLimbs<kMaxDigits>;

constexpr std::size_t digits_for(std::size_t limbs) {
  // Room for a sign and for the factor of two by which d and e may exceed the modulus.
  return (limbs * kLimbBits + 2 + kDigitBits - 1) / kDigitBits;
}

void to_digits(Limb* digits, std::size_t count, const Limb* number, std::size_t limbs) {
  for (std::size_t i = 0; i < count; i++) {
    const std::size_t bit = i * kDigitBits;
    const std::size_t at = bit / kLimbBits;
    const std::size_t shift = bit % kLimbBits;
    Limb digit = at < limbs ? number[at] >> shift : 0;
    if (shift > kLimbBits - kDigitBits && at + 1 < limbs) {
      digit |= number[at + 1] << (kLimbBits - shift);
    }
    digits[i] = digit & kDigitMask;
  }
}

void from_digits(Limb* number, std::size_t limbs, const Limb* digits, std::size_t count) {
  for (std::size_t i = 0; i < limbs; i++) {
    const std::size_t bit = i * kLimbBits;
    const std::size_t at = bit / kDigitBits;
    const std::size_t shift = bit % kDigitBits;
    Limb limb = digits[at] >> shift;
    if (at + 1 < count) {
      limb |= digits[at + 1] << (kDigitBits - shift);
    }
    if (2 * kDigitBits - shift < kLimbBits && at + 2 < count) {
      limb |= digits[at + 2] << (2 * kDigitBits - shift);
    }
    number[i] = limb;
  }
}

struct Matrix {
  Signed u, v, q, r;
};

// 62 steps on the lowest limbs of f and g. `counter` is minus (delta + 1/2).
Signed divide_steps(Signed counter, Limb f, Limb g, Matrix& matrix) {
  Limb u = 1, v = 0, q = 0, r = 1;
  for (int i = 0; i < kDigitBits; i++) {
    Limb swap = ashlar_ct_barrier(static_cast<Limb>(counter >> 63));
    const Limb odd = ashlar_ct_barrier(0 - (g & 1));
    // g += f or g -= f, where g is odd; the sign by that of the counter.
    g += ((f ^ swap) - swap) & odd;
    q += ((u ^ swap) - swap) & odd;
    r += ((v ^ swap) - swap) & odd;
    // Where both hold, f becomes the old g.
    swap &= odd;
    counter = static_cast<Signed>((static_cast<Limb>(counter) ^ swap) - 1);
    f += g & swap;
    u += q & swap;
    v += r & swap;
    g >>= 1;
    u <<= 1;
    v <<= 1;
  }
  matrix = {static_cast<Signed>(u), static_cast<Signed>(v), static_cast<Signed>(q), static_cast<Signed>(r)};
  return counter;
}

Signed128 multiply(Signed a, Limb b) {
  return static_cast<Signed128>(a) * static_cast<Signed>(b);
}
Limb low_digit(Signed128 value) {
  return static_cast<Limb>(value) & kDigitMask;
}

// (f, g) = matrix * (f, g) / 2^62.
void update_fg(Limb* f, Limb* g, std::size_t count, const Matrix& m) {
  Signed128 cf = (multiply(m.u, f[0]) + multiply(m.v, g[0])) >> kDigitBits;
  Signed128 cg = (multiply(m.q, f[0]) + multiply(m.r, g[0])) >> kDigitBits;
  for (std::size_t i = 1; i < count; i++) {
    cf += multiply(m.u, f[i]) + multiply(m.v, g[i]);
    cg += multiply(m.q, f[i]) + multiply(m.r, g[i]);
    f[i - 1] = low_digit(cf);
    g[i - 1] = low_digit(cg);
    cf >>= kDigitBits;
    cg >>= kDigitBits;
  }
  f[count - 1] = static_cast<Limb>(cf);
  g[count - 1] = static_cast<Limb>(cg);
}

// (d, e) = matrix * (d, e) / 2^62 modulo the modulus; both stay between -2 and +1 times it.
void update_de(Limb* d, Limb* e, std::size_t count, const Matrix& m, const Limb* modulus, Limb inverse) {
  const Signed d_sign = static_cast<Signed>(d[count - 1]) >> 63;
  const Signed e_sign = static_cast<Signed>(e[count - 1]) >> 63;
  Signed md = (m.u & d_sign) + (m.v & e_sign);
  Signed me = (m.q & d_sign) + (m.r & e_sign);
  Signed128 cd = multiply(m.u, d[0]) + multiply(m.v, e[0]);
  Signed128 ce = multiply(m.q, d[0]) + multiply(m.r, e[0]);
  // The multiples of the modulus that clear the lowest digits.
  md -= static_cast<Signed>((inverse * static_cast<Limb>(cd) + static_cast<Limb>(md)) & kDigitMask);
  me -= static_cast<Signed>((inverse * static_cast<Limb>(ce) + static_cast<Limb>(me)) & kDigitMask);
  cd = (cd + multiply(md, modulus[0])) >> kDigitBits;
  ce = (ce + multiply(me, modulus[0])) >> kDigitBits;
  for (std::size_t i = 1; i < count; i++) {
    cd += multiply(m.u, d[i]) + multiply(m.v, e[i]) + multiply(md, modulus[i]);
    ce += multiply(m.q, d[i]) + multiply(m.r, e[i]) + multiply(me, modulus[i]);
    d[i - 1] = low_digit(cd);
    e[i - 1] = low_digit(ce);
    cd >>= kDigitBits;
    ce >>= kDigitBits;
  }
  d[count - 1] = static_cast<Limb>(cd);
  e[count - 1] = static_cast<Limb>(ce);
}

// value = (value ^ flip) - flip + (modulus & add), digits normalised again. The masks are 0 or all ones.
void negate_and_add(Limb* value, std::size_t count, Limb flip, const Limb* modulus, Limb add) {
  Signed128 carry = 0;
  for (std::size_t i = 0; i < count; i++) {
    const Signed digit = static_cast<Signed>((value[i] ^ flip) - flip);
    carry += static_cast<Signed128>(digit) + static_cast<Signed>(modulus[i] & add);
    value[i] = i + 1 < count ? low_digit(carry) : static_cast<Limb>(carry);
    carry >>= kDigitBits;
  }
}

}  // namespace

ct::Mask invert(Limb* inverse, const Limb* value, const Limb* modulus, std::size_t limbs) {
  if (limbs > kMaxInverseLimbs) {
    __builtin_trap();
  }
  const std::size_t count = digits_for(limbs);
  Digits m, f, g, d, e;
  to_digits(m, count, modulus, limbs);
  to_digits(g, count, value, limbs);
  copy(f, m, count);
  set(d, 0, count);
  set(e, 1, count);
  const Limb modulus_inverse = 0 - ashlar_limb_negated_inverse(modulus[0]);

  const std::size_t bits = limbs * kLimbBits;
  const std::size_t steps = (45907 * bits + 26313) / 19929;
  Signed counter = -1;
  for (std::size_t done = 0; done < steps; done += kDigitBits) {
    Matrix matrix;
    counter = divide_steps(counter, f[0] | (f[1] << kDigitBits), g[0] | (g[1] << kDigitBits), matrix);
    update_de(d, e, count, matrix, m, modulus_inverse);
    update_fg(f, g, count, matrix);
    wipe(&matrix, sizeof matrix);
  }

  // g = 0 and f = +-gcd by now. d is in (-2, 1) times the modulus: add it where negative, take f's sign, add
  // again.
  const Limb f_sign = ashlar_ct_barrier(static_cast<Limb>(static_cast<Signed>(f[count - 1]) >> 63));
  negate_and_add(d, count, 0, m, static_cast<Limb>(static_cast<Signed>(d[count - 1]) >> 63));
  negate_and_add(d, count, f_sign, m, 0);
  negate_and_add(d, count, 0, m, static_cast<Limb>(static_cast<Signed>(d[count - 1]) >> 63));
  from_digits(inverse, limbs, d, count);
  negate_and_add(f, count, f_sign, m, 0);
  Limb rest = f[0] ^ 1;
  for (std::size_t i = 0; i < count; i++) {
    rest |= g[i] | (i > 0 ? f[i] : 0);
  }
  return ct::is_zero(rest);
}

}  // namespace ashlar::crypto::bignum
