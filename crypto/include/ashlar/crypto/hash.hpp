// SPDX-License-Identifier: Apache-2.0
// Hash functions: one type for all of them, chosen by a constexpr object (kSha256 in sha2.hpp), without heap.
#pragma once

#include <ashlar/base/bytes.hpp>
#include <ashlar/base/result.hpp>
#include <ashlar/crypto/cpu.hpp>

namespace ashlar::crypto {

inline constexpr std::size_t kMaxDigestSize = 64;
inline constexpr std::size_t kMaxHashBlockSize = 144;  // SHA3-224; of SHA-2 128

// One implementation of a compression function: `compress` absorbs `blocks` whole blocks into `state`.
struct HashKernel {
  std::string_view name;
  cpu::Features required;
  void (*compress)(void* state, const std::uint8_t* data, std::size_t blocks);
  // Null, or HMAC of a message that fits with its padding into one block (at most kShortMac bytes), from the
  // states after the two pads; the whole digest. What a key derivation does all day, without detours through
  // memory.
  void (*short_mac)(const void* inner, const void* outer, const std::uint8_t* message, std::size_t size,
                    std::uint8_t* mac) = nullptr;
};

inline constexpr std::size_t kShortMac = 55;

// A hash function as data. Sizes in bytes.
struct HashAlgorithm {
  std::string_view name;
  std::size_t digest_size;
  std::size_t block_size;
  std::size_t state_size;  // of the chaining state, at most Hash::kStateCapacity
  void (*init)(void* state);
  // Pads `tail` in place (it holds the bytes after the last whole block and has room for a block; `total`
  // bytes in all), absorbs it and writes the digest.
  void (*finish)(void* state, const HashKernel& kernel, std::uint8_t* tail, std::uint64_t total,
                 std::uint8_t* digest);
  std::span<const HashKernel> (*kernels)();
};

// A hash being computed. Copying is cheap (a few hundred bytes) and gives an independent computation of the
// same prefix: that is how a transcript is hashed at several points. Constant time in the data; its length is
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
  // Writes the digest to the first digest_size() bytes of `digest`, which must have room, and starts afresh.
  // Returns those bytes.
  MutBytes finish(MutBytes digest);

 private:
  friend class Hmac;
  friend class HmacKey;

  std::size_t in_tail() const { return static_cast<std::size_t>(total_ % algorithm_->block_size); }
  void copy_state(const Hash& other);

  const HashAlgorithm* algorithm_;
  const HashKernel* kernel_;
  std::uint64_t total_ = 0;
  alignas(64) std::uint8_t state_[kStateCapacity];
  std::uint8_t tail_[kMaxHashBlockSize];
};

// A digest by value, with its size.
struct Digest {
  std::uint8_t storage[kMaxDigestSize];
  std::size_t size = 0;
  Bytes bytes() const { return {storage, size}; }
};

// The digest of one message.
Digest digest(const HashAlgorithm& algorithm, Bytes message);

}  // namespace ashlar::crypto
