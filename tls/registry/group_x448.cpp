// SPDX-License-Identifier: Apache-2.0
#include "registry/montgomery_group.hpp"

#include <ashlar/crypto/x448.hpp>

namespace ashlar::tls {

constinit const Group kX448 = MontgomeryGroup<crypto::X448PrivateKey, 56>::row(GroupId::x448, "x448");

}  // namespace ashlar::tls
