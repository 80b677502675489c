// SPDX-License-Identifier: Apache-2.0
#include "hash/blocks.hpp"
#include "hash/finish.hpp"

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

// Copies only what the computation holds now, not the whole capacity: transcripts and MACs copy often.
void Hash::copy_state(const Hash& other) {
  algorithm_ = other.algorithm_;
  kernel_ = other.kernel_;
  total_ = other.total_;
  held_ = other.held_;
  std::memcpy(state_, other.state_, algorithm_->state_size);
  std::memcpy(tail_, other.tail_, held_);
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
  wipe(tail_, algorithm_->block_size);
}

Hash& Hash::update(Bytes data) {
  const std::size_t block = algorithm_->block_size;
  total_ += data.size();
  if (held_ != 0) {
    const std::size_t take = data.size() < block - held_ ? data.size() : block - held_;
    copy_bytes({tail_ + held_, take}, data.first(take));
    data = data.subspan(take);
    held_ += take;
    if (held_ < block) {
      return *this;
    }
    kernel_->compress(state_, tail_, 1);
  }
  const std::size_t blocks = whole_blocks(data.size(), block);
  if (blocks != 0) {
    kernel_->compress(state_, data.data(), blocks);
    data = data.subspan(blocks * block);
  }
  copy_bytes({tail_, block}, data);
  held_ = data.size();
  return *this;
}

MutBytes Hash::finish(MutBytes digest) {
  const MutBytes out = digest.first(algorithm_->digest_size);
  if (digest.size() < algorithm_->digest_size) {
    __builtin_trap();
  }
  finish_message(*algorithm_, *kernel_, state_, {tail_, held_}, total_, out.data());
  algorithm_->init(state_);
  total_ = 0;
  held_ = 0;
  return out;
}

Digest digest(const HashAlgorithm& algorithm, Bytes message, const HashKernel* kernel) {
  Digest result;
  alignas(64) std::uint8_t state[Hash::kStateCapacity];
  algorithm.init(state);
  finish_message(algorithm, kernel != nullptr ? *kernel : cpu::best(algorithm.kernels()), state, message,
                 message.size(), result.storage);
  result.size = algorithm.digest_size;
  return result;
}

void finish_message(const HashAlgorithm& algorithm, const HashKernel& kernel, const std::uint8_t* state,
                    Bytes rest, std::uint64_t total, std::uint8_t* digest) {
  if (kernel.finish != nullptr) {
    const std::size_t written =
        algorithm.state_size <= kMaxDigestSize ? algorithm.state_size : algorithm.digest_size;
    if (algorithm.digest_size == written) {
      kernel.finish(state, rest.data(), rest.size(), total, digest);
    } else {
      std::uint8_t whole[kMaxDigestSize];
      kernel.finish(state, rest.data(), rest.size(), total, whole);
      copy_bytes({digest, algorithm.digest_size}, {whole, algorithm.digest_size});
      wipe(whole, written);
    }
    return;
  }
  alignas(64) std::uint8_t running[Hash::kStateCapacity];
  std::uint8_t tail[kMaxHashTailSize];
  std::memcpy(running, state, algorithm.state_size);
  const std::size_t blocks = whole_blocks(rest.size(), algorithm.block_size);
  if (blocks != 0) {
    kernel.compress(running, rest.data(), blocks);
  }
  copy_bytes(tail, rest.subspan(blocks * algorithm.block_size));
  kernel.compress(running, tail, algorithm.pad(tail, total));
  algorithm.output(running, digest);
  wipe(running, algorithm.state_size);
  // Behind the first block a tail holds only padding.
  wipe(tail, algorithm.block_size);
}

}  // namespace ashlar::crypto
