// SPDX-License-Identifier: Apache-2.0
#include "registry/ffdhe_group.hpp"

namespace ashlar::tls {

constinit const Group kFfdhe2048 =
    FfdheKem<crypto::kFfdhe2048, 256, 29>::row(GroupId::ffdhe2048, "ffdhe2048");

}  // namespace ashlar::tls
