// SPDX-License-Identifier: Apache-2.0
// P-256's private keys.
#include "ec/private_key.hpp"

namespace ashlar::crypto {

template class EcPrivateKey<P256Curve>;

}  // namespace ashlar::crypto
