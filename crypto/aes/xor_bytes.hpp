// SPDX-License-Identifier: Apache-2.0
// The exclusive or of two strings of bytes, eight at a time: what the portable modes do with a key stream.
#pragma once

#include <ashlar/base/endian.hpp>

#include <cstddef>

namespace ashlar::crypto::aes {

// out may be a or b.
inline void xor_bytes(std::uint8_t* out, const std::uint8_t* a, const std::uint8_t* b, std::size_t size) {
  std::size_t i = 0;
  for (; i + 8 <= size; i += 8) {
    store_le64(out + i, load_le64(a + i) ^ load_le64(b + i));
  }
  for (; i < size; ++i) {
    out[i] = a[i] ^ b[i];
  }
}

}  // namespace ashlar::crypto::aes
