// SPDX-License-Identifier: Apache-2.0
// Small parts of HTTP's grammar that requests and responses share.
#pragma once

#include "http/http.hpp"

#include <algorithm>

namespace ashlar::cli {

inline bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
inline int hex_digit(char c) {
  if (is_digit(c)) {
    return c - '0';
  }
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}
inline char lower_case(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
inline bool same_word(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                            [](char x, char y) { return lower_case(x) == lower_case(y); });
}
// A token (RFC 9110 §5.6.2).
inline bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_digit(c) || (lower_case(c) >= 'a' && lower_case(c) <= 'z') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}
inline std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  return first == std::string_view::npos
             ? ""
             : std::string(text.substr(first, text.find_last_not_of(" \t") - first + 1));
}
// "Name: value". Nothing if it is not one; a blank before the colon counts as wrong (RFC 9112 §5.1).
inline std::optional<Field> parse_field(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon)) ||
      line.find('\0') != std::string_view::npos) {
    return std::nullopt;
  }
  return Field{std::string(line.substr(0, colon)), trimmed(line.substr(colon + 1))};
}
// One number, or the same one several times (RFC 9112 §6.3, rule 5).
inline std::optional<std::uint64_t> parse_content_length(std::string_view text) {
  std::optional<std::uint64_t> found;
  while (true) {
    const std::size_t comma = text.find(',');
    const std::string digits = trimmed(text.substr(0, comma));
    if (digits.empty() || digits.size() > 18 || !std::all_of(digits.begin(), digits.end(), is_digit)) {
      return std::nullopt;
    }
    const std::uint64_t value = std::stoull(digits);
    if (found && *found != value) {
      return std::nullopt;
    }
    found = value;
    if (comma == std::string_view::npos) {
      return found;
    }
    text.remove_prefix(comma + 1);
  }
}

}  // namespace ashlar::cli
