// SPDX-License-Identifier: Apache-2.0
// Exponentiation with AVX-512 IFMA: what BignumPowers asks for.
#pragma once

#include <ashlar/crypto/bignum.hpp>

#include "cpu/x86.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::bignum {

bool power_public_ifma(std::uint64_t* result, const std::uint64_t* number, std::uint64_t exponent,
                       const std::uint64_t* n, std::size_t limbs, std::size_t bits);
bool prepare_pair_ifma(std::uint64_t* constants, const std::uint64_t* const* moduli, std::size_t limbs,
                       const std::size_t* bits, std::size_t scale);
void power_pair_ifma(std::uint64_t* const* results, const std::uint64_t* const* bases,
                     const std::uint64_t* const* exponents, const std::uint64_t* const* moduli,
                     const std::uint64_t* constants, std::size_t limbs, std::size_t bits);
bool power_secret_ifma(std::uint64_t* result, const std::uint64_t* base, const std::uint64_t* exponent,
                       std::size_t exponent_bits, const std::uint64_t* n, std::size_t limbs,
                       std::size_t bits);

}  // namespace ashlar::crypto::bignum

#endif
