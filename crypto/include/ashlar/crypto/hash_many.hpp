// SPDX-License-Identifier: Apache-2.0
// Independent messages hashed side by side.
#pragma once

#include <ashlar/crypto/hash.hpp>

namespace ashlar::crypto {

// The digests of any number of messages of any lengths, one after the other into `digests`, which must have
// room for messages.size() * algorithm.digest_size bytes and must not overlap a message. Messages of similar
// length make the best use of the lanes, and so do long ones that come first. Constant time in the data; the
// lengths are public. Takes less than 20 kB of stack, which is wiped.
// kernel: a row of algorithm.many_kernels() that this CPU can run, or null for the one that suits the number
// of messages.
void hash_many(const HashAlgorithm& algorithm, std::span<const Bytes> messages, MutBytes digests,
               const HashManyKernel* kernel = nullptr);

}  // namespace ashlar::crypto
