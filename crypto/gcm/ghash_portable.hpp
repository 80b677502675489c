// SPDX-License-Identifier: Apache-2.0
// GHASH, and POLYVAL made from it, in plain 64-bit arithmetic, without tables.
//
// A carry-less product is made of integer products whose operands have three zero bits between every two
// bits: sums of at most 16 partial products then cannot carry into the next bit that counts. (An operand has
// 16 such bits. A sum of 16 ones needs five bits, one more than a place and its gap have. That happens only
// at the topmost place, where the fifth bit is cut off.) Four masks of each operand give 16 products for the
// low half of a 64 x 64 bit product; the high half is the low half of the product of the operands read
// backwards. So no 128-bit integers are needed.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ashlar::crypto::gcm {

// H in halves, their sum, and the three backwards.
struct GhashKey {
  std::uint64_t high, low, mid;
  std::uint64_t high_reversed, low_reversed, mid_reversed;
};

struct GhashState {
  std::uint64_t high = 0;  // coefficients of x^0 to x^63, the most significant bit first
  std::uint64_t low = 0;
};

GhashKey ghash_key(const std::uint8_t h[16]);

// Absorbs whole blocks.
void ghash_blocks(const GhashKey& key, GhashState& state, const std::uint8_t* in, std::size_t blocks);

// POLYVAL is GHASH of the byte-reversed blocks, under the byte-reversed H times x, with the result
// reversed again (RFC 8452 appendix A). The state's halves are then little-endian, the lower
// first.
GhashKey polyval_key(const std::uint8_t h[16]);
void polyval_blocks(const GhashKey& key, GhashState& state, const std::uint8_t* in, std::size_t blocks);

}  // namespace ashlar::crypto::gcm
