// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/p521.hpp>

#include "registry/curve_group.hpp"

namespace ashlar::tls {

constinit const Group kSecp521r1 =
    CurveGroup<crypto::P521PrivateKey, crypto::P521PublicKey, 66>::row(GroupId::secp521r1, "secp521r1");

}  // namespace ashlar::tls
