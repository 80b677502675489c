// SPDX-License-Identifier: Apache-2.0
// What the kernels of SHA-2 share: the round constants (FIPS 180-4 §4.2.2, §4.2.3) and their names.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ashlar::crypto::sha2 {

extern const std::uint32_t kRound256[64];
extern const std::uint64_t kRound512[80];

// `state` is eight words, uint32_t for SHA-256 and uint64_t for SHA-512, in host order.
void compress_256_portable(void* state, const std::uint8_t* data, std::size_t blocks);
void compress_512_portable(void* state, const std::uint8_t* data, std::size_t blocks);

// Several messages side by side, as HashManyKernel::compress.
void compress_256_avx512_16(void* states, const std::uint8_t* const* data, std::size_t blocks);
void compress_256_avx2_8(void* states, const std::uint8_t* const* data, std::size_t blocks);
void compress_256_shani_2(void* states, const std::uint8_t* const* data, std::size_t blocks);
void compress_512_avx512_8(void* states, const std::uint8_t* const* data, std::size_t blocks);
void compress_512_avx2_4(void* states, const std::uint8_t* const* data, std::size_t blocks);

void compress_256_avx2(void* state, const std::uint8_t* data, std::size_t blocks);
void compress_256_ssse3(void* state, const std::uint8_t* data, std::size_t blocks);
void compress_512_ssse3(void* state, const std::uint8_t* data, std::size_t blocks);
void compress_512_avx512vl(void* state, const std::uint8_t* data, std::size_t blocks);
void finish_512_avx512vl(const void* state, const std::uint8_t* data, std::size_t size, std::uint64_t total,
                         std::uint8_t* digest);
void compress_512_avx2(void* state, const std::uint8_t* data, std::size_t blocks);
void compress_256_shani(void* state, const std::uint8_t* data, std::size_t blocks);
void finish_256_shani(const void* state, const std::uint8_t* data, std::size_t size, std::uint64_t total,
                      std::uint8_t* digest);

}  // namespace ashlar::crypto::sha2
