// SPDX-License-Identifier: Apache-2.0
#include "registry/hybrid_group.hpp"

namespace ashlar::tls {

constinit const Group kSecp384r1MlKem1024 = HybridGroup<crypto::kMlKem1024, kSecp384r1, 97, 48, false>::row(
    GroupId::secp384r1mlkem1024, "SecP384r1MLKEM1024");

}  // namespace ashlar::tls
