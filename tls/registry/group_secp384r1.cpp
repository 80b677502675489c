// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/p384.hpp>

#include "registry/curve_group.hpp"

namespace ashlar::tls {

constinit const Group kSecp384r1 =
    CurveGroup<crypto::P384PrivateKey, crypto::P384PublicKey, 48>::row(GroupId::secp384r1, "secp384r1");

}  // namespace ashlar::tls
