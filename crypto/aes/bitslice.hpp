// SPDX-License-Identifier: Apache-2.0
// AES on four blocks at once in eight 64-bit words, one word per bit of a byte: no table look-ups and no
// branches on data, the same instructions for every key and message. All portable modes share bitslice.cpp.
#pragma once

#include <ashlar/base/bytes.hpp>

#include <cstddef>
#include <cstdint>

namespace ashlar::crypto::aes {

inline constexpr std::size_t kSlicedBlocks = 4;

// Word i: bit i of every byte.
struct Sliced {
  std::uint64_t w[8];
};

// From 64 bytes, four blocks, to slices, and back.
void pack(Sliced& s, const std::uint8_t* in);
void unpack(const Sliced& s, std::uint8_t* out);

// The round keys of encrypt and decrypt, eight words each, from 16 bytes each. Reads whole batches of four.
void slice_round_keys(std::uint64_t* out, const std::uint8_t* keys, std::uint32_t rounds);

// `keys`: those of round 0, 1 and so on.
void encrypt(Sliced& s, const std::uint64_t* keys, std::uint32_t rounds);
void decrypt(Sliced& s, const std::uint64_t* keys, std::uint32_t rounds);

// Four blocks in place.
void encrypt_blocks(std::uint8_t (&blocks)[16 * kSlicedBlocks], const std::uint64_t* keys,
                    std::uint32_t rounds);

// Round keys of 16 bytes each, from a key of 16, 24 or 32 bytes; zeros fill the rest of their room. Returns
// the number of rounds.
inline constexpr std::size_t kRoundKeyRoom = 16;
std::uint32_t expand_key(std::uint8_t (&keys)[16 * kRoundKeyRoom], Bytes key);

// SubWord (FIPS 197 §5.2) of a word whose bytes are little-endian.
std::uint32_t sub_word(std::uint32_t word);

}  // namespace ashlar::crypto::aes
