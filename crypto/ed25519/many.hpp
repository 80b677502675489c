// SPDX-License-Identifier: Apache-2.0
// The functions behind the rows of ed25519_many_kernels().
#pragma once

#include <cstdint>

namespace ashlar::crypto::ed25519 {

void base_multiple_eight(std::uint8_t* const* outs, const std::uint8_t* const* scalars);
unsigned decode_negated_eight(std::uint64_t* const* points, const std::uint8_t* const* bytes);
void sum_eight(std::uint8_t* const* outs, const std::uint8_t* const* ss, const std::uint8_t* const* ks,
               const std::uint64_t* const* points);

}  // namespace ashlar::crypto::ed25519
