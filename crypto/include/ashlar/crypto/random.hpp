// SPDX-License-Identifier: Apache-2.0
// Random bytes, as a value that is passed in wherever they are needed.
#pragma once

#include <ashlar/base/bytes.hpp>
#include <ashlar/base/result.hpp>
#include <ashlar/base/secret.hpp>

namespace ashlar::crypto {

// A source of random bytes: a function and what it works on. Copies name the same source.
struct Random {
  Result<void> (*fill_function)(void* context, MutBytes out);
  void* context;

  // Fills `out`, or returns random_unavailable with `out` wiped.
  Result<void> fill(MutBytes out) const { return fill_function(context, out); }
};

// This thread's generator: fast key erasure (each refill overwrites the key that made it), seeded by
// getrandom, which it waits for, reseeded after each MiB, safe across fork. May be used from any thread: the
// generator is the calling thread's. A draw costs no system call except the first and the reseeding ones. Not
// for signal handlers.
Random system_random();

// The same generator with 32 bytes of the system mixed in before every draw, at the price of a system call:
// for making keys, so that two copies of a virtual machine, or one that is set back to an earlier state, do
// not make the same.
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
