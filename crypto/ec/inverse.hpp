// SPDX-License-Identifier: Apache-2.0
// Inverses modulo an odd number of a fixed size in constant time, by division steps.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ashlar::crypto::ec {

// inverse = 1 / a modulo the odd m > 1 of at most kBits bits for a < m; 0 for 0. m_negated_inverse = -1 / m
// mod 2^64. Sizes: inverse.cpp.
template <std::size_t N, std::size_t kBits = 64 * N>
void invert(std::uint64_t* inverse, const std::uint64_t* a, const std::uint64_t* m,
            std::uint64_t m_negated_inverse);

}  // namespace ashlar::crypto::ec
