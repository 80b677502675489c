// SPDX-License-Identifier: Apache-2.0
// The functions behind the rows of bignum_many_kernels().
#pragma once

#include <ashlar/crypto/bignum.hpp>

#include "cpu/x86.hpp"

namespace ashlar::crypto::bignum {

bool power_eight_ifma(std::uint64_t* const* results, const std::uint64_t* const* bases,
                      const std::uint64_t* const* exponents, const std::uint64_t* const* moduli,
                      const std::size_t* modulus_bits, std::size_t limbs, std::size_t scale,
                      std::size_t bits);
bool power_public_eight_ifma(std::uint64_t* const* results, const std::uint64_t* const* numbers,
                             std::uint64_t exponent, const std::uint64_t* const* moduli,
                             const std::size_t* modulus_bits, std::size_t limbs);

}  // namespace ashlar::crypto::bignum
