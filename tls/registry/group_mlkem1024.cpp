// SPDX-License-Identifier: Apache-2.0
#include "registry/mlkem_group.hpp"

namespace ashlar::tls {

constinit const Group kMlKem1024 = MlKemGroup<crypto::kMlKem1024>::row(GroupId::mlkem1024, "MLKEM1024");

}  // namespace ashlar::tls
