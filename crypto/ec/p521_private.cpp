// SPDX-License-Identifier: Apache-2.0
// P-521's private keys.
#include "ec/private_key.hpp"

namespace ashlar::crypto {

template class EcPrivateKey<P521Curve>;

}  // namespace ashlar::crypto
