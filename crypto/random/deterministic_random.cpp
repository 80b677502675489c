// SPDX-License-Identifier: Apache-2.0
#include <ashlar/base/endian.hpp>
#include <ashlar/crypto/random.hpp>

#include "aes/key_stream.hpp"
#include "cpu/forget.hpp"

namespace ashlar::crypto {

DeterministicRandom::DeterministicRandom(BytesOf<32> seed) : key_(seed) {}

DeterministicRandom::DeterministicRandom(std::uint64_t seed) {
  store_le64(key_.reveal_mut().data(), seed);
}

// AES-256 in counter mode under the seed, a fresh counter range for each call.
Result<void> DeterministicRandom::fill(MutBytes out) {
  const ForgetVectors forget;
  std::uint8_t counter[kAesBlockSize] = {};
  store_be64(counter + 8, counter_);
  counter_ += (out.size() + kAesBlockSize - 1) / kAesBlockSize;
  aes::KeyStream(key_.reveal()).fill(counter, out);
  return {};
}

Random DeterministicRandom::random() {
  return {[](void* self, MutBytes out) { return static_cast<DeterministicRandom*>(self)->fill(out); }, this};
}

}  // namespace ashlar::crypto
