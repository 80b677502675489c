// SPDX-License-Identifier: Apache-2.0
// P-521's public keys.
#include "ec/public_key.hpp"

namespace ashlar::crypto {

template class EcPublicKey<P521Curve>;

}  // namespace ashlar::crypto
