// SPDX-License-Identifier: Apache-2.0
// PBKDF2 (RFC 8018 §5.2): makes a key from a passphrase by many iterations of HMAC.
#pragma once

#include <ashlar/crypto/hmac.hpp>

namespace ashlar::crypto {

// More iterations than this are refused: they would take hours (A16).
inline constexpr std::uint32_t kMaxPbkdf2Iterations = 1 << 25;

// invalid_argument for 0 or too many iterations, length_overflow for more than (2^32 - 1) digests. Constant
// time in the passphrase; its length, the salt and the count are public.
Result<void> pbkdf2(const HashAlgorithm& hash, Bytes passphrase, Bytes salt, std::uint32_t iterations,
                    MutBytes out);

}  // namespace ashlar::crypto
