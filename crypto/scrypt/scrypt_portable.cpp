// SPDX-License-Identifier: Apache-2.0
// scryptBlockMix on plain 32-bit words.
#include <ashlar/base/endian.hpp>

#include "scrypt/scrypt_kernels.hpp"

#include <bit>

namespace ashlar::crypto::salsa {
namespace {

// Salsa20/8 (RFC 7914 §3) in place.
void salsa20_8(std::uint32_t x[16]) {
  std::uint32_t start[16];
  std::memcpy(start, x, sizeof start);
  const auto quarter = [x](int a, int b, int c, int d) {
    x[b] ^= std::rotl(x[a] + x[d], 7);
    x[c] ^= std::rotl(x[b] + x[a], 9);
    x[d] ^= std::rotl(x[c] + x[b], 13);
    x[a] ^= std::rotl(x[d] + x[c], 18);
  };
  for (int i = 0; i < 4; ++i) {
    quarter(0, 4, 8, 12);
    quarter(5, 9, 13, 1);
    quarter(10, 14, 2, 6);
    quarter(15, 3, 7, 11);
    quarter(0, 1, 2, 3);
    quarter(5, 6, 7, 4);
    quarter(10, 11, 8, 9);
    quarter(15, 12, 13, 14);
  }
  for (int i = 0; i < 16; ++i) {
    x[i] += start[i];
  }
}

}  // namespace

void block_mix_portable(const std::uint8_t* in, const std::uint8_t* other, std::uint8_t* out, std::size_t r) {
  std::uint32_t x[16] = {};
  const auto take = [&](std::size_t block) {
    for (std::size_t i = 0; i < 16; ++i) {
      const std::size_t at = 64 * block + 4 * i;
      x[i] ^= load_le32(in + at) ^ (other != nullptr ? load_le32(other + at) : 0);
    }
  };
  take(2 * r - 1);
  for (std::size_t block = 0; block < 2 * r; ++block) {
    take(block);
    salsa20_8(x);
    // Even blocks go to the front half, odd ones to the back.
    std::uint8_t* const to = out + 64 * (block / 2 + (block % 2) * r);
    for (std::size_t i = 0; i < 16; ++i) {
      store_le32(to + 4 * i, x[i]);
    }
  }
}

}  // namespace ashlar::crypto::salsa
