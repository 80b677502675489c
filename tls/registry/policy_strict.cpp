// SPDX-License-Identifier: Apache-2.0
#include "registry/policy_rows.hpp"

namespace ashlar::tls::policy {

constinit const Policy strict = {"strict", kModernSuites,     kModernGroups, kModernSchemes,
                                 true,     &x509::kUsualKeys, kAllVersions,  kTls13Suites};

}  // namespace ashlar::tls::policy
