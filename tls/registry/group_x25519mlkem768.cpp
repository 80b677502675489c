// SPDX-License-Identifier: Apache-2.0
#include "registry/hybrid_group.hpp"

namespace ashlar::tls {

constinit const Group kX25519MlKem768 =
    HybridGroup<crypto::kMlKem768, kX25519, 32, 32, true>::row(GroupId::x25519mlkem768, "X25519MLKEM768");

}  // namespace ashlar::tls
