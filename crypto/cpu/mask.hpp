// SPDX-License-Identifier: Apache-2.0
// For tests, fuzzers and benchmarks: hides CPU features from every later choice of a kernel. Not installed.
#pragma once

#include <ashlar/crypto/cpu.hpp>

namespace ashlar::cpu {

// What this CPU offers, whatever the mask.
Features unmasked_features();

// From now on features() reports only what is in `allowed`. Existing keys keep their kernels.
void set_mask(Features allowed);

// Assumes that the CPU also has these features. For emulators that run more than they
// report.
void assume(Features also);

// From now on core() is this one. Existing keys keep their kernels.
void assume_core(Core core);

// All features allowed again.
void clear_mask();

}  // namespace ashlar::cpu
