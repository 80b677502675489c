// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ashlar/tls/policy.hpp>
#include <ashlar/tls/session.hpp>

namespace ashlar::tls {

// Whether a session may be resumed now, by the rules that client and server share (H09).
bool session_fits(const Session& session, ProtocolVersion version, const Policy& policy, asn1::Time now,
                  std::string_view server_name, std::uint64_t trust_id);

}  // namespace ashlar::tls
