// SPDX-License-Identifier: Apache-2.0
// Counter mode with bitsliced AES. As in GCM and GCM-SIV, the counter is 32 bits of a block, modulo 2^32.
#pragma once

#include "aes/bitslice.hpp"
#include "aes/xor_bytes.hpp"
#include "gcm/gcm_kernels.hpp"

namespace ashlar::crypto::gcm {

template <Order order>
class Stream {
 public:
  // round_keys: as aes::encrypt takes them. counter: the first block.
  Stream(const std::uint64_t* round_keys, std::uint32_t rounds, const std::uint8_t counter[16])
      : round_keys_(round_keys), rounds_(rounds) {
    std::memcpy(counter_, counter, sizeof counter_);
  }
  ~Stream() { wipe(buffer_, sizeof buffer_); }

  // The next block of key stream.
  const std::uint8_t* next() {
    if (used_ == sizeof buffer_) {
      for (std::size_t i = 0; i < aes::kSlicedBlocks; ++i) {
        std::memcpy(buffer_ + 16 * i, counter_, 16);
        if (order == Order::last_lowest) {
          store_be32(counter_ + 12, load_be32(counter_ + 12) + 1);
        } else {
          store_le32(counter_, load_le32(counter_) + 1);
        }
      }
      aes::encrypt_blocks(buffer_, round_keys_, rounds_);
      used_ = 0;
    }
    used_ += 16;
    return buffer_ + used_ - 16;
  }

  // XORs `size` bytes with the blocks that follow.
  void apply(const std::uint8_t* in, std::uint8_t* out, std::size_t size) {
    for (std::size_t at = 0; at < size; at += 16) {
      const std::uint8_t* const block = next();
      const std::size_t here = size - at < 16 ? size - at : 16;
      aes::xor_bytes(out + at, in + at, block, here);
    }
  }

 private:
  const std::uint64_t* round_keys_;
  std::uint32_t rounds_;
  std::uint8_t counter_[16];
  std::uint8_t buffer_[16 * aes::kSlicedBlocks];
  std::size_t used_ = sizeof buffer_;
};

}  // namespace ashlar::crypto::gcm
