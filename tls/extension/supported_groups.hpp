// SPDX-License-Identifier: Apache-2.0
// supported_groups (RFC 8422 §5.1.1): the groups of the client's policy, in its order.
#pragma once

#include "extension/extension.hpp"
#include "registry/group_versions.hpp"

namespace ashlar::tls {

inline constexpr Extension kSupportedGroups = {
    .type = ExtensionType::supported_groups,
    .name = "supported_groups",
    .allowed = in(Carrier::client_hello, Versions::both) | in(Carrier::encrypted_extensions, Versions::tls13),
    .client_hello =
        number_list<ClientHello, &ClientHello::supported_groups>(Place::client_hello_supported_groups),
    .encrypted_extensions =
        number_list<tls13::EncryptedExtensions, &tls13::EncryptedExtensions::supported_groups>(
            Place::encrypted_extensions_supported_groups),
    .offer = [](const Offer& from, ClientHello& hello) -> Result<void> {
      const bool all = includes(from.versions, Versions::tls13);
      std::size_t count = from.grease_group != 0 ? 1 : 0;
      for (const Group* group : from.policy.groups) {
        count += all || in_tls12(*group) ? 1u : 0u;
      }
      const MutBytes list = from.room.room(2 * count);
      Writer writer(list);
      if (from.grease_group != 0) {
        writer.u16(from.grease_group);
      }
      for (const Group* group : from.policy.groups) {
        if (all || in_tls12(*group)) {
          writer.u16(static_cast<std::uint16_t>(group->id));
        }
      }
      hello.supported_groups = list;
      return {};
    },
};

}  // namespace ashlar::tls
