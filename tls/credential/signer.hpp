// SPDX-License-Identifier: Apache-2.0
// Signers that Ashlar makes.
#pragma once

#include <ashlar/tls/credential.hpp>

namespace ashlar::tls {

// The key of a local_signer; null for any other.
const x509::PrivateKey* key_of(const Signer& signer);

}  // namespace ashlar::tls
