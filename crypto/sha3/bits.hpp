// SPDX-License-Identifier: Apache-2.0
// Numbers of a few bits one after the other, least significant first, as the lattice schemes write vectors
// (FIPS 203 §4.2.1, FIPS 204 §7.1). Constant time in the numbers.
#pragma once

#include <cstdint>

namespace ashlar::crypto::sha3 {

class BitWriter {
 public:
  // d: bits of a number, at most 32.
  BitWriter(std::uint8_t* out, unsigned d) : out_(out), d_(d) {}
  void put(std::uint32_t value) {
    buffer_ |= std::uint64_t{value} << bits_;
    for (bits_ += d_; bits_ >= 8; bits_ -= 8) {
      *out_++ = static_cast<std::uint8_t>(buffer_);
      buffer_ >>= 8;
    }
  }

 private:
  std::uint8_t* out_;
  unsigned d_;
  std::uint64_t buffer_ = 0;
  unsigned bits_ = 0;
};

class BitReader {
 public:
  BitReader(const std::uint8_t* in, unsigned d) : in_(in), d_(d) {}
  std::uint32_t next() {
    for (; bits_ < d_; bits_ += 8) {
      buffer_ |= std::uint64_t{*in_++} << bits_;
    }
    const auto value = static_cast<std::uint32_t>(buffer_ & ((std::uint64_t{1} << d_) - 1));
    buffer_ >>= d_;
    bits_ -= d_;
    return value;
  }

 private:
  const std::uint8_t* in_;
  unsigned d_;
  std::uint64_t buffer_ = 0;
  unsigned bits_ = 0;
};

}  // namespace ashlar::crypto::sha3
