// SPDX-License-Identifier: Apache-2.0
// For tests, fuzzers and benchmarks: hides CPU features from every later choice of a kernel. Not installed.
#pragma once

#include <ashlar/crypto/cpu.hpp>

namespace ashlar::cpu {

// What this CPU offers, whatever the mask.
Features unmasked_features();

// From now on features() reports only what is in `allowed`. Keys that exist keep their kernels.
void set_mask(Features allowed);

// Takes the CPU to have these features as well, whatever it says: for emulators that run what they do not
// report.
void assume(Features also);

// All features allowed again.
void clear_mask();

}  // namespace ashlar::cpu
