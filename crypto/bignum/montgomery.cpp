// SPDX-License-Identifier: Apache-2.0
#include "bignum/montgomery.hpp"

namespace ashlar::crypto::bignum {

void montgomery_square(Limb* square, const Montgomery& n, std::size_t bits) {
  set(square, 0, n.limbs);
  square[(bits - 1) / kLimbBits] = Limb{1} << ((bits - 1) % kLimbBits);
  shift_modulo(square, square, 2 * kLimbBits * n.limbs - (bits - 1), n.n, n.limbs, bits);
}

void power_public_but_one(Limb* r, const Limb* base, std::uint64_t exponent, const Montgomery& n,
                          Montgomery::Product& work) {
  copy(r, base, n.limbs);
  for (int bit = 62 - __builtin_clzll(exponent); bit > 0; bit--) {
    n.square(r, r, work);
    if (((exponent >> bit) & 1) != 0) {
      n.multiply(r, r, base, work);
    }
  }
  n.square(r, r, work);
}

namespace {

// r = the entry of the table at a secret index; every entry is read.
void pick(Limb* r, const PowerTable& table, Limb index, std::size_t limbs) {
  constexpr std::size_t kEntries = std::size_t{1} << kWindowBits;
  Limb masks[kEntries];
  for (std::size_t i = 0; i < kEntries; i++) {
    masks[i] = ashlar_ct_eq(i, index);
  }
  for (std::size_t from = 0; from < limbs; from += 8) {
    Limb sum[8] = {};
    for (std::size_t i = 0; i < kEntries; i++) {
      const Limb mask = masks[i];
      const Limb* entry = table.entry[i] + from;
      for (std::size_t k = 0; k < 8; k++) {
        sum[k] |= entry[k] & mask;
      }
    }
    copy(r + from, sum, 8);
  }
  wipe(masks, sizeof masks);
}

}  // namespace

void power(Limb* r, const Limb* base, const Limb* exponent, std::size_t bits, const Limb* one,
           const Montgomery& n, PowerTable& table, Montgomery::Product& work) {
  constexpr std::size_t kEntries = std::size_t{1} << kWindowBits;
  if (n.limbs > kMaxPowerLimbs) {
    __builtin_trap();
  }
  copy(table.entry[0], one, n.limbs);
  copy(table.entry[1], base, n.limbs);
  for (std::size_t i = 2; i < kEntries; i += 2) {
    n.square(table.entry[i], table.entry[i / 2], work);
    n.multiply(table.entry[i + 1], table.entry[i], base, work);
  }
  SecretLimbs<kMaxPowerLimbs> factor;
  std::size_t low = (bits + kWindowBits - 1) / kWindowBits * kWindowBits;
  copy(r, one, n.limbs);
  while (low > 0) {
    low -= kWindowBits;
    for (std::size_t i = 0; i < kWindowBits; i++) {
      n.square(r, r, work);
    }
    pick(factor, table, window(exponent, bits, low), n.limbs);
    n.multiply(r, r, factor, work);
  }
}

}  // namespace ashlar::crypto::bignum
