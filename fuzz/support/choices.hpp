// SPDX-License-Identifier: Apache-2.0
// An input as a script: each byte is a choice, and zeros follow its end.
#pragma once

#include <ashlar/base/bytes.hpp>

#include <vector>

namespace ashlar::fuzz {

class Choices {
 public:
  Choices(const std::uint8_t* data, std::size_t size) : rest_(data, size) {}
  bool empty() const { return rest_.empty(); }
  std::uint8_t byte() {
    if (rest_.empty()) {
      return 0;
    }
    const std::uint8_t first = rest_[0];
    rest_ = rest_.subspan(1);
    return first;
  }
  std::uint64_t number(std::size_t bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i) {
      value = value << 8 | byte();
    }
    return value;
  }
  std::size_t below(std::size_t bound) { return bound == 0 ? 0 : byte() % bound; }
  // That many bytes, or as many as are left.
  Bytes take(std::size_t count) {
    const Bytes taken = rest_.first(count < rest_.size() ? count : rest_.size());
    rest_ = rest_.subspan(taken.size());
    return taken;
  }
  // Exactly that many bytes, with zeros after the end of the input.
  std::vector<std::uint8_t> fill(std::size_t count) {
    const Bytes taken = take(count);
    std::vector<std::uint8_t> out(count);
    copy_bytes(MutBytes(out).first(taken.size()), taken);
    return out;
  }
  // A text with its length before it.
  Bytes prefixed() { return take(byte()); }
  Bytes rest() { return take(rest_.size()); }

 private:
  Bytes rest_;
};

}  // namespace ashlar::fuzz
