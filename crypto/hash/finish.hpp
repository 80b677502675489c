// SPDX-License-Identifier: Apache-2.0
// The end of a message, for code that has a chaining state without a Hash object.
#pragma once

#include <ashlar/crypto/hash.hpp>

namespace ashlar::crypto {

// Writes the digest of a message of `total` bytes that ends in `rest`; `state` has absorbed the whole blocks
// before.
void finish_message(const HashAlgorithm& algorithm, const HashKernel& kernel, const std::uint8_t* state,
                    Bytes rest, std::uint64_t total, std::uint8_t* digest);

}  // namespace ashlar::crypto
