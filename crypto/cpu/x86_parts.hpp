// SPDX-License-Identifier: Apache-2.0
// Loads and stores of a part of an xmm register that touch no byte outside that part.
#pragma once

#include "cpu/part.hpp"
#include "cpu/x86.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::x86 {

// The first `size` bytes (0 to 16) at p, then zeros; reads nothing else.
ASHLAR_TARGET_INLINE("sse4.1") __m128i load_part(const std::uint8_t* p, std::size_t size) {
  if (size == 16) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
  }
  const Halves halves = load_halves(p, size);
  return _mm_set_epi64x(static_cast<long long>(halves.high), static_cast<long long>(halves.low));
}

// The first `size` bytes (1 to 16) of v to p; writes nothing else.
ASHLAR_TARGET_INLINE("sse4.1") void store_part(std::uint8_t* p, __m128i v, std::size_t size) {
  const auto low = static_cast<std::uint64_t>(_mm_cvtsi128_si64(v));
  const auto high = static_cast<std::uint64_t>(_mm_extract_epi64(v, 1));
  if (size == 16) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(p), v);
  } else if (size >= 8) {
    store_le64(p, low);
    // Bytes size - 8 to size - 1 of v.
    const std::size_t shift = 8 * (size - 8);
    store_le64(p + size - 8, shift == 0 ? low : (low >> shift) | (high << (64 - shift)));
  } else if (size >= 4) {
    store_le32(p, static_cast<std::uint32_t>(low));
    store_le32(p + size - 4, static_cast<std::uint32_t>(low >> (8 * (size - 4))));
  } else {
    for (std::size_t i = 0; i < size; ++i) {
      p[i] = static_cast<std::uint8_t>(low >> (8 * i));
    }
  }
}

// All ones in the first `size` bytes (0 to 16), zeros in the rest.
ASHLAR_TARGET_INLINE("sse2") __m128i part_mask(std::size_t size) {
  alignas(16) static constexpr std::uint8_t kEdge[32] = {255, 255, 255, 255, 255, 255, 255, 255,
                                                         255, 255, 255, 255, 255, 255, 255, 255};
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(kEdge + 16 - size));
}

}  // namespace ashlar::crypto::x86

#endif
