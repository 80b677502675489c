// SPDX-License-Identifier: Apache-2.0
// The functions behind the rows of p256_many_kernels().
#pragma once

#include <cstdint>

namespace ashlar::crypto::ec {

void p256_fixed_base_eight(std::uint64_t* const* outs, const std::uint64_t* const* scalars);
void p256_variable_base_eight(std::uint64_t* const* outs, const std::uint64_t* const* scalars,
                              const std::uint64_t* const* points);
unsigned p256_verify_eight(const std::uint64_t* const* us, const std::uint64_t* const* vs,
                           const std::uint64_t* const* points, const std::uint64_t* const* rs);

}  // namespace ashlar::crypto::ec
