// SPDX-License-Identifier: Apache-2.0
#include "bignum/limbs.hpp"

namespace ashlar::crypto::bignum {

ct::Mask from_bytes(Limb* number, std::size_t limbs, Bytes bytes) {
  std::memset(number, 0, limbs * sizeof(Limb));
  Limb excess = 0;
  for (std::size_t i = 0; i < bytes.size(); i++) {
    const Limb byte = bytes[bytes.size() - 1 - i];
    if (i / 8 < limbs) {
      number[i / 8] |= byte << (8 * (i % 8));
    } else {
      excess |= byte;
    }
  }
  return ct::is_zero(excess);
}

void to_bytes(MutBytes bytes, const Limb* number, std::size_t limbs) {
  for (std::size_t i = 0; i < bytes.size(); i++) {
    const Limb limb = i / 8 < limbs ? number[i / 8] : 0;
    bytes[bytes.size() - 1 - i] = static_cast<std::uint8_t>(limb >> (8 * (i % 8)));
  }
}

std::size_t public_bits(const Limb* number, std::size_t limbs) {
  while (limbs > 0 && number[limbs - 1] == 0) {
    limbs--;
  }
  return limbs == 0 ? 0 : limbs * kLimbBits - static_cast<std::size_t>(__builtin_clzll(number[limbs - 1]));
}

std::size_t secret_bits(const Limb* number, std::size_t limbs) {
  Limb bits = 0;
  for (std::size_t i = 0; i < limbs * kLimbBits; i++) {
    const ct::Mask set = ct::Mask::from_bit((number[i / kLimbBits] >> (i % kLimbBits)) & 1);
    bits = ct::select(set, i + 1, bits);
  }
  return static_cast<std::size_t>(bits);
}

void divide(Limb* quotient, Limb* remainder, const Limb* value, std::size_t limbs, const Limb* divisor,
            std::size_t divisor_limbs) {
  SecretLimbs<kMaxDivisorLimbs> rest;
  if (divisor_limbs > kMaxDivisorLimbs) {
    __builtin_trap();
  }
  set(rest, 0, divisor_limbs);
  for (std::size_t i = limbs; i-- > 0;) {
    Limb digits = 0;
    for (std::size_t bit = kLimbBits; bit-- > 0;) {
      const Limb carry = ashlar_limbs_double(rest, divisor_limbs, (value[i] >> bit) & 1);
      const Limb below = ashlar_limbs_less(rest, divisor, divisor_limbs) & ashlar_ct_is_zero(carry);
      (void)ashlar_limbs_sub_masked(~below, rest, divisor, divisor_limbs);
      digits = (digits << 1) | (~below & 1);
    }
    if (quotient != nullptr) {
      quotient[i] = digits;
    }
  }
  if (remainder != nullptr) {
    copy(remainder, rest, divisor_limbs);
  }
}

namespace {

// floor(2^123 / divisor) for 2^59 < divisor <= 2^60, bit by bit: the bits of 2^123 above the lowest 64 are
// 2^59, so 2^59 is the first remainder.
Limb reciprocal(Limb divisor) {
  Limb rest = Limb{1} << 59;
  Limb quotient = 0;
  for (std::size_t i = 0; i < kLimbBits; i++) {
    rest <<= 1;
    const Limb fits = ashlar_ct_barrier(~ashlar_ct_lt(rest, divisor));
    rest -= divisor & fits;
    quotient = (quotient << 1) | (fits & 1);
  }
  return quotient;
}

// to = from shifted left by `bits`, across the arrays.
void shift_left(Limb* to, std::size_t to_limbs, const Limb* from, std::size_t limbs, std::size_t bits) {
  const std::size_t whole = bits / kLimbBits;
  const std::size_t part = bits % kLimbBits;
  for (std::size_t i = to_limbs; i-- > 0;) {
    Limb limb = i >= whole && i - whole < limbs ? from[i - whole] << part : 0;
    if (part > 0 && i > whole && i - whole - 1 < limbs) {
      limb |= from[i - whole - 1] >> (kLimbBits - part);
    }
    to[i] = limb;
  }
}

}  // namespace

// Division by digits of 56 bits. The quotient of a step is never too large and rarely exact. n and the value
// are shifted so that n has 64 k - 4 bits. For x < 2n, the top limbs of x and n give a quotient of x * 2^56
// by n that is less than 1.7 too small: 1 from rounding, 2^56 / 2^59 from the lower limbs of x, 2^57 / 2^59
// from the lower limbs of n, and almost nothing from the reciprocal. So the next x is below 2n again.
void shift_modulo(Limb* r, const Limb* value, std::size_t shift, const Limb* n, std::size_t limbs,
                  std::size_t bits) {
  constexpr std::size_t kDigitBits = 56;
  if (limbs > kMaxShiftLimbs) {
    __builtin_trap();
  }
  const std::size_t size = (bits + 4 + kLimbBits - 1) / kLimbBits;
  const std::size_t up = size * kLimbBits - 4 - bits;
  SecretLimbs<kMaxShiftLimbs + 1> x, modulus;
  shift_left(modulus, size, n, limbs, up);
  shift_left(x, size, value, limbs, up);
  const Limb factor = reciprocal(modulus[size - 1] + 1);
  while (shift > 0) {
    const std::size_t digit = shift < kDigitBits ? shift : kDigitBits;
    const Limb quotient = ashlar_u128_high(ashlar_u128_mul(x[size - 1], factor)) >> (59 - digit);
    Limb below = 0;
    // The quotient has 57 bits, so every sum fits 128 bits with a sign.
    ashlar_u128 sum = ashlar_u128_of(0);
    for (std::size_t i = 0; i < size; i++) {
      sum = ashlar_u128_add(sum, ashlar_u128_of((x[i] << digit) | (below >> (kLimbBits - digit))));
      sum = ashlar_u128_sub(sum, ashlar_u128_mul(modulus[i], quotient));
      below = x[i];
      x[i] = ashlar_u128_low(sum);
      sum = ashlar_u128_upper_signed(sum);
    }
    shift -= digit;
  }
  ashlar_limbs_reduce_once(x, 0, modulus, size);
  for (std::size_t i = 0; i < limbs; i++) {
    const std::size_t at = i + up / kLimbBits;
    const std::size_t part = up % kLimbBits;
    Limb limb = at < size ? x[at] >> part : 0;
    if (part > 0 && at + 1 < size) {
      limb |= x[at + 1] << (kLimbBits - part);
    }
    r[i] = limb;
  }
}

// The binary algorithm. Each step halves at least one of a and b, or both if both are even (counted in
// `twos`). If both are odd, it first makes the larger one even; 128 steps per limb bring one of them to zero.
void gcd(Limb* result, const Limb* a_in, const Limb* b_in, std::size_t limbs) {
  SecretLimbs<kMaxGcdLimbs> a, b, difference;
  if (limbs > kMaxGcdLimbs) {
    __builtin_trap();
  }
  copy(a, a_in, limbs);
  copy(b, b_in, limbs);
  Limb twos = 0;
  for (std::size_t step = 0; step < 2 * limbs * kLimbBits; step++) {
    const Limb both_odd = ashlar_ct_barrier(0 - (a[0] & b[0] & 1));
    const Limb a_less = 0 - ashlar_limbs_sub(difference, a, b, limbs);
    ashlar_limbs_select(both_odd & ~a_less, a, difference, a, limbs);
    (void)ashlar_limbs_sub(difference, b, a, limbs);
    ashlar_limbs_select(both_odd & a_less, b, difference, b, limbs);

    const Limb a_odd = 0 - (a[0] & 1);
    const Limb b_odd = 0 - (b[0] & 1);
    twos += ~a_odd & ~b_odd & 1;
    ashlar_limbs_halve_masked(~a_odd, a, limbs, 0);
    ashlar_limbs_halve_masked(~b_odd, b, limbs, 0);
  }
  // One of them is zero; the other, times 2^twos, is the answer.
  for (std::size_t i = 0; i < limbs; i++) {
    a[i] |= b[i];
  }
  for (std::size_t i = 0; i < limbs * kLimbBits; i++) {
    copy(difference, a, limbs);
    (void)ashlar_limbs_double(difference, limbs, 0);
    const Limb more = ~ashlar_ct_is_zero(twos);
    ashlar_limbs_select(more, a, difference, a, limbs);
    twos -= more & 1;
  }
  copy(result, a, limbs);
}

}  // namespace ashlar::crypto::bignum
