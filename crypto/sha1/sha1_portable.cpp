// SPDX-License-Identifier: Apache-2.0
// SHA-1 compression (FIPS 180-4 §6.1.2) on plain words; the schedule is a ring of sixteen.
#include <ashlar/base/bytes.hpp>
#include <ashlar/base/endian.hpp>

#include <bit>

#include "cpu/dead_stack.hpp"
#include "sha1/sha1_kernels.hpp"

namespace ashlar::crypto::sha1 {
namespace {

// The most stack that compress takes, with the schedule and spilled words of the state.
constexpr std::size_t kStack = 512;

void compress(std::uint32_t* h, const std::uint8_t* data, std::size_t blocks) {
  std::uint32_t w[16];
  for (; blocks != 0; --blocks, data += 64) {
    std::uint32_t a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
    for (unsigned t = 0; t < 80; ++t) {
      if (t < 16) {
        w[t] = load_be32(data + 4 * t);
      } else {
        w[t % 16] = std::rotl(w[(t + 13) % 16] ^ w[(t + 8) % 16] ^ w[(t + 2) % 16] ^ w[t % 16], 1);
      }
      const std::uint32_t f = t < 20   ? (b & c) ^ (~b & d)
                              : t < 40 ? b ^ c ^ d
                              : t < 60 ? (b & c) ^ (b & d) ^ (c & d)
                                       : b ^ c ^ d;
      const std::uint32_t k = t < 20 ? 0x5a827999 : t < 40 ? 0x6ed9eba1 : t < 60 ? 0x8f1bbcdc : 0xca62c1d6;
      const std::uint32_t sum = std::rotl(a, 5) + f + e + k + w[t % 16];
      e = d;
      d = c;
      c = std::rotl(b, 30);
      b = a;
      a = sum;
    }
    h[0] += a;
    h[1] += b;
    h[2] += c;
    h[3] += d;
    h[4] += e;
  }
}

}  // namespace

void compress_portable(void* state, const std::uint8_t* data, std::size_t blocks) {
  call_and_wipe<kStack>(compress, static_cast<std::uint32_t*>(state), data, blocks);
}

}  // namespace ashlar::crypto::sha1
