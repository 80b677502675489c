// SPDX-License-Identifier: Apache-2.0
#include "hello/downgrade.hpp"

#include "hello/versions.hpp"

namespace ashlar::tls {

void mark_downgrade(const Policy& policy, std::span<const ServerVersion* const> versions,
                    MutBytesOf<kRandomSize> server_random) {
  for (const ProtocolVersion version : policy.versions) {
    for (const ServerVersion* row : versions) {
      if (row->version == version && version == ProtocolVersion::tls13) {
        copy_bytes(server_random.subspan(kRandomSize - sizeof kDowngradeToTls12), kDowngradeToTls12);
      }
    }
  }
}

}  // namespace ashlar::tls
