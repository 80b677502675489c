// SPDX-License-Identifier: Apache-2.0
#include "extension/block.hpp"

#include "message/number_set.hpp"

namespace ashlar::tls {

std::optional<std::uint16_t> twice_among_many(Reader block) {
  NumberSet seen;
  while (!block.empty()) {
    const auto type = block.u16();
    if (!type.ok() || !block.u16_prefixed().ok()) {
      break;  // whoever splits the block tells where it is broken
    }
    if (!seen.add(*type)) {
      return *type;
    }
  }
  return std::nullopt;
}

}  // namespace ashlar::tls
