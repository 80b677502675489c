// SPDX-License-Identifier: Apache-2.0
// A plain second reading, for oracles. It reads bytes by their index, without views, without errors with
// places, and without the library's readers. It is written from the standards a second time, for clarity
// only.
#pragma once

#include <ashlar/base/bytes.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace ashlar::fuzz::plain {

// Walks over bytes. A read past the end makes it bad for good.
struct Cursor {
  Bytes data;
  std::size_t at = 0;
  bool good = true;

  bool done() const { return !good || at == data.size(); }
  std::size_t left() const { return data.size() - at; }
  std::uint32_t number(std::size_t bytes) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i) {
      if (at >= data.size()) {
        good = false;
        return 0;
      }
      value = value << 8 | data[at++];
    }
    return value;
  }
  Bytes take(std::size_t count) {
    if (!good || count > left()) {
      good = false;
      return {};
    }
    at += count;
    return data.subspan(at - count, count);
  }
  // A vector after its length, which takes that many bytes.
  Bytes vector(std::size_t length_bytes) {
    const std::size_t count = number(length_bytes);
    return good ? take(count) : Bytes();
  }
  bool ended() const { return good && at == data.size(); }
};

// --- DER ---

struct Der {
  std::uint8_t tag = 0;
  Bytes content;
  Bytes whole;
};

// The element at the front; false if it is not DER: a tag of one byte and the shortest form of the length.
inline bool read_der(Cursor& in, Der& out) {
  const std::size_t start = in.at;
  out.tag = static_cast<std::uint8_t>(in.number(1));
  std::size_t length = in.number(1);
  if (out.tag == 0 || (out.tag & 0x1f) == 0x1f || length == 0x80 || length > 0x84) {
    in.good = false;
  } else if (length > 0x80) {
    const std::size_t bytes = length - 0x80;
    length = in.number(bytes);
    if (length < 0x80 || (bytes > 1 && length >> (8 * (bytes - 1)) == 0)) {
      in.good = false;
    }
  }
  out.content = in.take(length);
  out.whole = in.good ? in.data.subspan(start, in.at - start) : Bytes();
  return in.good;
}

inline std::vector<Der> elements_of(Bytes content) {
  std::vector<Der> out;
  Cursor in{content};
  while (!in.done()) {
    Der element;
    if (!read_der(in, element)) {
      break;
    }
    out.push_back(element);
  }
  return out;
}

// Whether the content of a primitive type follows the rules of X.690 §8 and §11. True for types not named
// here.
inline bool primitive_is_strict(std::uint8_t tag, Bytes content) {
  const std::size_t n = content.size();
  switch (tag) {
    case 0x01:
      return n == 1 && (content[0] == 0 || content[0] == 255);
    case 0x02:
    case 0x0a:
      return n > 0 && !(n > 1 && content[0] == 0 && content[1] < 0x80) &&
             !(n > 1 && content[0] == 0xff && content[1] >= 0x80);
    case 0x03: {
      if (n == 0 || content[0] > 7 || (n == 1 && content[0] != 0)) {
        return false;
      }
      for (unsigned bit = 0; bit < content[0]; ++bit) {
        if ((content[n - 1] >> bit & 1) != 0) {
          return false;
        }
      }
      return true;
    }
    case 0x05:
      return n == 0;
    case 0x06: {
      // Arcs in base 128. None begins with a zero digit, and the last one is complete.
      bool at_start = true;
      for (const std::uint8_t byte : content) {
        if (at_start && byte == 0x80) {
          return false;
        }
        at_start = byte < 0x80;
      }
      return n > 0 && at_start;
    }
    default:
      return true;
  }
}

// --- base64 ---

inline std::string base64(Bytes bytes) {
  static constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = bytes.size() - i < 3 ? bytes.size() - i : 3;
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      group = group << 8 | (j < count ? bytes[i + j] : 0u);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      out += j <= count ? kAlphabet[group >> (18 - 6 * j) & 63] : '=';
    }
  }
  return out;
}

}  // namespace ashlar::fuzz::plain
