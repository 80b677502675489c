// SPDX-License-Identifier: Apache-2.0
#include "registry/ffdhe_group.hpp"

namespace ashlar::tls {

constinit const Group kFfdhe3072 =
    FfdheKem<crypto::kFfdhe3072, 384, 35>::row(GroupId::ffdhe3072, "ffdhe3072");

}  // namespace ashlar::tls
