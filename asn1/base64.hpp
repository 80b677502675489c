// SPDX-License-Identifier: Apache-2.0
// Base64 (RFC 4648 §4) without tables: the data may be a private key, and a table look-up shows in a shared
// cache which entry was read (A14, C06).
#pragma once

#include <ashlar/base/ct.hpp>

namespace ashlar::asn1 {

// The character of a 6-bit value. Constant time.
inline char encode_sextet(std::uint64_t value) {
  // Each range of the alphabet starts at an offset from the one before it.
  std::uint64_t c = value + 'A';
  c += (~ct::less(value, 26)).bits() & std::uint64_t{'a' - 'A' - 26};
  c -= (~ct::less(value, 52)).bits() & std::uint64_t{'a' + 26 - '0'};
  c -= (~ct::less(value, 62)).bits() & std::uint64_t{'0' + 10 - '+'};
  c += (~ct::less(value, 63)).bits() & std::uint64_t{'/' - '+' - 1};
  return static_cast<char>(c);
}

// The 6-bit value of a character; clears `valid` if it has none. Constant time.
inline std::uint64_t decode_sextet(char character, ct::Mask& valid) {
  const std::uint64_t c = static_cast<std::uint8_t>(character);
  const auto between = [c](std::uint64_t first, std::uint64_t last) {
    return ~ct::less(c, first) & ~ct::less(last, c);
  };
  const ct::Mask upper = between('A', 'Z'), lower = between('a', 'z'), digit = between('0', '9');
  const ct::Mask plus = ct::equal(c, '+'), slash = ct::equal(c, '/');
  valid &= upper | lower | digit | plus | slash;
  return (upper.bits() & (c - 'A')) | (lower.bits() & (c - 'a' + 26)) | (digit.bits() & (c - '0' + 52)) |
         (plus.bits() & 62) | (slash.bits() & 63);
}

}  // namespace ashlar::asn1
