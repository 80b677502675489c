// SPDX-License-Identifier: Apache-2.0
// The TLS 1.2 pseudorandom function (RFC 5246 §5).
#pragma once

#include <ashlar/crypto/hash.hpp>

namespace ashlar::crypto {

// PRF(secret, label, seed) filling `out`; `seed` is given in parts that are concatenated. Constant time in
// the secret and the seed. `out` must not overlap the inputs.
void tls12_prf(const HashAlgorithm& hash, Bytes secret, std::string_view label, std::span<const Bytes> seed,
               MutBytes out);

}  // namespace ashlar::crypto
