// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/hmac.hpp>

#include "cpu/forget.hpp"
#include "hash/finish.hpp"

namespace ashlar::crypto {

HmacKey::HmacKey(const HashAlgorithm& algorithm, Bytes key, const HashKernel* kernel)
    : algorithm_(&algorithm), kernel_(kernel != nullptr ? kernel : &cpu::best(algorithm.kernels())) {
  const ForgetVectors forget;
  const std::size_t block = algorithm.block_size;
  static_assert(kMaxHashBlockSize % 16 == 0);
  std::uint8_t pad[kMaxHashBlockSize] = {};
  if (key.size() > block) {
    Hash(algorithm, kernel_).update(key).finish(pad);
  } else {
    copy_bytes(pad, key);
  }
  const auto absorb = [&](std::uint8_t* state, std::uint8_t flip) {
    // Sixteen bytes at a time, as the kernels read them: two stores of eight would not reach such a load.
    for (std::size_t i = 0; i < block; i += 16) {
      const std::uint64_t flips = 0x0101010101010101 * flip;
      std::uint64_t words[2];
      std::memcpy(words, pad + i, sizeof words);
      words[0] ^= flips;
      words[1] ^= flips;
      std::memcpy(pad + i, words, sizeof words);
    }
    algorithm.init(state);
    kernel_->compress(state, pad, 1);
  };
  absorb(inner_, 0x36);
  absorb(outer_, 0x36 ^ 0x5c);
  wipe(pad, sizeof pad);
}

HmacKey::~HmacKey() {
  wipe(inner_, algorithm_->state_size);
  wipe(outer_, algorithm_->state_size);
}

MutBytes HmacKey::mac(std::span<const Bytes> message, MutBytes mac) const {
  const ForgetVectors forget;
  const MutBytes out = mac.first(size());
  if (mac.size() < size()) {
    __builtin_trap();
  }
  if (message.size() != 1) {
    Hmac running(*this);
    for (const Bytes part : message) {
      running.update(part);
    }
    return running.finish(out);
  }
  const std::size_t block = algorithm_->block_size;
  std::uint8_t digest[kMaxDigestSize];
  finish_message(*algorithm_, *kernel_, inner_, message[0], block + message[0].size(), digest);
  finish_message(*algorithm_, *kernel_, outer_, {digest, size()}, block + size(), out.data());
  wipe(digest, sizeof digest);
  return out;
}

MutBytes Hmac::finish(MutBytes mac) {
  const ForgetVectors forget;
  std::uint8_t inner[kMaxDigestSize];
  const Bytes inner_digest = hash_.finish(inner);
  hash_ = key_->after_pad(key_->outer_);
  const MutBytes out = hash_.update(inner_digest).finish(mac);
  hash_ = key_->after_pad(key_->inner_);
  wipe(inner, inner_digest.size());
  return out;
}

}  // namespace ashlar::crypto
