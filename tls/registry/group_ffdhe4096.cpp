// SPDX-License-Identifier: Apache-2.0
#include "registry/ffdhe_group.hpp"

namespace ashlar::tls {

constinit const Group kFfdhe4096 =
    FfdheKem<crypto::kFfdhe4096, 512, 41>::row(GroupId::ffdhe4096, "ffdhe4096");

}  // namespace ashlar::tls
