// SPDX-License-Identifier: Apache-2.0
// The functions of the kernel rows. Signatures as in ScryptKernel.
#pragma once

#include <ashlar/crypto/scrypt.hpp>

#include "cpu/x86.hpp"

namespace ashlar::crypto::salsa {

void block_mix_portable(const std::uint8_t* in, const std::uint8_t* other, std::uint8_t* out, std::size_t r);
#if ASHLAR_X86_KERNELS
void block_mix_sse2(const std::uint8_t* in, const std::uint8_t* other, std::uint8_t* out, std::size_t r);
void block_mix_avx512vl(const std::uint8_t* in, const std::uint8_t* other, std::uint8_t* out, std::size_t r);
#endif

}  // namespace ashlar::crypto::salsa
