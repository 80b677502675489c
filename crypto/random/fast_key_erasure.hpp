// SPDX-License-Identifier: Apache-2.0
// A generator with fast key erasure: its past output cannot be computed from its state.
#pragma once

#include <ashlar/base/bytes.hpp>
#include <ashlar/base/result.hpp>

namespace ashlar::crypto {

// Fills `out` with bytes that nobody can guess, or fails with random_unavailable.
using EntropySource = Result<void> (*)(MutBytes out);

// AES-256 in counter mode under a key that lives for one refill: the first 32 bytes of key stream are the
// next key, the rest is handed out and wiped at once. It is plain data, and all bytes zero means unseeded:
// the system zeroes it in a forked child (MADV_WIPEONFORK), and the next draw seeds it again.
class FastKeyErasure {
 public:
  static constexpr std::size_t kPoolSize = 992;
  // New entropy is mixed into the key after this many bytes.
  static constexpr std::uint64_t kReseedInterval = std::uint64_t{1} << 20;

  // Fills `out`, or wipes it and returns the source's error. fresh: always mixes in new entropy first.
  Result<void> fill(MutBytes out, EntropySource source, bool fresh = false);

 private:
  Result<void> seed(EntropySource source);
  void refill();
  void stream(MutBytes out);

  std::uint8_t key_[32];
  std::uint8_t pool_[kPoolSize];  // the last left_ bytes are not handed out yet
  std::uint64_t left_;
  std::uint64_t given_;  // since the last seeding
  std::uint64_t seeded_;
};

}  // namespace ashlar::crypto
