// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/p256.hpp>

#include "registry/curve_group.hpp"

namespace ashlar::tls {

constinit const Group kSecp256r1 =
    CurveGroup<crypto::P256PrivateKey, crypto::P256PublicKey, 32>::row(GroupId::secp256r1, "secp256r1");

}  // namespace ashlar::tls
