// SPDX-License-Identifier: Apache-2.0
// Random bytes: a value that is passed to every function that needs them.
#pragma once

#include <ashlar/base/bytes.hpp>
#include <ashlar/base/result.hpp>
#include <ashlar/base/secret.hpp>

namespace ashlar::crypto {

// A source of random bytes: a function and its context. Copies name the same source.
struct Random {
  Result<void> (*fill_function)(void* context, MutBytes out);
  void* context;

  // Fills `out`, or returns random_unavailable with `out` wiped.
  Result<void> fill(MutBytes out) const { return fill_function(context, out); }
};

// This thread's generator, with fast key erasure: each refill overwrites the key that made it. It is seeded
// by getrandom, for which it waits, reseeded after each MiB, and safe across fork. Any thread may use the
// value: each draws from its own generator. Only the first draw and the reseeding ones make a system call.
// Not for signal handlers.
Random system_random();

// The same generator, but each draw first mixes in 32 bytes of the system, at the cost of a system call. Make
// keys with it: two copies of a virtual machine, or one that was set back to an earlier state, then do not
// make the same keys.
Random fresh_random();

// A reproducible generator for tests and fuzzing: the same seed and the same calls give the same bytes. Never
// for real keys.
class DeterministicRandom {
 public:
  explicit DeterministicRandom(BytesOf<32> seed);
  explicit DeterministicRandom(std::uint64_t seed);
  // Borrows this object, which must outlive the value returned.
  Random random();

 private:
  Result<void> fill(MutBytes out);

  Secret<32> key_;
  std::uint64_t counter_ = 0;
};

}  // namespace ashlar::crypto
