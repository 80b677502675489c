// SPDX-License-Identifier: Apache-2.0
// The key stream of AES in counter mode, for generators. It links no other part of AES.
#pragma once

#include "aes/aes_kernels.hpp"

namespace ashlar::crypto::aes {

class KeyStream {
 public:
  // key: 16, 24 or 32 bytes.
  explicit KeyStream(Bytes key) { row_.expand_encrypt(schedule_, key); }

  // Fills `out` with key stream from `counter` on, a 128-bit big-endian number. The counter moves past all
  // blocks that were used, even partly.
  void fill(std::uint8_t (&counter)[kAesBlockSize], MutBytes out) {
    wipe(out);
    const std::size_t blocks = out.size() / kAesBlockSize;
    row_.ctr(schedule_, counter, out.data(), out.data(), blocks);
    const MutBytes rest = out.subspan(blocks * kAesBlockSize);
    if (!rest.empty()) {
      std::uint8_t last[kAesBlockSize] = {};
      row_.ctr(schedule_, counter, last, last, 1);
      copy_bytes(rest, Bytes(last, rest.size()));
      wipe(last, sizeof last);
    }
  }

 private:
  const CtrRow& row_ = cpu::best(ctr_rows());
  AesSchedule schedule_;
};

}  // namespace ashlar::crypto::aes
