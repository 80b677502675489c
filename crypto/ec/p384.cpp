// SPDX-License-Identifier: Apache-2.0
// P-384's public keys.
#include "ec/public_key.hpp"

namespace ashlar::crypto {

template class EcPublicKey<P384Curve>;

}  // namespace ashlar::crypto
