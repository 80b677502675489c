// SPDX-License-Identifier: Apache-2.0
// P-256's public keys.
#include "ec/public_key.hpp"

namespace ashlar::crypto {

template class EcPublicKey<P256Curve>;

}  // namespace ashlar::crypto
