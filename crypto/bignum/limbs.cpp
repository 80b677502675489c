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

// The binary algorithm. Each step halves at least one of a and b, or both when both are even (counted in
// `twos`), after making the larger of two odd numbers even; 128 steps per limb bring one of them to zero.
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
