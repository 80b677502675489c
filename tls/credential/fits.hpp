// SPDX-License-Identifier: Apache-2.0
// Which credentials a policy has a use for.
#pragma once

#include <ashlar/tls/credential.hpp>
#include <ashlar/tls/policy.hpp>

namespace ashlar::tls {

// Whether some scheme of the policy is for signatures by this key: what a client's certificate needs.
bool signs_under(const Policy& policy, const Credential& credential);
// Whether a server can show the credential with this suite.
bool serves(const Policy& policy, const tls12::Suite& suite, const Credential& credential);
// Whether a server can show it with any suite.
bool serves(const Policy& policy, const Credential& credential);

}  // namespace ashlar::tls
