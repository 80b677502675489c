// SPDX-License-Identifier: Apache-2.0
// Sets of TLS versions, for the rows of messages and extensions.
#pragma once

#include <cstdint>

namespace ashlar::tls {

enum class Versions : std::uint8_t { none = 0, tls12 = 1, tls13 = 2, both = 3 };

constexpr Versions operator|(Versions a, Versions b) {
  return Versions{static_cast<std::uint8_t>(static_cast<std::uint8_t>(a) | static_cast<std::uint8_t>(b))};
}
// Whether every version of `some` is in `all`.
constexpr bool includes(Versions all, Versions some) {
  return (all | some) == all;
}

}  // namespace ashlar::tls
