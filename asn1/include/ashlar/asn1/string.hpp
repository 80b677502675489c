// SPDX-License-Identifier: Apache-2.0
// Character strings of ASN.1 (X.690 §8.23): each type has its set of characters and allows no others
// (A13).
#pragma once

#include <ashlar/asn1/der.hpp>

namespace ashlar::asn1 {

// Whether a tag is one of the character string types known here.
bool is_string(Tag tag);

// Whether the content is a string of this type. U+0000 is refused in every type: no name needs it, and
// programs have read names with it in two ways.
bool is_valid_string(Tag tag, Bytes content);

// How badly a string breaks the rules of its type.
enum class StringFault : std::uint8_t {
  none,
  // Printable ASCII outside the type's set, such as '*' in a PrintableString. All readers read it alike.
  foreign,
  // Bytes above ASCII or control characters in a type without them, or bytes that are not UTF-8. Different
  // readers read them differently.
  encoding,
  // A zero character, or a malformed string of wide characters.
  unreadable,
};
// What is wrong with a string of one of the types known here.
StringFault fault_of(Tag tag, Bytes content);

// Whether the bytes are UTF-8 (RFC 3629): shortest form, no surrogates, at most U+10FFFF.
bool is_valid_utf8(Bytes text);

// The next code point of a text, and how many bytes it takes; for bytes that are not UTF-8 the point is
// kInvalidCodePoint and the size 1. `text` must not be empty.
inline constexpr std::uint32_t kInvalidCodePoint = 0xffffffff;
struct CodePoint {
  std::uint32_t value;
  std::size_t size;
};
CodePoint next_code_point(Bytes text);  // the first one of a text that is not empty

}  // namespace ashlar::asn1
