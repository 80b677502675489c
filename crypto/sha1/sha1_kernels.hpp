// SPDX-License-Identifier: Apache-2.0
// The compression functions of SHA-1; the state is five 32-bit words.
#pragma once

#include <cstddef>
#include <cstdint>

#include "cpu/x86.hpp"

namespace ashlar::crypto::sha1 {

void compress_portable(void* state, const std::uint8_t* data, std::size_t blocks);
#if ASHLAR_X86_KERNELS
void compress_ssse3(void* state, const std::uint8_t* data, std::size_t blocks);
void compress_avx2(void* state, const std::uint8_t* data, std::size_t blocks);
void compress_shani(void* state, const std::uint8_t* data, std::size_t blocks);
void finish_shani(const void* state, const std::uint8_t* data, std::size_t size, std::uint64_t total,
                  std::uint8_t* digest);
#endif

}  // namespace ashlar::crypto::sha1
