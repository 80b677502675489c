// SPDX-License-Identifier: Apache-2.0
// Small parts of HTTP's grammar that requests and responses share.
#pragma once

#include "http/http.hpp"

#include <algorithm>
#include <string>
#include <string_view>

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
// The lines of a head with CRLF after each, as Beast needs them, without blank lines before the first.
struct Head {
  std::string text;
  bool folded = false;             // a field continues in a line that begins with a blank
  bool transfer_encoding = false;  // there is such a field
};
// without_length: Content-Length is left out if there is a Transfer-Encoding.
Head canonical_head(std::string_view head, bool without_length);

}  // namespace ashlar::cli
