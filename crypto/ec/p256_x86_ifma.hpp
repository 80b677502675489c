// SPDX-License-Identifier: Apache-2.0
// The function of P-256's x86-ifma row.
#pragma once

#include <cstdint>

namespace ashlar::crypto::ec {

// out = k * G, as EcKernel::fixed_base.
void p256_fixed_base_ifma(std::uint64_t* out, const std::uint64_t* k);

}  // namespace ashlar::crypto::ec
