// SPDX-License-Identifier: Apache-2.0
// Poly1305 (RFC 8439 §2.5) in radix 2^26 with 64-bit products: constant time wherever 32 x 32 -> 64 bit
// multiplication is, on any machine and byte order.
//
// h and r are five limbs of 26 bits. A product limb that lands at 2^130 or above comes back multiplied by 5,
// which the precomputed s = 5 r folds in. With h limbs below 2^27 and r, s limbs below 2^29 each column stays
// below 2^59.
#include "chacha20poly1305/chacha_kernels.hpp"
#include "cpu/forget.hpp"

namespace ashlar::crypto::chacha {

void poly1305_blocks_portable(Poly1305State& state, const std::uint8_t* data, std::size_t blocks) {
  const ForgetVectors forget;
  constexpr std::uint64_t kMask = (1 << 26) - 1;
  using u64 = std::uint64_t;

  const u64 r0 = state.r[0] & kMask;
  const u64 r1 = (state.r[0] >> 26) & kMask;
  const u64 r2 = ((state.r[0] >> 52) | (state.r[1] << 12)) & kMask;
  const u64 r3 = (state.r[1] >> 14) & kMask;
  const u64 r4 = state.r[1] >> 40;
  const u64 s1 = r1 * 5, s2 = r2 * 5, s3 = r3 * 5, s4 = r4 * 5;

  u64 h0 = state.h[0] & kMask;
  u64 h1 = (state.h[0] >> 26) & kMask;
  u64 h2 = ((state.h[0] >> 52) | (state.h[1] << 12)) & kMask;
  u64 h3 = (state.h[1] >> 14) & kMask;
  u64 h4 = (state.h[1] >> 40) | (state.h[2] << 24);

  for (; blocks != 0; --blocks, data += 16) {
    const u64 low = load_le64(data);
    const u64 high = load_le64(data + 8);
    h0 += low & kMask;
    h1 += (low >> 26) & kMask;
    h2 += ((low >> 52) | (high << 12)) & kMask;
    h3 += (high >> 14) & kMask;
    h4 += (high >> 40) | (u64{1} << 24);

    const u64 d0 = h0 * r0 + h1 * s4 + h2 * s3 + h3 * s2 + h4 * s1;
    u64 d1 = h0 * r1 + h1 * r0 + h2 * s4 + h3 * s3 + h4 * s2;
    u64 d2 = h0 * r2 + h1 * r1 + h2 * r0 + h3 * s4 + h4 * s3;
    u64 d3 = h0 * r3 + h1 * r2 + h2 * r1 + h3 * r0 + h4 * s4;
    u64 d4 = h0 * r4 + h1 * r3 + h2 * r2 + h3 * r1 + h4 * r0;

    d1 += d0 >> 26;
    d2 += d1 >> 26;
    d3 += d2 >> 26;
    d4 += d3 >> 26;
    h0 = (d0 & kMask) + (d4 >> 26) * 5;
    h1 = (d1 & kMask) + (h0 >> 26);
    h0 &= kMask;
    h2 = d2 & kMask;
    h3 = d3 & kMask;
    h4 = d4 & kMask;
  }

  // Limbs to words with their carries; h stays below 2^131.
  h2 += h1 >> 26;
  h1 &= kMask;
  h3 += h2 >> 26;
  h2 &= kMask;
  h4 += h3 >> 26;
  h3 &= kMask;
  state.h[0] = h0 | (h1 << 26) | (h2 << 52);
  state.h[1] = (h2 >> 12) | (h3 << 14) | (h4 << 40);
  state.h[2] = h4 >> 24;
}

}  // namespace ashlar::crypto::chacha
