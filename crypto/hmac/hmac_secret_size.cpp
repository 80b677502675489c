// SPDX-License-Identifier: Apache-2.0
// HMAC of a message whose end is secret.
//
// The number of compressions of a Merkle-Damgård hash shows the length of its message. Lucky Thirteen
// found the padding of CBC records in this way. Here every block that could be the last one, within
// the public bounds of the size, is built and compressed. Masks choose each byte of it among message,
// end marker and zero, add the length field to each, and pick the chaining state behind the true last
// block. Positions are public and only the end is secret. No index, count or branch depends on the
// end: positions are divided into blocks with public numbers, and the last block is found by
// comparing.
#include <ashlar/base/ct.hpp>
#include <ashlar/base/endian.hpp>
#include <ashlar/crypto/hmac.hpp>

#include "cpu/forget.hpp"

namespace ashlar::crypto {
namespace {

std::uint8_t masked(std::uint8_t byte, ct::Mask mask) {
  return static_cast<std::uint8_t>(byte & mask.bits());
}

}  // namespace

MutBytes HmacKey::mac_secret_size(Bytes prefix, Bytes data, std::size_t min_size, std::uint64_t size,
                                  MutBytes mac) const {
  const ForgetVectors forget;
  const HashAlgorithm& algorithm = *algorithm_;
  const std::size_t block_size = algorithm.block_size;
  const std::size_t length_size = block_size / 8;  // of the length field: 8 bytes, or 16 (FIPS 180-4 §5.1)
  if (prefix.size() >= block_size || min_size > data.size()) {
    __builtin_trap();
  }

  // Whole blocks that are message for every size.
  Hash hash = after_pad(inner_);
  const std::size_t first = (prefix.size() + min_size) / block_size;
  const std::size_t last = (prefix.size() + data.size() + length_size) / block_size;
  if (first > 0) {
    hash.update(prefix).update(data.first(first * block_size - prefix.size()));
  }

  const std::uint64_t end = prefix.size() + size;
  const std::uint64_t bits = (block_size + end) * 8;  // the key's block counts
  std::uint8_t length[8];
  store_be64(length, bits);
  std::uint8_t block[kMaxHashBlockSize];
  alignas(64) std::uint8_t final_state[Hash::kStateCapacity] = {};
  for (std::size_t b = first; b <= last; ++b) {
    const std::size_t start = b * block_size;
    for (std::size_t i = 0; i < block_size; ++i) {
      const std::size_t position = start + i;
      std::uint8_t byte = 0;
      if (position < prefix.size()) {
        byte = prefix[position];
      } else if (position - prefix.size() < data.size()) {
        byte = data[position - prefix.size()];
      }
      block[i] = static_cast<std::uint8_t>(masked(byte, ct::less(position, end)) |
                                           masked(0x80, ct::equal(position, end)));
    }
    // The last block is the one in which the length field fits behind the end marker.
    const std::uint64_t field_end = end + length_size;
    const ct::Mask is_last = ~ct::less(field_end, start) & ct::less(field_end, start + block_size);
    for (std::size_t i = 0; i < sizeof length; ++i) {
      block[block_size - sizeof length + i] |= masked(length[i], is_last);
    }
    kernel_->compress(hash.state_, block, 1);
    for (std::size_t i = 0; i < algorithm.state_size; ++i) {
      final_state[i] |= masked(hash.state_[i], is_last);
    }
  }

  std::uint8_t inner[kMaxDigestSize];
  algorithm.output(final_state, inner);
  hash = after_pad(outer_);
  const MutBytes out = hash.update({inner, algorithm.digest_size}).finish(mac);
  wipe(block, sizeof block);
  wipe(final_state, sizeof final_state);
  wipe(inner, sizeof inner);
  wipe(length, sizeof length);
  return out;
}

}  // namespace ashlar::crypto
