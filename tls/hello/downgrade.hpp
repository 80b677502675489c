// SPDX-License-Identifier: Apache-2.0
// How a server that speaks a newer version than it was asked for says so, in the last eight bytes of its
// random value (RFC 9846 §4.1.3): whoever made the hello ask for less cannot change them unseen (H06).
#pragma once

#include <ashlar/tls/config.hpp>

#include "message/message.hpp"

namespace ashlar::tls {

// "DOWNGRD" and 1: TLS 1.2 was chosen.
inline constexpr std::uint8_t kDowngradeToTls12[] = {0x44, 0x4f, 0x57, 0x4e, 0x47, 0x52, 0x44, 1};

// Whether a random value of a server says it, of TLS 1.2 or of an older version: "DOWNGRD" and 0.
inline bool says_downgrade(Bytes server_random) {
  const Bytes end = server_random.last(sizeof kDowngradeToTls12);
  return equal_public(end.first(7), Bytes(kDowngradeToTls12).first(7)) && end[7] <= kDowngradeToTls12[7];
}
// A server that chose TLS 1.2 and speaks TLS 1.3 too says it.
void mark_downgrade(const Policy& policy, std::span<const ServerVersion* const> versions,
                    MutBytesOf<kRandomSize> server_random);

}  // namespace ashlar::tls
