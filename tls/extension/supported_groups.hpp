// SPDX-License-Identifier: Apache-2.0
// supported_groups (RFC 8422 §5.1.1): the groups of the client's policy, in its order.
#pragma once

#include "extension/extension.hpp"

namespace ashlar::tls {

inline constexpr Extension kSupportedGroups = {
    .type = ExtensionType::supported_groups,
    .name = "supported_groups",
    .allowed = in(Carrier::client_hello, Versions::both) | in(Carrier::encrypted_extensions, Versions::tls13),
    .client_hello =
        number_list<ClientHello, &ClientHello::supported_groups>(Place::client_hello_supported_groups),
    .offer = [](const Offer& from, ClientHello& hello) -> Result<void> {
      hello.supported_groups = list_ids(from.policy.groups, from.room);
      return {};
    },
};

}  // namespace ashlar::tls
