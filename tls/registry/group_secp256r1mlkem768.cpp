// SPDX-License-Identifier: Apache-2.0
#include "registry/hybrid_group.hpp"

namespace ashlar::tls {

constinit const Group kSecp256r1MlKem768 = HybridGroup<crypto::kMlKem768, kSecp256r1, 65, 32, false>::row(
    GroupId::secp256r1mlkem768, "SecP256r1MLKEM768");

}  // namespace ashlar::tls
