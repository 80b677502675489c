// SPDX-License-Identifier: Apache-2.0
#include <ashlar/tls/event.hpp>

namespace ashlar::tls {

std::string_view name(SecretKind kind) {
  constexpr std::string_view kNames[] = {
      "client random",      "server random",      "premaster secret",     "master secret",
      "client MAC key",     "server MAC key",     "client key",           "server key",
      "client IV",          "server IV",          "client Finished hash", "server Finished hash",
      "client verify data", "server verify data",
  };
  return kNames[static_cast<std::size_t>(kind)];
}

}  // namespace ashlar::tls
