// SPDX-License-Identifier: Apache-2.0
// Hash functions: one type for all of them, chosen by a constexpr object (kSha256 in sha2.hpp), without heap.
#pragma once

#include <ashlar/base/bytes.hpp>
#include <ashlar/base/result.hpp>
#include <ashlar/crypto/cpu.hpp>

namespace ashlar::crypto {

inline constexpr std::size_t kMaxDigestSize = 64;                       // bytes, of any hash here
inline constexpr std::size_t kMaxHashBlockSize = 144;                   // SHA3-224; SHA-2 has 128
inline constexpr std::size_t kMaxHashTailSize = 2 * kMaxHashBlockSize;  // the last bytes, padded

// One implementation of a compression function: `compress` absorbs `blocks` whole blocks into `state`.
struct HashKernel {
  std::string_view name;
  cpu::Features required;
  void (*compress)(void* state, const std::uint8_t* data, std::size_t blocks);
  // May be null. Takes the last `size` bytes of a message of `total` bytes; `state` has absorbed the whole
  // blocks before them. Absorbs and pads them, and writes the state as a digest of state_size bytes. If a
  // state is larger than any digest, it writes the digest. Key derivation hashes many short messages. This
  // saves them copies through memory.
  void (*finish)(const void* state, const std::uint8_t* data, std::size_t size, std::uint64_t total,
                 std::uint8_t* digest) = nullptr;
  cpu::Cores behind_on{};  // cores on which a row further down is faster
};

// A hash function as data. Sizes in bytes.
struct HashAlgorithm {
  std::string_view name;
  std::size_t digest_size;
  std::size_t block_size;
  std::size_t state_size;  // of the chaining state, at most Hash::kStateCapacity
  std::size_t word_size;   // of the words it consists of, 4 or 8
  void (*init)(void* state);
  // `tail` holds the bytes after the last whole block of a message of `total` bytes. Pads them in place and
  // returns the number of blocks to absorb. All kMaxHashTailSize bytes may change.
  std::size_t (*pad)(std::uint8_t* tail, std::uint64_t total);
  // Writes the digest from the state after the last block.
  void (*output)(const void* state, std::uint8_t* digest);
  std::span<const HashKernel> (*kernels)();
};

// A hash being computed. Copying is cheap (a few hundred bytes) and gives an independent computation with the
// same prefix. A transcript is hashed at several points in this way. Constant time in the data; its length is
// public. The state is wiped when the object dies.
class Hash {
 public:
  static constexpr std::size_t kStateCapacity = 200;

  // kernel: a row of algorithm.kernels(), or null for the best one this CPU can run.
  explicit Hash(const HashAlgorithm& algorithm, const HashKernel* kernel = nullptr);
  Hash(const Hash& other);
  Hash& operator=(const Hash& other);
  ~Hash();

  const HashAlgorithm& algorithm() const { return *algorithm_; }
  std::size_t digest_size() const { return algorithm_->digest_size; }

  // Absorbs data; any split of a message gives the same digest. At most 2^61 - 1 bytes in all.
  Hash& update(Bytes data);
  // Writes the digest to the first digest_size() bytes of `digest`, which must have room. Returns those bytes
  // and starts again.
  MutBytes finish(MutBytes digest);

 private:
  friend class HmacKey;

  // Goes on from `state`, which has absorbed `total` bytes in whole blocks.
  Hash(const HashAlgorithm& algorithm, const HashKernel& kernel, const std::uint8_t* state,
       std::uint64_t total);
  void copy_state(const Hash& other);

  alignas(64) std::uint8_t state_[kStateCapacity];
  std::uint8_t tail_[kMaxHashTailSize];
  const HashAlgorithm* algorithm_;
  const HashKernel* kernel_;
  std::uint64_t total_ = 0;
  std::size_t held_ = 0;  // bytes in tail_, less than a block
};

// A digest by value, with its size.
struct Digest {
  std::uint8_t storage[kMaxDigestSize];
  std::size_t size = 0;
  Bytes bytes() const { return {storage, size}; }
};

// The digest of one message. kernel: as for Hash.
Digest digest(const HashAlgorithm& algorithm, Bytes message, const HashKernel* kernel = nullptr);

}  // namespace ashlar::crypto
