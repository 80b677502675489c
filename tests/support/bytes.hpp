// SPDX-License-Identifier: Apache-2.0
// Bytes in tests: from hex, to hex, pseudorandom, and compared so that a failure shows both sides.
#pragma once

#include <ashlar/base/bytes.hpp>

#include <cstdint>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace ashlar::test {

using Buffer = std::vector<std::uint8_t>;

inline Buffer unhex(std::string_view text) {
  Buffer out;
  int high = -1;
  for (const char c : text) {
    int digit = 0;
    if (c >= '0' && c <= '9') {
      digit = c - '0';
    } else if (c >= 'a' && c <= 'f') {
      digit = c - 'a' + 10;
    } else if (c >= 'A' && c <= 'F') {
      digit = c - 'A' + 10;
    } else if (c == ' ' || c == '\n' || c == ':') {
      continue;
    } else {
      throw std::invalid_argument("not a hex digit");
    }
    if (high < 0) {
      high = digit;
    } else {
      out.push_back(static_cast<std::uint8_t>(high * 16 + digit));
      high = -1;
    }
  }
  if (high >= 0) {
    throw std::invalid_argument("odd number of hex digits");
  }
  return out;
}

inline std::string hex(Bytes bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (const std::uint8_t b : bytes) {
    out += kDigits[b >> 4];
    out += kDigits[b & 15];
  }
  return out;
}

// Normalises hex, so that CHECK_BYTES takes expectations as text.
inline std::string hex(const char* text) {
  return hex(Bytes(unhex(text)));
}

inline Buffer buffer_of(Bytes bytes) {
  return {bytes.begin(), bytes.end()};
}
inline Buffer buffer_of(std::string_view text) {
  return buffer_of(bytes_of(text));
}

// Pseudorandom bytes, the same for the same seed on every machine.
inline Buffer noise(std::size_t size, std::uint64_t seed = 1) {
  std::mt19937_64 engine(seed);
  Buffer out(size);
  for (auto& b : out) {
    b = static_cast<std::uint8_t>(engine());
  }
  return out;
}

}  // namespace ashlar::test

// Compares two byte strings and shows them in hex when they differ.
#define CHECK_BYTES(actual, expected) CHECK(::ashlar::test::hex(actual) == ::ashlar::test::hex(expected))
#define REQUIRE_BYTES(actual, expected) REQUIRE(::ashlar::test::hex(actual) == ::ashlar::test::hex(expected))
