// SPDX-License-Identifier: Apache-2.0
// The table of extensions. Hellos are written in this order.
#pragma once

#include "extension/alpn.hpp"
#include "extension/certificate_authorities.hpp"
#include "extension/certificate_types.hpp"
#include "extension/compress_certificate.hpp"
#include "extension/cookie.hpp"
#include "extension/early_data.hpp"
#include "extension/ec_point_formats.hpp"
#include "extension/encrypt_then_mac.hpp"
#include "extension/extended_master_secret.hpp"
#include "extension/key_share.hpp"
#include "extension/max_fragment_length.hpp"
#include "extension/pre_shared_key.hpp"
#include "extension/psk_key_exchange_modes.hpp"
#include "extension/record_size_limit.hpp"
#include "extension/renegotiation_info.hpp"
#include "extension/server_name.hpp"
#include "extension/session_ticket.hpp"
#include "extension/set.hpp"
#include "extension/signature_algorithms.hpp"
#include "extension/signature_algorithms_cert.hpp"
#include "extension/signed_certificate_timestamp.hpp"
#include "extension/status_request.hpp"
#include "extension/supported_groups.hpp"
#include "extension/supported_versions.hpp"
#include "extension/ticket_request.hpp"

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
    kStatusRequest,
    kSignedCertificateTimestamp,
    kClientCertificateType,
    kServerCertificateType,
    kMaxFragmentLength,
    kRecordSizeLimit,
    kSupportedVersions,
    kCookie,
    kPskKeyExchangeModes,
    kSignatureAlgorithmsCert,
    kCertificateAuthorities,
    kEarlyData,
    kTicketRequest,
    kCompressCertificate,
    kKeyShare,
    kPreSharedKey,  // the last of a ClientHello
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

// Where a type may stand in the table, so that a peer who sends thousands of unknown ones costs a step each
// (D01). All types that have rows fall on places of their own.
constexpr std::size_t place_of(ExtensionType type) {
  const auto number = static_cast<std::uint16_t>(type);
  return (number ^ number >> 8) & 0xff;
}
inline constexpr auto kRowByPlace = [] {
  std::array<std::uint8_t, 256> rows{};
  for (std::size_t row = 0; row < std::size(kExtensions); ++row) {
    rows[place_of(kExtensions[row].type)] = static_cast<std::uint8_t>(row);
  }
  return rows;
}();
static_assert([] {
  for (std::size_t row = 0; row < std::size(kExtensions); ++row) {
    if (kRowByPlace[place_of(kExtensions[row].type)] != row) {
      return false;
    }
  }
  return true;
}());

// The number of a type's row; one past the last row if it has none.
inline std::size_t find_row(ExtensionType type) {
  static constexpr auto kTypes = column([](const Extension& row) { return row.type; });
  const std::size_t row = kRowByPlace[place_of(type)];
  return kTypes[row] == type ? row : std::size(kTypes);
}

// The place of an extension in the table, which has it.
constexpr std::size_t row_number(ExtensionType type) {
  std::size_t row = 0;
  while (kExtensions[row].type != type) {
    ++row;
  }
  return row;
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
    const bool in_server_hello = row.allowed.has(Carrier::server_hello, Versions::both) ||
                                 row.allowed.has(Carrier::hello_retry_request, Versions::tls13);
    const auto in = [&](Carrier carrier) { return row.allowed.has(carrier, Versions::tls13); };
    if (!complete(in_client_hello, row.client_hello) || !complete(in_server_hello, row.server_hello) ||
        !complete(in(Carrier::encrypted_extensions), row.encrypted_extensions) ||
        !complete(in(Carrier::certificate_request), row.certificate_request) ||
        !complete(in(Carrier::new_session_ticket), row.new_session_ticket) ||
        (row.offer != nullptr) != in_client_hello ||
        (row.answer != nullptr) != row.allowed.has(Carrier::server_hello, Versions::tls12)) {
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
