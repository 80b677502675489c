// SPDX-License-Identifier: Apache-2.0
// The end of a message, assembled in registers. If it were written to memory in pieces and read back in whole
// vectors, the reads would wait for the stores to retire.
#pragma once

#include "cpu/x86_parts.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::x86 {

// Sixteen bytes of the padded message: at most 16 of the `left` bytes at p, and the one bit behind the last,
// if it falls here. `left` is negative if the message and its bit ended before.
ASHLAR_TARGET_INLINE("sse4.1") __m128i padded(const std::uint8_t* p, std::ptrdiff_t left) {
  alignas(16) static constexpr std::uint8_t kEnd[48] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80};
  const std::ptrdiff_t at = left < -1 ? -1 : left > 16 ? 16 : left;
  const __m128i end = _mm_loadu_si128(reinterpret_cast<const __m128i*>(kEnd + 16 - at));
  return _mm_or_si128(load_part(p, at < 0 ? 0 : static_cast<std::size_t>(at)), end);
}

// The last, unfinished block of a message, `size` < 64 bytes at p, with the bit behind it, without the
// length.
struct PaddedBlock {
  __m128i quarter[4];
};
ASHLAR_TARGET_INLINE("sse4.1") PaddedBlock padded_block(const std::uint8_t* p, std::size_t size) {
  const auto left = static_cast<std::ptrdiff_t>(size);
  // Pieces past the end of the message are not read.
  return {{padded(p, left), padded(p + (left > 16 ? 16 : 0), left - 16),
           padded(p + (left > 32 ? 32 : 0), left - 32), padded(p + (left > 48 ? 48 : 0), left - 48)}};
}

}  // namespace ashlar::crypto::x86

#endif
