// SPDX-License-Identifier: Apache-2.0
#include "session/fits.hpp"

namespace ashlar::tls {

namespace {

// A suite that the policy has, and a secret that goes with it.
bool secret_fits(const Session& session, const Policy& policy) {
  if (session.version == ProtocolVersion::tls12) {
    return session.secret.size() == 48 && session.extended_master_secret &&
           policy.suite(session.suite) != nullptr;
  }
  const tls13::Suite* const suite = policy.tls13_suite(session.suite);
  return suite != nullptr && session.secret.size() == suite->hash->digest_size;
}

}  // namespace

bool session_fits(const Session& session, ProtocolVersion version, const Policy& policy, asn1::Time now,
                  std::string_view server_name, std::uint64_t trust_id) {
  return session.version == version && secret_fits(session, policy) && session.created <= now &&
         now < session.expires && equal_public(session.server_name.bytes(), bytes_of(server_name)) &&
         session.trust_id == trust_id;
}

}  // namespace ashlar::tls
