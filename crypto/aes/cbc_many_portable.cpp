// SPDX-License-Identifier: Apache-2.0
// AES-CBC encryption of four streams in plain 64-bit arithmetic: the bitsliced cipher (bitslice.hpp) works on
// four blocks at a time, and one stream alone could fill only one. Every fourth bit of a word belongs to one
// block. So masks combine four streams' round keys into one, and the rounds cost no more.
#include "aes/bitslice.hpp"
#include "aes/cbc_many_kernels.hpp"
#include "cpu/dead_stack.hpp"

namespace ashlar::crypto::aes {
namespace {

void encrypt_cbc(AesCbcLanes& lanes, std::size_t blocks) {
  const auto* const keys = reinterpret_cast<const std::uint64_t*>(lanes.round_keys);
  Sliced s;
  for (std::size_t at = 0; at != 16 * blocks; at += 16) {
    for (std::size_t lane = 0; lane < kSlicedBlocks; ++lane) {
      for (std::size_t i = 0; i < 16; ++i) {
        lanes.chains[16 * lane + i] ^= lanes.in[lane][at + i];
      }
    }
    pack(s, lanes.chains);
    encrypt(s, keys, lanes.rounds);
    unpack(s, lanes.chains);
    for (std::size_t lane = 0; lane < kSlicedBlocks; ++lane) {
      std::memcpy(lanes.out[lane] + at, lanes.chains + 16 * lane, 16);
    }
  }
}

}  // namespace

void seat_cbc_portable_4(AesCbcLanes& lanes, std::size_t lane, const AesSchedule& schedule) {
  const std::uint64_t mask = 0x1111111111111111u << lane;
  for (std::size_t at = 0; at != 64 * (schedule.rounds + std::size_t{1}); at += 8) {
    std::uint64_t all;
    std::uint64_t own;
    std::memcpy(&all, lanes.round_keys + at, sizeof all);
    std::memcpy(&own, schedule.round_keys + at, sizeof own);
    all ^= (all ^ own) & mask;
    std::memcpy(lanes.round_keys + at, &all, sizeof all);
  }
}

void encrypt_cbc_portable_4(AesCbcLanes& lanes, std::size_t blocks) {
  call_and_wipe<2048>(encrypt_cbc, lanes, blocks);
}

}  // namespace ashlar::crypto::aes
