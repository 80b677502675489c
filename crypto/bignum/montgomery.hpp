// SPDX-License-Identifier: Apache-2.0
// Arithmetic modulo an odd number, in Montgomery's form: x stands for x * R modulo n, R = 2^(64 * limbs).
//
// Residues are "almost reduced": below R, not always below n. That saves a comparison after each product. Any
// number below R is accepted as input. A caller reduces a number before it compares or writes it
// (reduce_fully, from_montgomery). Constant time in all values; the number of limbs, the bits of the modulus
// and the public exponent are public.
#pragma once

#include "bignum/limbs.hpp"
#include "bignum/window.hpp"

#include <ashlar/crypto/bignum.hpp>

namespace ashlar::crypto::bignum {

inline constexpr std::size_t kMaxLimbs = 128;  // of the largest modulus: 8192 bits

// A modulus to work under. It borrows the numbers.
struct Montgomery {
  const BignumKernel* kernel;
  const Limb* n;
  Limb factor;  // -1 / n modulo 2^64
  std::size_t limbs;

  // Workspace of a product; wiped with the caller's other secrets.
  using Product = SecretLimbs<2 * kMaxLimbs>;

  // r = a * b / R. r may be a or b.
  void multiply(Limb* r, const Limb* a, const Limb* b, Product& work) const {
    kernel->multiply(work, a, b, limbs);
    kernel->reduce(r, work, n, factor, limbs);
  }
  // r = a * a / R. r may be a.
  void square(Limb* r, const Limb* a, Product& work) const {
    kernel->square(work, a, limbs);
    kernel->reduce(r, work, n, factor, limbs);
  }
  // r = a modulo n for a < 2n. Every product of a number below R and one below n is below 2n.
  void reduce_fully(Limb* r) const { ashlar_limbs_reduce_once(r, 0, n, limbs); }
  // r = a / R, below n: from Montgomery's form.
  void from_montgomery(Limb* r, const Limb* a, Product& work) const {
    copy(work, a, limbs);
    std::memset(work + limbs, 0, limbs * sizeof(Limb));
    kernel->reduce(r, work, n, factor, limbs);
    reduce_fully(r);
  }
};

// square = R^2 modulo n, below n. It brings numbers into Montgomery's form. `bits` is the size of n,
// public.
void montgomery_square(Limb* square, const Montgomery& n, std::size_t bits);

// r = base^(exponent - 1), both in Montgomery's form, for a public odd exponent. The caller multiplies once
// more by the base, in the form in which it wants the result.
void power_public_but_one(Limb* r, const Limb* base, std::uint64_t exponent, const Montgomery& n,
                          Montgomery::Product& work);

// r = base^exponent in Montgomery's form, with the low `bits` bits of the exponent. `one` is R modulo n in
// Montgomery's form. At most kMaxPowerLimbs limbs. It uses windows of fixed width and reads all entries to
// pick one.
inline constexpr std::size_t kMaxPowerLimbs = 64;
struct PowerTable {
  Limb entry[std::size_t{1} << kWindowBits][kMaxPowerLimbs];
};
void power(Limb* r, const Limb* base, const Limb* exponent, std::size_t bits, const Limb* one,
           const Montgomery& n, PowerTable& table, Montgomery::Product& work);

}  // namespace ashlar::crypto::bignum
