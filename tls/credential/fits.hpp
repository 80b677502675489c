// SPDX-License-Identifier: Apache-2.0
// Which credentials a policy can use, and which keys a scheme.
#pragma once

#include <ashlar/tls/credential.hpp>
#include <ashlar/tls/policy.hpp>

namespace ashlar::tls {

// Whether this key can sign by some scheme of the policy. A client's certificate needs that.
bool signs_under(const Policy& policy, const Credential& credential);
// Whether a key of this kind signs under the scheme in TLS 1.3, which binds curves to schemes.
inline bool fits_in_tls13(const Scheme& scheme, const x509::KeyKind& kind) {
  return scheme.in_tls13 && scheme.fits(kind) &&
         (scheme.curve_in_tls13 == GroupId{} ||
          kind.tls_curve == static_cast<std::uint16_t>(scheme.curve_in_tls13));
}
// Whether a server can show the credential with this suite.
bool serves(const Policy& policy, const tls12::Suite& suite, const Credential& credential);
// Whether a server can show it with any suite.
bool serves(const Policy& policy, const Credential& credential);

}  // namespace ashlar::tls
