// SPDX-License-Identifier: Apache-2.0
// P-384's private keys.
#include "ec/private_key.hpp"

namespace ashlar::crypto {

template class EcPrivateKey<P384Curve>;

}  // namespace ashlar::crypto
