// SPDX-License-Identifier: Apache-2.0
// The end of a message that comes in pieces. Modes treat the last block, complete or not, unlike the others.
// So they must not process a block before they know whether it is the last.
#pragma once

#include <ashlar/base/bytes.hpp>

namespace ashlar::crypto {

// Adds a piece. held: the `size` bytes held back so far, in room for several blocks of 16; none only while
// the message is empty. chain(in, blocks) takes blocks that are not the last.
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
