// SPDX-License-Identifier: Apache-2.0
// The workspace of a private operation, and the wipe after it.
#pragma once

#include "bignum/montgomery.hpp"
#include "cpu/dead_stack.hpp"

#include <ashlar/crypto/rsa.hpp>

namespace ashlar::crypto {

// About 30 KiB of stack, wiped at the end.
struct RsaPrivateKey::Workspace {
  // The input of the operation, below n, and its result.
  bignum::Limb input[2 * kHalfLimbs];
  bignum::Limb output[2 * kHalfLimbs];
  // The same as bytes.
  std::uint8_t encoded[kRsaMaxSize];

  bignum::Limb blind[2 * kHalfLimbs];    // r
  bignum::Limb unblind[2 * kHalfLimbs];  // 1 / r
  bignum::Limb masked[2 * kHalfLimbs];   // input * r^e
  bignum::Limb base[kHalfLimbs];
  bignum::Limb one[kHalfLimbs];
  bignum::Limb m1[kHalfLimbs];
  bignum::Limb m2[kHalfLimbs];
  bignum::Limb h[kHalfLimbs];
  bignum::PowerTable table;
  bignum::Montgomery::Product product;

  Workspace() = default;
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;
  ~Workspace() { wipe(this, sizeof *this); }
};

// Wipes what functions with secret numbers leave below: limbs that they spill. Only around calls of functions
// that are not inlined, so that no frame with such limbs stays above.
using WipeSpills = WipeBelow<12288>;

}  // namespace ashlar::crypto
