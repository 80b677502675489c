// SPDX-License-Identifier: Apache-2.0
// Sizes in blocks of a hash function.
#pragma once

#include <bit>
#include <cstddef>

namespace ashlar::crypto {

// How many whole blocks `size` bytes hold. Block sizes are powers of two, except SHA-3's. A division costs as
// much as a few rounds.
inline std::size_t whole_blocks(std::size_t size, std::size_t block) {
  if (size < block) {
    return 0;
  }
  return (block & (block - 1)) == 0 ? size >> std::countr_zero(block) : size / block;
}

}  // namespace ashlar::crypto
