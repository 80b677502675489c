// SPDX-License-Identifier: Apache-2.0
#include "registry/mlkem_group.hpp"

namespace ashlar::tls {

constinit const Group kMlKem512 = MlKemGroup<crypto::kMlKem512>::row(GroupId::mlkem512, "MLKEM512");

}  // namespace ashlar::tls
