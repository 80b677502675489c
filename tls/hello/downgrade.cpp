// SPDX-License-Identifier: Apache-2.0
#include "hello/downgrade.hpp"

#include "hello/versions.hpp"

namespace ashlar::tls {

void mark_downgrade(const Policy& policy, std::span<const ServerVersion* const> versions,
                    MutBytesOf<kRandomSize> server_random) {
  if (find_version<ServerVersion>(policy, versions, ProtocolVersion::tls13) != nullptr) {
    copy_bytes(server_random.subspan(kRandomSize - sizeof kDowngradeToTls12), kDowngradeToTls12);
  }
}

}  // namespace ashlar::tls
