// SPDX-License-Identifier: Apache-2.0
// OBJECT IDENTIFIERs (X.690 §8.19): made from dotted text at compile time, and compared by length and bytes.
#pragma once

#include <ashlar/base/bytes.hpp>
#include <ashlar/base/result.hpp>

namespace ashlar::asn1 {

// Content bytes of the longest OID that is read (A07).
inline constexpr std::size_t kMaxOidSize = 64;

// An OID known at compile time.
struct Oid {
  static constexpr std::size_t kCapacity = 15;
  std::uint8_t storage[kCapacity] = {};
  std::uint8_t size = 0;

  constexpr Bytes bytes() const { return {storage, size}; }
  constexpr operator Bytes() const { return bytes(); }
  // Whether these content bytes are this OID: length and bytes (A08).
  bool is(Bytes content) const { return equal_public(bytes(), content); }
};

namespace oid_detail {
// Not constexpr: if the making of an OID reaches it, compilation fails.
void not_an_oid();
}  // namespace oid_detail

// "1.2.840.113549" as content bytes; text that is not an OID does not compile.
consteval Oid oid(std::string_view dotted) {
  Oid result;
  std::uint64_t first = 0;
  std::size_t arc_index = 0, at = 0;
  while (true) {
    std::uint64_t arc = 0;
    const std::size_t start = at;
    while (at < dotted.size() && dotted[at] >= '0' && dotted[at] <= '9') {
      arc = arc * 10 + static_cast<std::uint64_t>(dotted[at] - '0');
      at++;
    }
    const bool leading_zero = at - start > 1 && dotted[start] == '0';
    if (at == start || leading_zero || arc > 0xffffffff || (at < dotted.size() && dotted[at] != '.')) {
      oid_detail::not_an_oid();
    }
    if (arc_index == 0) {
      if (arc > 2) {
        oid_detail::not_an_oid();
      }
      first = arc;
    } else {
      if (arc_index == 1 && first < 2 && arc > 39) {
        oid_detail::not_an_oid();
      }
      const std::uint64_t value = arc_index == 1 ? first * 40 + arc : arc;
      int groups = 1;
      while ((value >> (7 * groups)) != 0) {
        groups++;
      }
      for (int group = groups - 1; group >= 0; group--) {
        if (result.size == Oid::kCapacity) {
          oid_detail::not_an_oid();
        }
        const std::uint8_t more = group == 0 ? 0 : 0x80;
        result.storage[result.size++] = static_cast<std::uint8_t>(((value >> (7 * group)) & 0x7f) | more);
      }
    }
    arc_index++;
    if (at == dotted.size()) {
      break;
    }
    at++;
  }
  if (arc_index < 2) {
    oid_detail::not_an_oid();
  }
  return result;
}

// Whether content bytes are an OID: not empty, at most kMaxOidSize, each arc in the fewest bytes and below
// 2^32.
bool is_valid_oid(Bytes content);

// Writes the dotted form, cut at the end of `out`. Linear time. Malformed content gives "invalid OID".
std::string_view format_oid(Bytes content, std::span<char> out);

}  // namespace ashlar::asn1
