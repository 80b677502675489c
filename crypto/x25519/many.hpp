// SPDX-License-Identifier: Apache-2.0
// The functions behind the rows of x25519_many_kernels().
#pragma once

#include <cstdint>

namespace ashlar::crypto::x25519 {

void multiply_eight_x86_ifma(std::uint8_t* const* outs, const std::uint8_t* const* scalars,
                             const std::uint8_t* const* points);
void multiply_base_eight_x86_ifma(std::uint8_t* const* outs, const std::uint8_t* const* scalars);

}  // namespace ashlar::crypto::x25519
