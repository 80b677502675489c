// SPDX-License-Identifier: Apache-2.0
// The functions behind the rows of x25519_kernels().
#pragma once

#include <cstdint>

namespace ashlar::crypto::x25519 {

void multiply_portable(std::uint8_t* out, const std::uint8_t* scalar, const std::uint8_t* point);
void multiply_x86_adx(std::uint8_t* out, const std::uint8_t* scalar, const std::uint8_t* point);

}  // namespace ashlar::crypto::x25519
