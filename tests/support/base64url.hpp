// SPDX-License-Identifier: Apache-2.0
// base64url without padding (RFC 4648 §5), as in JSON Web Keys.
#pragma once

#include "support/bytes.hpp"

namespace ashlar::test {

inline Buffer unbase64url(std::string_view text) {
  static constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  Buffer out;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    const auto value = kAlphabet.find(c);
    if (value == std::string_view::npos) {
      throw std::invalid_argument("not a base64url character");
    }
    bits = (bits << 6) | static_cast<std::uint32_t>(value);
    held += 6;
    if (held >= 8) {
      held -= 8;
      out.push_back(static_cast<std::uint8_t>(bits >> held));
    }
  }
  return out;
}

}  // namespace ashlar::test
