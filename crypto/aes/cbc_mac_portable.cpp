// SPDX-License-Identifier: Apache-2.0
// CBC-MAC in plain arithmetic: one block at a time in a batch of four (bitslice.hpp), since each waits for
// the one before.
#include "aes/bitslice.hpp"
#include "aes/cbc_mac.hpp"
#include "cpu/dead_stack.hpp"

namespace ashlar::crypto::aes {
namespace {

void chain(const AesSchedule& schedule, std::uint8_t state[16], const std::uint8_t* in, std::size_t blocks) {
  std::uint8_t batch[16 * kSlicedBlocks] = {};
  std::memcpy(batch, state, 16);
  for (; blocks != 0; --blocks, in += 16) {
    for (std::size_t i = 0; i < 16; ++i) {
      batch[i] ^= in[i];
    }
    encrypt_blocks(batch, reinterpret_cast<const std::uint64_t*>(schedule.round_keys), schedule.rounds);
  }
  std::memcpy(state, batch, 16);
  wipe(batch, sizeof batch);
}

// More stack than it takes; it spills slices and round keys.
constexpr std::size_t kStack = 2048;

}  // namespace

void cbc_mac_portable(const AesSchedule& schedule, std::uint8_t state[16], const std::uint8_t* in,
                      std::size_t blocks) {
  call_and_wipe<kStack>(chain, schedule, state, in, blocks);
}

}  // namespace ashlar::crypto::aes
