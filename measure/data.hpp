// SPDX-License-Identifier: Apache-2.0
// The data that measured operations work on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ashlar::measure {

// A block, a hash's block, two short records, a datagram's worth, a page, half a record, a record, and more
// than the first-level caches hold.
inline constexpr std::size_t kSizes[] = {16, 64, 256, 1350, 4096, 8192, 16384, 1048576};

// Bytes that are all defined and not all alike.
inline std::vector<std::uint8_t> filler(std::size_t size) {
  std::vector<std::uint8_t> out(size);
  for (std::size_t i = 0; i < size; ++i) {
    out[i] = static_cast<std::uint8_t>(i * 167 + 13);
  }
  return out;
}

}  // namespace ashlar::measure
