// SPDX-License-Identifier: Apache-2.0
// Names and OIDs for people to read. The content of a certificate is text from outside: it reaches a terminal
// only after escaping.
#include <ashlar/asn1/string.hpp>
#include <ashlar/x509/certificate.hpp>
#include <ashlar/x509/oids.hpp>

#include "names.hpp"

namespace ashlar::x509 {

using asn1::Tag;

namespace {

class Text {
 public:
  explicit Text(std::span<char> out) : out_(out) {}

  // Adds the whole text. If it does not fit, adds nothing, now and later.
  void add(std::string_view text) {
    full_ = full_ || text.size() > out_.size() - used_;
    if (!full_ && !text.empty()) {
      std::memcpy(out_.data() + used_, text.data(), text.size());
      used_ += text.size();
    }
  }
  void add_hex(std::uint8_t byte) {
    const char text[] = {hex_digit(byte >> 4), hex_digit(byte)};
    add({text, sizeof text});
  }
  void add_byte_escape(std::uint8_t byte) {
    const char text[] = {'\\', 'x', hex_digit(byte >> 4), hex_digit(byte)};
    add({text, sizeof text});
  }
  void add_point_escape(std::uint32_t point) {
    char text[10] = {'\\', 'u', '{'};
    std::size_t size = 3;
    for (int shift = point > 0xffff ? 20 : 12; shift >= 0; shift -= 4) {
      text[size++] = hex_digit(point >> shift);
    }
    text[size++] = '}';
    add({text, size});
  }
  // A code point, whose UTF-8 is `bytes`.
  void add_point(std::uint32_t point, Bytes bytes) {
    if (is_unsafe(point)) {
      if (point < 0x100) {
        add_byte_escape(static_cast<std::uint8_t>(point));
      } else {
        add_point_escape(point);
      }
      return;
    }
    add(text_of(bytes));
  }
  void add_escaped(Bytes text) {
    while (!text.empty()) {
      const asn1::CodePoint point = asn1::next_code_point(text);
      if (point.value == asn1::kInvalidCodePoint) {
        add_byte_escape(text[0]);
      } else {
        add_point(point.value, text.first(point.size));
      }
      text = text.subspan(point.size);
    }
  }
  std::string_view text() const { return {out_.data(), used_}; }

 private:
  static char hex_digit(std::uint32_t value) { return "0123456789abcdef"[value & 15]; }
  // Controls, the backslash, line and paragraph separators, and characters that are invisible or change the
  // direction of text.
  static bool is_unsafe(std::uint32_t point) {
    struct Range {
      std::uint32_t first, last;
    };
    constexpr Range kUnsafe[] = {{0x00, 0x1f},     {0x5c, 0x5c},     {0x7f, 0x9f},     {0xad, 0xad},
                                 {0x61c, 0x61c},   {0x180e, 0x180e}, {0x200b, 0x200f}, {0x2028, 0x202e},
                                 {0x2060, 0x206f}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xe0000, 0xe0fff}};
    for (const Range& range : kUnsafe) {
      if (point >= range.first && point <= range.last) {
        return true;
      }
    }
    return false;
  }

  std::span<char> out_;
  std::size_t used_ = 0;
  bool full_ = false;
};

std::size_t encode_utf8(std::uint32_t point, std::uint8_t* out) {
  if (point < 0x80) {
    out[0] = static_cast<std::uint8_t>(point);
    return 1;
  }
  const std::size_t size = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  for (std::size_t i = size - 1; i > 0; i--, point >>= 6) {
    out[i] = static_cast<std::uint8_t>(0x80 | (point & 0x3f));
  }
  out[0] = static_cast<std::uint8_t>((0xf00u >> size) | point);
  return size;
}

// Strings of one code point per `width` bytes: BMPString, UniversalString, and TeletexString, which is read
// as Latin-1, because everyone writes it so.
void add_wide(Text& text, Bytes value, std::size_t width) {
  for (std::size_t at = 0; at + width <= value.size(); at += width) {
    std::uint32_t point = 0;
    for (const std::uint8_t byte : value.subspan(at, width)) {
      point = (point << 8) | byte;
    }
    std::uint8_t bytes[4];
    const std::size_t size = encode_utf8(point & 0x1fffff, bytes);
    text.add_point(point, Bytes(bytes, size));
  }
}

void add_value(Text& text, Tag tag, Bytes value) {
  switch (tag) {
    case Tag::teletex_string:
      return add_wide(text, value, 1);
    case Tag::bmp_string:
      return add_wide(text, value, 2);
    case Tag::universal_string:
      return add_wide(text, value, 4);
    default:
      break;
  }
  if (asn1::is_string(tag)) {
    return text.add_escaped(value);
  }
  text.add("#");
  for (const std::uint8_t byte : value) {
    text.add_hex(byte);
  }
}

}  // namespace

std::string_view oid_name(Bytes content) {
  for (const OidRow& row : kOidTable) {
    if (row.oid.is(content)) {
      return row.name;
    }
  }
  return {};
}

std::string_view format_oid(Bytes oid, std::span<char> out) {
  return asn1::format_oid(oid, out);
}

std::string_view escape_text(Bytes text, std::span<char> out) {
  Text result(out);
  result.add_escaped(text);
  return result.text();
}

namespace {

// How a value is written, so that it cannot look like several attributes: in quotes if it holds a separator,
// in hex if it holds a quote.
enum class Spelling { plain, quoted, hex };
Spelling spelling_of(Bytes value) {
  Spelling spelling = Spelling::plain;
  for (const std::uint8_t byte : value) {
    if (byte == '"') {
      return Spelling::hex;
    }
    if (byte == ',' || byte == '+' || byte == ';' || byte == '<' || byte == '>') {
      spelling = Spelling::quoted;
    }
  }
  const bool odd_end =
      !value.empty() && (value[0] == '#' || value[0] == ' ' || value[value.size() - 1] == ' ');
  return odd_end ? Spelling::quoted : spelling;
}

}  // namespace

std::string_view format_name(Bytes name, std::span<char> out) {
  Text text(out);
  NameWalker walker(name);
  bool first = true;
  while (const auto attribute = walker.next()) {
    if (!first) {
      text.add(attribute->starts_rdn ? ", " : " + ");
    }
    first = false;
    const std::string_view type = oid_name(attribute->type);
    char dotted[160];
    text.add(type.empty() ? asn1::format_oid(attribute->type, dotted) : type);
    const Spelling spelling =
        asn1::is_string(attribute->tag) ? spelling_of(attribute->value) : Spelling::plain;
    text.add(spelling == Spelling::quoted ? "=\"" : "=");
    add_value(text, spelling == Spelling::hex ? Tag::octet_string : attribute->tag, attribute->value);
    text.add(spelling == Spelling::quoted ? "\"" : "");
  }
  return text.text();
}

}  // namespace ashlar::x509
