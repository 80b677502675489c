// SPDX-License-Identifier: Apache-2.0
#include "session/fits.hpp"

namespace ashlar::tls {

bool session_fits(const Session& session, const Policy& policy, asn1::Time now, std::string_view server_name,
                  std::uint64_t trust_id) {
  return session.version == ProtocolVersion::tls12 && session.secret.size() == 48 &&
         session.extended_master_secret && policy.suite(session.suite) != nullptr && session.created <= now &&
         now < session.expires && equal_public(session.server_name.bytes(), bytes_of(server_name)) &&
         session.trust_id == trust_id;
}

}  // namespace ashlar::tls
