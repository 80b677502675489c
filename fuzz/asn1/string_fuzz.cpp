// SPDX-License-Identifier: Apache-2.0
// String types: each character judged as the standards' tables have it, UTF-8 as RFC 3629's grammar
//
// The first byte chooses the type.
#include <ashlar/asn1/string.hpp>

#include <string>

#include "support/check.hpp"

using namespace ashlar;
using asn1::StringFault;
using asn1::Tag;

namespace {

// RFC 3629 §4: the rules for sequences of two, three and four bytes, by their first bytes. The size of the
// first character, 0 if there is none.
std::size_t utf8_size(Bytes s) {
  struct Rule {
    std::uint8_t first, last;  // of the first byte
    std::uint8_t second_from, second_to;
    std::size_t size;
  };
  static constexpr Rule kRules[] = {
      {0x00, 0x7f, 0, 0, 1},       {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
      {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
      {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4}};
  for (const Rule& rule : kRules) {
    if (s[0] < rule.first || s[0] > rule.last) {
      continue;
    }
    if (s.size() < rule.size || (rule.size > 1 && (s[1] < rule.second_from || s[1] > rule.second_to))) {
      return 0;
    }
    for (std::size_t i = 2; i < rule.size; ++i) {
      if (s[i] < 0x80 || s[i] > 0xbf) {
        return 0;
      }
    }
    return rule.size;
  }
  return 0;
}
bool plain_utf8(Bytes s) {
  while (!s.empty()) {
    const std::size_t size = utf8_size(s);
    if (size == 0) {
      return false;
    }
    const auto point = asn1::next_code_point(s);
    FUZZ_CHECK(point.size == size && point.value <= 0x10ffff);
    s = s.subspan(size);
  }
  return true;
}

bool every(Bytes s, bool (*holds)(std::uint8_t)) {
  for (const std::uint8_t c : s) {
    if (!holds(c)) {
      return false;
    }
  }
  return true;
}
bool wide(Bytes s, std::size_t width) {
  for (std::size_t i = 0; i + width <= s.size(); i += width) {
    std::uint64_t point = 0;
    for (std::size_t j = 0; j < width; ++j) {
      point = point * 256 + s[i + j];
    }
    if (point == 0 || point > 0x10ffff || point / 0x800 == 0xd800 / 0x800) {
      return false;
    }
  }
  return s.size() % width == 0;
}

bool plain_valid(Tag tag, Bytes s) {
  const bool no_zero = every(s, [](std::uint8_t c) { return c != 0; });
  switch (tag) {
    case Tag::utf8_string:
      return plain_utf8(s) && no_zero;
    case Tag::numeric_string:
      return every(s, [](std::uint8_t c) {
        return std::string(" 0123456789").find(static_cast<char>(c)) != std::string::npos;
      });
    case Tag::printable_string:
      return every(s, [](std::uint8_t c) {
        static const std::string kAll =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 '()+,-./:=?";
        return kAll.find(static_cast<char>(c)) != std::string::npos;
      });
    case Tag::teletex_string:
      return no_zero;
    case Tag::ia5_string:
      return no_zero && every(s, [](std::uint8_t c) { return c <= 127; });
    case Tag::visible_string:
      return every(s, [](std::uint8_t c) { return c >= 32 && c <= 126; });
    case Tag::universal_string:
      return wide(s, 4);
    default:
      return wide(s, 2);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static constexpr Tag kTypes[] = {Tag::utf8_string,      Tag::numeric_string, Tag::printable_string,
                                   Tag::teletex_string,   Tag::ia5_string,     Tag::visible_string,
                                   Tag::universal_string, Tag::bmp_string};
  if (size < 1 || size > 256) {
    return -1;
  }
  const Tag tag = kTypes[data[0] % 8];
  const Bytes text(data + 1, size - 1);
  const bool valid = plain_valid(tag, text);
  FUZZ_CHECK(asn1::is_string(tag) && asn1::is_valid_string(tag, text) == valid);
  FUZZ_CHECK(asn1::is_valid_utf8(text) == plain_utf8(text));
  const StringFault fault = asn1::fault_of(tag, text);
  FUZZ_CHECK((fault == StringFault::none) == valid);
  const bool is_wide = tag == Tag::universal_string || tag == Tag::bmp_string;
  const bool has_zero = !every(text, [](std::uint8_t c) { return c != 0; });
  FUZZ_CHECK((fault == StringFault::unreadable) == (!valid && (is_wide || has_zero)));
  const bool plain_ascii = every(text, [](std::uint8_t c) { return c >= 32 && c <= 126; });
  if (fault == StringFault::foreign || fault == StringFault::encoding) {
    FUZZ_CHECK((fault == StringFault::foreign) == (plain_ascii && tag != Tag::utf8_string));
  }
  static constexpr const char* kNames[] = {"valid", "foreign", "encoding", "unreadable"};
  fuzz::accepted(kNames[static_cast<std::size_t>(fault)]);
  return 0;
}
