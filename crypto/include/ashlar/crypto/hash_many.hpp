// SPDX-License-Identifier: Apache-2.0
// Independent messages hashed side by side. The kernels have tables of their own, apart from the hash. A
// program that does not use them does not link them.
#pragma once

#include <ashlar/crypto/hash.hpp>

namespace ashlar::crypto {

// One implementation of the compression function on several messages side by side.
struct HashManyKernel {
  std::string_view name;
  cpu::Features required;
  std::size_t lanes;  // messages at once, at most kMaxHashLanes
  std::size_t from;   // the number of messages from which this row is faster than those after it
  // Absorbs `blocks` whole blocks from data[i] into lane i, for every lane. The states are interleaved, on 64
  // bytes: word w of lane i is word w * lanes + i. Null: the best row of HashAlgorithm::kernels, one lane.
  void (*compress)(void* states, const std::uint8_t* const* data, std::size_t blocks);
  // When this row is chosen and the messages are smaller than this on average, in bytes, they are hashed one
  // at a time: scheduling would cost more than the lanes gain.
  std::size_t from_size = 0;
};

inline constexpr std::size_t kMaxHashLanes = 16;  // messages side by side

// The last row of every table of these.
inline constexpr HashManyKernel kOneAtATime = {"one-at-a-time", cpu::Features(), 1, 1, nullptr};

// A hash with its kernels for several messages, best first.
struct HashMany {
  const HashAlgorithm* hash;
  std::span<const HashManyKernel> kernels;
};

extern const HashMany kSha1Many;        // SHA-1
extern const HashMany kSha224Many;      // SHA-224
extern const HashMany kSha256Many;      // SHA-256
extern const HashMany kSha384Many;      // SHA-384
extern const HashMany kSha512Many;      // SHA-512
extern const HashMany kSha512_224Many;  // SHA-512/224
extern const HashMany kSha512_256Many;  // SHA-512/256
extern const HashMany kSha3_224Many;    // SHA3-224
extern const HashMany kSha3_256Many;    // SHA3-256
extern const HashMany kSha3_384Many;    // SHA3-384
extern const HashMany kSha3_512Many;    // SHA3-512

// The digests of any number of messages of any lengths, one after the other into `digests`, which must have
// room for messages.size() * hash->digest_size bytes and must not overlap a message. The lanes are used best
// if messages have similar lengths, or if long ones come first. Constant time in the data; the lengths are
// public. Takes less than 20 kB of stack, which is wiped. kernel: a row of many.kernels that this CPU can
// run, or null for the one that suits the number of messages.
void hash_many(const HashMany& many, std::span<const Bytes> messages, MutBytes digests,
               const HashManyKernel* kernel = nullptr);

}  // namespace ashlar::crypto
