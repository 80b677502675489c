// SPDX-License-Identifier: Apache-2.0
// What sides show and take: certificates or raw public keys (RFC 7250).
#pragma once

#include "message/message.hpp"

#include <ashlar/tls/config.hpp>

namespace ashlar::tls {

using CertificateTypes = std::span<const CertificateType>;

// As messages have them.
inline Bytes wire_of(CertificateTypes types) {
  return {reinterpret_cast<const std::uint8_t*>(types.data()), types.size()};
}

// What a config takes from the peer, in its order.
CertificateTypes accepted_types(const AcceptedFromPeer& accepted);
// Types, each that there is at most once, and at least one.
bool are_types(CertificateTypes types);
bool has_type(CertificateTypes types, CertificateType type);
// Whether a peer takes this type, by the list of its hello, which is empty if it says nothing.
bool takes_type(Bytes listed, CertificateType type);
// What a client can show, in its order. They lie in the config or in `room`.
CertificateTypes own_types(const ClientConfig& config, CertificateType (&room)[2]);
// What a hello says: nothing for certificates alone.
Bytes said_types(CertificateTypes types);

// Who judges what the peer shows of this type, by the id that sessions are bound to; nothing if it is not
// taken.
std::optional<std::uint64_t> judge_of(const AcceptedFromPeer& accepted, const Verifier& verifier,
                                      CertificateType type);
// The same of a client, which may judge OCSP responses too.
std::optional<std::uint64_t> judge_of(const ClientConfig& config, CertificateType type);

// A server's choice among what its clients may show; no_common_certificate_type.
Result<CertificateType> choose_client_type(const ServerConfig& config, Bytes listed);

}  // namespace ashlar::tls
