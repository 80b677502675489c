// SPDX-License-Identifier: Apache-2.0
// Bytes are spans. Every function of Ashlar takes and gives them.
#pragma once

#include <ashlar/base/needs_cxx20.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace ashlar {

// Bytes to read. Never owns.
using Bytes = std::span<const std::uint8_t>;
// Bytes to write. Never owns.
using MutBytes = std::span<std::uint8_t>;
// Bytes whose number a standard fixes.
template <std::size_t N>
using BytesOf = std::span<const std::uint8_t, N>;
template <std::size_t N>
using MutBytesOf = std::span<std::uint8_t, N>;  // the same, to write

// The bytes of a text, without a terminator.
inline Bytes bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// Bytes seen as text. What they hold is not checked: escape it before it reaches a terminal.
inline std::string_view text_of(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Whether a and b are equal, in variable time: for public data only. Secrets go through ct::equal.
inline bool equal_public(Bytes a, Bytes b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}

// Copies all of `from` to the start of `to`, which must be at least as long. The two may overlap.
inline void copy_bytes(MutBytes to, Bytes from) {
  if (from.size() > to.size()) {
    __builtin_trap();
  }
  if (!from.empty()) {
    std::memmove(to.data(), from.data(), from.size());
  }
}

// Overwrites `bytes` with zeros. The optimiser keeps these writes, although nobody reads the bytes again.
inline void wipe(void* bytes, std::size_t size) {
  if (size != 0) {
    std::memset(bytes, 0, size);
    __asm__ __volatile__("" : : "r"(bytes) : "memory");
  }
}
inline void wipe(MutBytes bytes) {  // the same of a span
  wipe(bytes.data(), bytes.size());
}

// Whether two buffers share memory without starting at the same byte. In-place calls refuse such buffers.
inline bool overlap_partially(Bytes a, Bytes b) {
  const auto first = reinterpret_cast<std::uintptr_t>(a.data());
  const auto second = reinterpret_cast<std::uintptr_t>(b.data());
  return first != second && first < second + b.size() && second < first + a.size();
}

}  // namespace ashlar
