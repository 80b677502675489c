// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/hash.hpp>

namespace ashlar::crypto {

Hash::Hash(const HashAlgorithm& algorithm, const HashKernel* kernel)
    : algorithm_(&algorithm), kernel_(kernel != nullptr ? kernel : &cpu::best(algorithm.kernels())) {
  algorithm.init(state_);
}

Hash::Hash(const HashAlgorithm& algorithm, const HashKernel& kernel, const std::uint8_t* state,
           std::uint64_t total)
    : algorithm_(&algorithm), kernel_(&kernel), total_(total) {
  std::memcpy(state_, state, algorithm.state_size);
}

// Copies what a computation in this position holds, not the whole capacity: transcripts and MACs copy often.
void Hash::copy_state(const Hash& other) {
  algorithm_ = other.algorithm_;
  kernel_ = other.kernel_;
  total_ = other.total_;
  std::memcpy(state_, other.state_, algorithm_->state_size);
  std::memcpy(tail_, other.tail_, in_tail());
}

Hash::Hash(const Hash& other) {
  copy_state(other);
}

Hash& Hash::operator=(const Hash& other) {
  if (this != &other) {
    copy_state(other);
  }
  return *this;
}

Hash::~Hash() {
  wipe(state_, algorithm_->state_size);
  // Past the first block a tail holds padding only.
  wipe(tail_, algorithm_->block_size);
}

Hash& Hash::update(Bytes data) {
  const std::size_t block = algorithm_->block_size;
  const std::size_t held = in_tail();
  total_ += data.size();
  if (held != 0) {
    const std::size_t take = data.size() < block - held ? data.size() : block - held;
    copy_bytes({tail_ + held, take}, data.first(take));
    data = data.subspan(take);
    if (held + take < block) {
      return *this;
    }
    kernel_->compress(state_, tail_, 1);
  }
  const std::size_t blocks = data.size() / block;
  if (blocks != 0) {
    kernel_->compress(state_, data.data(), blocks);
    data = data.subspan(blocks * block);
  }
  copy_bytes({tail_, block}, data);
  return *this;
}

MutBytes Hash::finish(MutBytes digest) {
  const MutBytes out = digest.first(algorithm_->digest_size);
  if (digest.size() < algorithm_->digest_size) {
    __builtin_trap();
  }
  kernel_->compress(state_, tail_, algorithm_->pad(tail_, total_));
  algorithm_->output(state_, out.data());
  algorithm_->init(state_);
  total_ = 0;
  return out;
}

Digest digest(const HashAlgorithm& algorithm, Bytes message) {
  Digest result;
  Hash hash(algorithm);
  result.size = hash.update(message).finish(result.storage).size();
  return result;
}

}  // namespace ashlar::crypto
