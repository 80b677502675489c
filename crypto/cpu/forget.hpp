// SPDX-License-Identifier: Apache-2.0
// What is left in vector registers by code that is no kernel: the C library copies keys and states through
// them.
#pragma once

namespace ashlar::crypto {

// Zeroes the vector registers of an x86-64, all that this CPU has: a dozen cycles. Nothing elsewhere.
void forget_vectors();

// Does so at the end of its scope. Stands first in a function, so that it comes after everything else.
class ForgetVectors {
 public:
  ForgetVectors() = default;
  ForgetVectors(const ForgetVectors&) = delete;
  ForgetVectors& operator=(const ForgetVectors&) = delete;
  ~ForgetVectors() { forget_vectors(); }
};

}  // namespace ashlar::crypto
