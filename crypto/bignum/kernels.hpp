// SPDX-License-Identifier: Apache-2.0
// The functions behind the rows of bignum_kernels().
#pragma once

#include <ashlar/crypto/bignum.hpp>

#if defined(__x86_64__) && !defined(ASHLAR_NO_X86_KERNELS)
#define ASHLAR_BIGNUM_X86 1
#endif

namespace ashlar::crypto::bignum {

void multiply_portable(std::uint64_t* product, const std::uint64_t* a, const std::uint64_t* b,
                       std::size_t limbs);
void square_portable(std::uint64_t* product, const std::uint64_t* a, std::size_t limbs);
void reduce_portable(std::uint64_t* result, std::uint64_t* value, const std::uint64_t* modulus,
                     std::uint64_t factor, std::size_t limbs);

#ifdef ASHLAR_BIGNUM_X86
void multiply_x86_adx(std::uint64_t* product, const std::uint64_t* a, const std::uint64_t* b,
                      std::size_t limbs);
void square_x86_adx(std::uint64_t* product, const std::uint64_t* a, std::size_t limbs);
void reduce_x86_adx(std::uint64_t* result, std::uint64_t* value, const std::uint64_t* modulus,
                    std::uint64_t factor, std::size_t limbs);
void multiply_x86_bmi2(std::uint64_t* product, const std::uint64_t* a, const std::uint64_t* b,
                       std::size_t limbs);
void square_x86_bmi2(std::uint64_t* product, const std::uint64_t* a, std::size_t limbs);
void reduce_x86_bmi2(std::uint64_t* result, std::uint64_t* value, const std::uint64_t* modulus,
                     std::uint64_t factor, std::size_t limbs);
void multiply_x86_mul(std::uint64_t* product, const std::uint64_t* a, const std::uint64_t* b,
                      std::size_t limbs);
void square_x86_mul(std::uint64_t* product, const std::uint64_t* a, std::size_t limbs);
void reduce_x86_mul(std::uint64_t* result, std::uint64_t* value, const std::uint64_t* modulus,
                    std::uint64_t factor, std::size_t limbs);
#endif

}  // namespace ashlar::crypto::bignum
