// SPDX-License-Identifier: Apache-2.0
#include "registry/mlkem_group.hpp"

namespace ashlar::tls {

constinit const Group kMlKem768 = MlKemGroup<crypto::kMlKem768>::row(GroupId::mlkem768, "MLKEM768");

}  // namespace ashlar::tls
