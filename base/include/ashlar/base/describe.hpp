// SPDX-License-Identifier: Apache-2.0
// Errors as sentences, from the error table.
#pragma once

#include <ashlar/base/error.hpp>

namespace ashlar {
namespace describe_detail {

class Line {
 public:
  explicit Line(std::span<char> out) : out_(out) {}

  void add(std::string_view text) {
    for (const char c : text) {
      if (used_ < out_.size()) {
        out_[used_++] = c;
      }
    }
  }
  void add_decimal(std::uint32_t value) {
    char digits[10];
    std::size_t count = 0;
    do {
      digits[count++] = static_cast<char>('0' + value % 10);
      value /= 10;
    } while (value != 0);
    while (count > 0) {
      add({&digits[--count], 1});
    }
  }
  void add_hex(std::uint32_t value, int digits) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    add("0x");
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
      add({&kDigits[(value >> shift) & 15], 1});
    }
  }
  // "SSH-" in quotes if it can be printed, as a hexadecimal number if not.
  void add_bytes(std::uint32_t value) {
    char text[4];
    bool printable = true;
    for (unsigned i = 0; i < 4; ++i) {
      text[i] = static_cast<char>((value >> (24 - 8 * i)) & 0xff);
      printable = printable && text[i] >= 0x20 && text[i] < 0x7f;
    }
    if (printable) {
      add("\"");
      add({text, 4});
      add("\"");
    } else {
      add_hex(value, 8);
    }
  }
  void add_hex16(std::uint32_t value) { add_hex(value, 4); }
  // Parents first: "tbsCertificate.validity.notAfter". The table has no cycles, and so its depth is bounded.
  void add_place(Place place) {
    for (const PlaceRow& row : kPlaceTable) {
      if (row.place == place && place != Place::none) {
        if (row.parent != Place::none) {
          add_place(row.parent);
          add(".");
        }
        add(row.text);
      }
    }
  }
  std::string_view text() const { return {out_.data(), used_}; }

 private:
  std::span<char> out_;
  std::size_t used_ = 0;
};

inline void add_detail(Line& line, Detail kind, std::uint32_t value) {
  switch (kind) {
    case Detail::none:
      return;
    case Detail::offset:
      line.add(" (at byte ");
      line.add_decimal(value);
      break;
    case Detail::length:
      line.add(" (length ");
      line.add_decimal(value);
      break;
    case Detail::number:
      line.add(" (found ");
      line.add_decimal(value);
      break;
    case Detail::index:
      line.add(" (certificate ");
      line.add_decimal(value);
      line.add(" of the chain");
      break;
    case Detail::alert:
      line.add(" (alert ");
      line.add_decimal(value);
      break;
    case Detail::message:
      line.add(" (handshake message ");
      line.add_decimal(value);
      break;
    case Detail::extension:
      line.add(" (extension ");
      line.add_decimal(value);
      break;
    case Detail::version:
      line.add(" (version ");
      line.add_hex16(value);
      break;
    case Detail::suite:
      line.add(" (cipher suite ");
      line.add_hex16(value);
      break;
    case Detail::group:
      line.add(" (group ");
      line.add_hex16(value);
      break;
    case Detail::scheme:
      line.add(" (signature scheme ");
      line.add_hex16(value);
      break;
    case Detail::sizes:
      line.add(" (found ");
      line.add_decimal(value >> 16);
      line.add(" bits, wanted ");
      line.add_decimal(value & 0xffff);
      line.add(" or more");
      break;
    case Detail::tag:
      line.add(" (found tag ");
      line.add_hex(value >> 24, 2);
      line.add(" at byte ");
      line.add_decimal(value & 0xffffff);
      break;
    case Detail::bytes:
      line.add(" (it begins with ");
      line.add_bytes(value);
      break;
  }
  line.add(")");
}

}  // namespace describe_detail

// Writes one line that a person can act on into `out`, such as
//   "tbsCertificate.validity: the time is not a calendar date (at byte 97) [RFC 5280 §4.1.2.5]",
// and returns what was written. A line that does not fit is cut. kDescribeSize bytes hold the longest.
inline constexpr std::size_t kDescribeSize = 384;
inline std::string_view describe(const Error& error, std::span<char> out) {  // see kDescribeSize
  describe_detail::Line line(out);
  const ErrorRow* row = error_row(error.code);
  if (row == nullptr) {
    line.add("unknown error ");
    line.add_decimal(static_cast<std::uint32_t>(error.code));
    return line.text();
  }
  if (error.place != Place::none) {
    line.add_place(error.place);
    line.add(": ");
  }
  line.add(row->text);
  describe_detail::add_detail(line, row->detail, error.detail);
  if (!row->clause.empty()) {
    line.add(" [");
    line.add(row->clause);
    line.add("]");
  }
  return line.text();
}

}  // namespace ashlar
