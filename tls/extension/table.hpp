// SPDX-License-Identifier: Apache-2.0
// The table of extensions. Hellos are written in this order.
#pragma once

#include "extension/alpn.hpp"
#include "extension/ec_point_formats.hpp"
#include "extension/encrypt_then_mac.hpp"
#include "extension/extended_master_secret.hpp"
#include "extension/renegotiation_info.hpp"
#include "extension/server_name.hpp"
#include "extension/session_ticket.hpp"
#include "extension/set.hpp"
#include "extension/signature_algorithms.hpp"
#include "extension/supported_groups.hpp"

namespace ashlar::tls {

inline constexpr auto kExtensions = std::to_array<Extension>({
    kServerName,
    kSupportedGroups,
    kEcPointFormats,
    kSignatureAlgorithms,
    kAlpn,
    kEncryptThenMac,
    kExtendedMasterSecret,
    kRenegotiationInfo,
    kSessionTicket,
});
static_assert(std::size(kExtensions) <= kMaxExtensionRows);

// One or several columns of the table, made at compile time: select(row) for each row. Code at run time reads
// columns and never the table itself, because its rows name the functions of clients and of servers.
template <class Select>
constexpr auto column(Select select) {
  std::array<decltype(select(kExtensions[0])), std::size(kExtensions)> selected{};
  for (std::size_t row = 0; row < std::size(kExtensions); ++row) {
    selected[row] = select(kExtensions[row]);
  }
  return selected;
}

// If a row may stand in a hello, it says how it is read and built there. If not, it says nothing.
template <class Message>
constexpr bool complete(bool allowed, const In<Message>& in) {
  return (in.place != Place::none) == allowed && (in.parse != nullptr) == allowed &&
         (in.present != nullptr) == allowed && (in.build != nullptr) == allowed;
}
static_assert([] {
  for (std::size_t i = 0; i < std::size(kExtensions); ++i) {
    const Extension& row = kExtensions[i];
    const bool in_client_hello = row.allowed.has(Carrier::client_hello, Versions::both);
    const bool in_server_hello = row.allowed.has(Carrier::server_hello, Versions::both);
    if (!complete(in_client_hello, row.client_hello) || !complete(in_server_hello, row.server_hello) ||
        (row.offer != nullptr) != in_client_hello || (row.answer != nullptr) != in_server_hello) {
      return false;
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (kExtensions[j].type == row.type) {
        return false;
      }
    }
  }
  return true;
}());

}  // namespace ashlar::tls
