// SPDX-License-Identifier: Apache-2.0
#include <ashlar/asn1/string.hpp>

namespace ashlar::asn1 {
namespace {

bool is_printable_string_character(std::uint8_t c) {
  if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
    return true;
  }
  constexpr std::string_view kOthers = " '()+,-./:=?";
  return kOthers.find(static_cast<char>(c)) != std::string_view::npos;
}

bool is_numeric_string_character(std::uint8_t c) {
  return c == ' ' || (c >= '0' && c <= '9');
}

bool is_ia5_string_character(std::uint8_t c) {
  return c != 0 && c < 0x80;
}

bool is_visible_string_character(std::uint8_t c) {
  return c >= 0x20 && c < 0x7f;
}

// T.61 can be read in several ways. It only matters that nothing ends a text early.
bool is_teletex_string_character(std::uint8_t c) {
  return c != 0;
}

bool all(Bytes content, bool (*belongs)(std::uint8_t)) {
  for (const std::uint8_t c : content) {
    if (!belongs(c)) {
      return false;
    }
  }
  return true;
}

// Big-endian code points of `width` bytes: none is zero, a surrogate or above U+10FFFF.
bool is_valid_wide_string(Bytes content, std::size_t width) {
  if (content.size() % width != 0) {
    return false;
  }
  for (std::size_t at = 0; at < content.size(); at += width) {
    std::uint32_t point = 0;
    for (const std::uint8_t byte : content.subspan(at, width)) {
      point = (point << 8) | byte;
    }
    if (point == 0 || (point >= 0xd800 && point <= 0xdfff) || point > 0x10ffff) {
      return false;
    }
  }
  return true;
}

bool is_valid_utf8_string(Bytes content) {
  return is_valid_utf8(content) && all(content, is_teletex_string_character);
}
bool is_valid_bmp_string(Bytes content) {
  return is_valid_wide_string(content, 2);
}
bool is_valid_universal_string(Bytes content) {
  return is_valid_wide_string(content, 4);
}

struct StringType {
  Tag tag;
  bool (*character)(std::uint8_t);  // of the types whose characters are bytes
  bool (*whole)(Bytes);             // of the others
};

constexpr StringType kStringTypes[] = {
    {Tag::utf8_string, nullptr, is_valid_utf8_string},
    {Tag::numeric_string, is_numeric_string_character, nullptr},
    {Tag::printable_string, is_printable_string_character, nullptr},
    {Tag::teletex_string, is_teletex_string_character, nullptr},
    {Tag::ia5_string, is_ia5_string_character, nullptr},
    {Tag::visible_string, is_visible_string_character, nullptr},
    {Tag::universal_string, nullptr, is_valid_universal_string},
    {Tag::bmp_string, nullptr, is_valid_bmp_string},
};

const StringType* string_type(Tag tag) {
  for (const StringType& type : kStringTypes) {
    if (type.tag == tag) {
      return &type;
    }
  }
  return nullptr;
}

}  // namespace

bool is_string(Tag tag) {
  return string_type(tag) != nullptr;
}

bool is_valid_string(Tag tag, Bytes content) {
  const StringType* type = string_type(tag);
  if (type == nullptr) {
    return false;
  }
  return type->character != nullptr ? all(content, type->character) : type->whole(content);
}

StringFault fault_of(Tag tag, Bytes content) {
  if (is_valid_string(tag, content)) {
    return StringFault::none;
  }
  const StringType* const type = string_type(tag);
  if (type == nullptr || tag == Tag::bmp_string || tag == Tag::universal_string ||
      !all(content, is_teletex_string_character)) {
    return StringFault::unreadable;
  }
  return type->character != nullptr && all(content, is_visible_string_character) ? StringFault::foreign
                                                                                 : StringFault::encoding;
}

CodePoint next_code_point(Bytes text) {
  constexpr CodePoint kInvalid{kInvalidCodePoint, 1};
  const std::uint8_t lead = text[0];
  if (lead < 0x80) {
    return {lead, 1};
  }
  const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  constexpr std::uint32_t kLeast[] = {0x80, 0x800, 0x10000};
  if (lead < 0xc2 || lead > 0xf4 || text.size() < size) {
    return kInvalid;
  }
  std::uint32_t value = lead & (0x7fu >> size);
  for (const std::uint8_t byte : text.subspan(1, size - 1)) {
    if ((byte & 0xc0) != 0x80) {
      return kInvalid;
    }
    value = (value << 6) | (byte & 0x3f);
  }
  if (value < kLeast[size - 2] || (value >= 0xd800 && value <= 0xdfff) || value > 0x10ffff) {
    return kInvalid;
  }
  return {value, size};
}

bool is_valid_utf8(Bytes text) {
  while (!text.empty()) {
    const CodePoint point = next_code_point(text);
    if (point.value == kInvalidCodePoint) {
      return false;
    }
    text = text.subspan(point.size);
  }
  return true;
}

}  // namespace ashlar::asn1
