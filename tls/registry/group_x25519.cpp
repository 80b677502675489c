// SPDX-License-Identifier: Apache-2.0
#include "registry/montgomery_group.hpp"

#include <ashlar/crypto/x25519.hpp>

namespace ashlar::tls {

constinit const Group kX25519 = MontgomeryGroup<crypto::X25519PrivateKey, 32>::row(GroupId::x25519, "x25519");

}  // namespace ashlar::tls
