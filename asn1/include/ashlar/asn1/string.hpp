// SPDX-License-Identifier: Apache-2.0
// Character strings of ASN.1 (X.690 §8.23): each type has its set of characters, and nothing else may stand
// in it (A13).
#pragma once

#include <ashlar/asn1/der.hpp>

namespace ashlar::asn1 {

// Whether a tag is one of the character string types known here.
bool is_string(Tag tag);

// Whether the content is a string of this type. U+0000 is refused in every type: no name needs it, and it has
// made names mean two things.
bool is_valid_string(Tag tag, Bytes content);

// Whether the bytes are UTF-8 (RFC 3629): shortest form, no surrogates, at most U+10FFFF.
bool is_valid_utf8(Bytes text);

// The next code point of a text, and how many bytes it takes; for bytes that are no UTF-8 the point is
// kInvalidCodePoint and the size 1. `text` must not be empty.
inline constexpr std::uint32_t kInvalidCodePoint = 0xffffffff;
struct CodePoint {
  std::uint32_t value;
  std::size_t size;
};
CodePoint next_code_point(Bytes text);  // the first one of a text that is not empty

}  // namespace ashlar::asn1
