// SPDX-License-Identifier: Apache-2.0
// The rows of AES-CBC with HMAC.
#pragma once

#include <ashlar/crypto/cbc_hmac.hpp>

#include "cpu/x86.hpp"

namespace ashlar::crypto::cbc_hmac {

#if ASHLAR_X86_KERNELS
void pass_sha1_shani(void* state, const std::uint8_t* hashed, const AesSchedule& schedule,
                     std::uint8_t iv[16], const std::uint8_t* in, std::uint8_t* out, std::size_t units);
void pass_sha256_shani(void* state, const std::uint8_t* hashed, const AesSchedule& schedule,
                       std::uint8_t iv[16], const std::uint8_t* in, std::uint8_t* out, std::size_t units);
void pass_sha1_avx2(void* state, const std::uint8_t* hashed, const AesSchedule& schedule, std::uint8_t iv[16],
                    const std::uint8_t* in, std::uint8_t* out, std::size_t units);
void pass_sha256_avx2(void* state, const std::uint8_t* hashed, const AesSchedule& schedule,
                      std::uint8_t iv[16], const std::uint8_t* in, std::uint8_t* out, std::size_t units);
void pass_sha1_ssse3(void* state, const std::uint8_t* hashed, const AesSchedule& schedule,
                     std::uint8_t iv[16], const std::uint8_t* in, std::uint8_t* out, std::size_t units);
void pass_sha256_ssse3(void* state, const std::uint8_t* hashed, const AesSchedule& schedule,
                       std::uint8_t iv[16], const std::uint8_t* in, std::uint8_t* out, std::size_t units);
#endif

}  // namespace ashlar::crypto::cbc_hmac
