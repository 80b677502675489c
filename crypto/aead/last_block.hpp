// SPDX-License-Identifier: Apache-2.0
// The end of a message that comes in pieces: its last block, whole or not, which modes treat unlike the
// others and so must not take before they know that it is the last.
#pragma once

#include <ashlar/base/bytes.hpp>

namespace ashlar::crypto {

// Adds a piece. held: what was held back so far, `size` bytes, in room for a number of blocks of 16; nothing
// only while the message is empty. chain(in, blocks) takes blocks that others follow.
template <class Chain>
void hold_last(MutBytes held, std::size_t& size, Bytes data, Chain chain) {
  if (size != 0 || data.size() <= held.size()) {
    const std::size_t room = held.size() - size;
    const std::size_t fill = data.size() < room ? data.size() : room;
    copy_bytes(held.subspan(size), data.first(fill));
    size += fill;
    data = data.subspan(fill);
    if (data.empty()) {
      return;
    }
    chain(held.data(), held.size() / 16);
  }
  const std::size_t blocks = (data.size() - 1) / 16;
  if (blocks != 0) {
    chain(data.data(), blocks);
  }
  data = data.subspan(16 * blocks);
  copy_bytes(held, data);
  size = data.size();
}

}  // namespace ashlar::crypto
