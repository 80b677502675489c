// SPDX-License-Identifier: Apache-2.0
// The functions behind the rows of x25519_kernels().
#pragma once

#include <cstdint>

namespace ashlar::crypto::x25519 {

void multiply_portable(std::uint8_t* out, const std::uint8_t* scalar, const std::uint8_t* point);
void multiply_x86_ifma(std::uint8_t* out, const std::uint8_t* scalar, const std::uint8_t* point);
void multiply_x86_adx(std::uint8_t* out, const std::uint8_t* scalar, const std::uint8_t* point);
void multiply_x86_bmi2(std::uint8_t* out, const std::uint8_t* scalar, const std::uint8_t* point);
void base_portable(std::uint8_t* out, const std::uint8_t* scalar);
void base_x86_ifma(std::uint8_t* out, const std::uint8_t* scalar);
void base_x86_adx(std::uint8_t* out, const std::uint8_t* scalar);
void base_x86_bmi2(std::uint8_t* out, const std::uint8_t* scalar);

}  // namespace ashlar::crypto::x25519
