// SPDX-License-Identifier: Apache-2.0
// Clears what code outside kernels leaves in vector registers: the C library copies keys and states through
// them.
#pragma once

namespace ashlar::crypto {

// Zeroes all vector registers of this x86-64 CPU, in a dozen cycles. Does nothing elsewhere.
void forget_vectors();

// Does that at the end of its scope. Declare it first in a function, so that it runs last.
class ForgetVectors {
 public:
  ForgetVectors() = default;
  ForgetVectors(const ForgetVectors&) = delete;
  ForgetVectors& operator=(const ForgetVectors&) = delete;
  ~ForgetVectors() { forget_vectors(); }
};

}  // namespace ashlar::crypto
