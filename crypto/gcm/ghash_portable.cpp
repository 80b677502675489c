// SPDX-License-Identifier: Apache-2.0
#include "gcm/ghash_portable.hpp"

#include "cpu/unroll.hpp"

#include <ashlar/base/ct.hpp>
#include <ashlar/base/endian.hpp>

namespace ashlar::crypto::gcm {
namespace {

// The low 64 bits of the carry-less product.
std::uint64_t multiply_low(std::uint64_t a, std::uint64_t b) {
  constexpr std::uint64_t kEveryFourth = 0x1111111111111111;
  std::uint64_t result = 0;
  std::uint64_t parts[4];
  ASHLAR_UNROLL
  for (unsigned i = 0; i < 4; ++i) {
    parts[i] = b & (kEveryFourth << i);
  }
  std::uint64_t sums[4] = {};
  ASHLAR_UNROLL
  for (unsigned i = 0; i < 4; ++i) {
    const std::uint64_t part = a & (kEveryFourth << i);
    ASHLAR_UNROLL
    for (unsigned j = 0; j < 4; ++j) {
      sums[(i + j) & 3] ^= part * parts[j];
    }
  }
  ASHLAR_UNROLL
  for (unsigned i = 0; i < 4; ++i) {
    result |= sums[i] & (kEveryFourth << i);
  }
  return result;
}

std::uint64_t reverse(std::uint64_t x) {
  x = ((x >> 1) & 0x5555555555555555) | ((x & 0x5555555555555555) << 1);
  x = ((x >> 2) & 0x3333333333333333) | ((x & 0x3333333333333333) << 2);
  x = ((x >> 4) & 0x0f0f0f0f0f0f0f0f) | ((x & 0x0f0f0f0f0f0f0f0f) << 4);
  return byteswap(x);
}

// The high 63 bits of the product, from the operands read backwards.
std::uint64_t multiply_high(std::uint64_t a_reversed, std::uint64_t b_reversed) {
  return reverse(multiply_low(a_reversed, b_reversed)) >> 1;
}

// state * H: Karatsuba over the halves, then the reduction by x^128 + x^7 + x^2 + x + 1. In this bit order
// the product is one place too low, and multiplying by x is a shift to the right.
void multiply(const GhashKey& key, GhashState& state) {
  const std::uint64_t high = state.high;
  const std::uint64_t low = state.low;
  const std::uint64_t high_reversed = reverse(high);
  const std::uint64_t low_reversed = reverse(low);

  const std::uint64_t ll = multiply_low(low, key.low);
  const std::uint64_t lh = multiply_high(low_reversed, key.low_reversed);
  const std::uint64_t hl = multiply_low(high, key.high);
  const std::uint64_t hh = multiply_high(high_reversed, key.high_reversed);
  const std::uint64_t ml = multiply_low(high ^ low, key.mid) ^ ll ^ hl;
  const std::uint64_t mh = multiply_high(high_reversed ^ low_reversed, key.mid_reversed) ^ lh ^ hh;

  const std::uint64_t p0 = ll;
  const std::uint64_t p1 = lh ^ ml;
  const std::uint64_t p2 = hl ^ mh;
  const std::uint64_t p3 = hh;

  const std::uint64_t v0 = p0 << 1;
  std::uint64_t v1 = (p1 << 1) | (p0 >> 63);
  std::uint64_t v2 = (p2 << 1) | (p1 >> 63);
  std::uint64_t v3 = (p3 << 1) | (p2 >> 63);
  v2 ^= v0 ^ (v0 >> 1) ^ (v0 >> 2) ^ (v0 >> 7);
  v1 ^= (v0 << 63) ^ (v0 << 62) ^ (v0 << 57);
  v3 ^= v1 ^ (v1 >> 1) ^ (v1 >> 2) ^ (v1 >> 7);
  v2 ^= (v1 << 63) ^ (v1 << 62) ^ (v1 << 57);
  state.high = v3;
  state.low = v2;
}

GhashKey key_from(std::uint64_t high, std::uint64_t low) {
  return {high, low, high ^ low, reverse(high), reverse(low), reverse(high) ^ reverse(low)};
}

}  // namespace

GhashKey ghash_key(const std::uint8_t h[16]) {
  return key_from(load_be64(h), load_be64(h + 8));
}

void ghash_blocks(const GhashKey& key, GhashState& state, const std::uint8_t* in, std::size_t blocks) {
  for (; blocks != 0; --blocks, in += 16) {
    state.high ^= load_be64(in);
    state.low ^= load_be64(in + 8);
    multiply(key, state);
  }
}

GhashKey polyval_key(const std::uint8_t h[16]) {
  const std::uint64_t high = load_le64(h + 8);
  const std::uint64_t low = load_le64(h);
  // Times x: a bit that falls out comes back as 1 + x + x^2 + x^7.
  const std::uint64_t back = ct::Mask::from_bit(low & 1).bits() & 0xe100000000000000;
  return key_from((high >> 1) ^ back, (low >> 1) | (high << 63));
}

void polyval_blocks(const GhashKey& key, GhashState& state, const std::uint8_t* in, std::size_t blocks) {
  for (; blocks != 0; --blocks, in += 16) {
    state.high ^= load_le64(in + 8);
    state.low ^= load_le64(in);
    multiply(key, state);
  }
}

}  // namespace ashlar::crypto::gcm
