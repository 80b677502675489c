// SPDX-License-Identifier: Apache-2.0
#include "sha3/sponges.hpp"

#include <ashlar/base/endian.hpp>

#include "cpu/dead_stack.hpp"

namespace ashlar::crypto::sha3 {

KeccakMany one_sponge() {
  return {1, cpu::best(keccak_kernels()).permute};
}

KeccakMany keccak_for(KeccakMany few, KeccakMany many, unsigned count) {
  if (count == 1) {
    return one_sponge();
  }
  return count <= few.lanes ? few : many;
}

Sponges::~Sponges() {
  wipe_by_call(states_, sizeof states_[0] * 25 * kernel_.lanes);
}

void Sponges::clear(unsigned lane) {
  for (std::size_t w = 0; w < 25; ++w) {
    states_[w * kernel_.lanes + lane] = 0;
  }
}

void Sponges::absorb(unsigned lane, const std::uint8_t* block, std::size_t words) {
  for (std::size_t w = 0; w < words; ++w) {
    states_[w * kernel_.lanes + lane] ^= load_le64(block + 8 * w);
  }
}

void Sponges::absorb_last(unsigned lane, Bytes rest, std::size_t rate, std::uint8_t suffix) {
  const std::size_t words = rest.size() / 8;
  absorb(lane, rest.data(), words);
  std::uint64_t last = std::uint64_t{suffix} << (8 * (rest.size() % 8));
  for (std::size_t i = 8 * words; i < rest.size(); ++i) {
    last |= std::uint64_t{rest[i]} << (8 * (i % 8));
  }
  states_[words * kernel_.lanes + lane] ^= last;
  states_[(rate / 8 - 1) * kernel_.lanes + lane] ^= std::uint64_t{1} << 63;
}

void Sponges::read(unsigned lane, std::uint8_t* out, std::size_t words) const {
  for (std::size_t w = 0; w < words; ++w) {
    store_le64(out + 8 * w, states_[w * kernel_.lanes + lane]);
  }
}

}  // namespace ashlar::crypto::sha3
