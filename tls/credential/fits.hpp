// SPDX-License-Identifier: Apache-2.0
// Which credentials a policy can use.
#pragma once

#include <ashlar/tls/credential.hpp>
#include <ashlar/tls/policy.hpp>

namespace ashlar::tls {

// Whether this key can sign by some scheme of the policy. A client's certificate needs that.
bool signs_under(const Policy& policy, const Credential& credential);
// Whether a server can show the credential with this suite.
bool serves(const Policy& policy, const tls12::Suite& suite, const Credential& credential);
// Whether a server can show it with any suite.
bool serves(const Policy& policy, const Credential& credential);

}  // namespace ashlar::tls
