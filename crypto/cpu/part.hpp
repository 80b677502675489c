// SPDX-License-Identifier: Apache-2.0
// A part of a block, in registers. If it were copied to memory in pieces and read as a whole, the read would
// wait until all pieces have left the core.
#pragma once

#include <ashlar/base/endian.hpp>

#include <cstddef>

namespace ashlar::crypto {

// 16 bytes as little-endian numbers.
struct Halves {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
};

// The first `size` bytes (0 to 16) at p, then zeros; reads nothing else.
inline Halves load_halves(const std::uint8_t* p, std::size_t size) {
  if (size >= 8) {
    // The last eight bytes overlap the first ones. A shift by 64 would be undefined, so it takes two steps.
    return {load_le64(p), load_le64(p + size - 8) >> (4 * (16 - size)) >> (4 * (16 - size))};
  }
  if (size >= 4) {
    return {load_le32(p) | std::uint64_t{load_le32(p + size - 4)} << (8 * (size - 4)), 0};
  }
  if (size != 0) {
    return {p[0] | std::uint64_t{p[size / 2]} << (8 * (size / 2)) |
                std::uint64_t{p[size - 1]} << (8 * (size - 1)),
            0};
  }
  return {};
}

}  // namespace ashlar::crypto
