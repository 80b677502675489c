// SPDX-License-Identifier: Apache-2.0
// A set of 16-bit numbers of a registry, for lists that a peer may make as long as a message: 8 KiB of stack,
// and each step takes the same time.
#pragma once

#include <array>
#include <cstdint>

namespace ashlar::tls {

class NumberSet {
 public:
  // False if it is in the set already.
  bool add(std::uint16_t number) {
    const bool is_new = !has(number);
    words_[number / 64] |= bit(number);
    return is_new;
  }
  // False if it is not in the set.
  bool remove(std::uint16_t number) {
    const bool was_there = has(number);
    words_[number / 64] &= ~bit(number);
    return was_there;
  }

 private:
  static std::uint64_t bit(std::uint16_t number) { return std::uint64_t{1} << (number % 64); }
  bool has(std::uint16_t number) const { return (words_[number / 64] & bit(number)) != 0; }

  std::array<std::uint64_t, 65536 / 64> words_{};
};

}  // namespace ashlar::tls
