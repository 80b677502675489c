// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/hmac.hpp>

namespace ashlar::crypto {

HmacKey::HmacKey(const HashAlgorithm& algorithm, Bytes key, const HashKernel* kernel)
    : algorithm_(&algorithm), kernel_(kernel != nullptr ? kernel : &cpu::best(algorithm.kernels())) {
  const std::size_t block = algorithm.block_size;
  std::uint8_t pad[kMaxHashBlockSize] = {};
  if (key.size() > block) {
    Hash(algorithm, kernel_).update(key).finish(pad);
  } else {
    copy_bytes(pad, key);
  }
  const auto absorb = [&](std::uint8_t* state, std::uint8_t flip) {
    for (std::size_t i = 0; i < block; ++i) {
      pad[i] ^= flip;
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

namespace {

// A chaining state that goes on from the block of a padded key, without a hash object's tail and bookkeeping:
// short messages are where HMAC's time goes.
class FromPad {
 public:
  FromPad(const HashAlgorithm& algorithm, const HashKernel& kernel, const void* state)
      : algorithm_(algorithm), kernel_(kernel) {
    // SHA-2's states have a constant size here, which the compiler copies without a call.
    if (algorithm.state_size <= kSmallState) {
      std::memcpy(state_, state, kSmallState);
    } else {
      std::memcpy(state_, state, algorithm.state_size);
    }
  }
  ~FromPad() {
    wipe(state_, kSmallState);
    if (algorithm_.state_size > kSmallState) {
      wipe(state_ + kSmallState, sizeof state_ - kSmallState);
    }
    wipe(tail_, algorithm_.block_size);
  }

  // The rest of the message after the pad's block, and the digest.
  void finish(Bytes message, std::uint8_t* digest) {
    const std::size_t block = algorithm_.block_size;
    const std::uint64_t total = std::uint64_t{block} + message.size();
    if (message.size() >= block) {
      const std::size_t blocks = message.size() / block;
      kernel_.compress(state_, message.data(), blocks);
      message = message.subspan(blocks * block);
    }
    copy_bytes(tail_, message);
    kernel_.compress(state_, tail_, algorithm_.pad(tail_, total));
    algorithm_.output(state_, digest);
  }

 private:
  static constexpr std::size_t kSmallState = 64;

  const HashAlgorithm& algorithm_;
  const HashKernel& kernel_;
  alignas(64) std::uint8_t state_[Hash::kStateCapacity];
  std::uint8_t tail_[kMaxHashTailSize];
};

}  // namespace

MutBytes HmacKey::mac(std::span<const Bytes> message, MutBytes mac) const {
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
  const HashAlgorithm& algorithm = *algorithm_;
  const HashKernel& kernel = *kernel_;
  if (kernel.short_mac != nullptr && message[0].size() <= kShortMac && size() == algorithm.state_size) {
    kernel.short_mac(inner_, outer_, message[0].data(), message[0].size(), out.data());
    return out;
  }
  std::uint8_t digest[kMaxDigestSize];
  FromPad(algorithm, kernel, inner_).finish(message[0], digest);
  FromPad(algorithm, kernel, outer_).finish({digest, size()}, out.data());
  wipe(digest, sizeof digest);
  return out;
}

MutBytes Hmac::finish(MutBytes mac) {
  std::uint8_t inner[kMaxDigestSize];
  const Bytes inner_digest = hash_.finish(inner);
  hash_ = key_->after_pad(key_->outer_);
  const MutBytes out = hash_.update(inner_digest).finish(mac);
  hash_ = key_->after_pad(key_->inner_);
  wipe(inner, inner_digest.size());
  return out;
}

}  // namespace ashlar::crypto
