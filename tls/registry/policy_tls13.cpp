// SPDX-License-Identifier: Apache-2.0
#include "registry/policy_rows.hpp"

namespace ashlar::tls::policy {
namespace {

constexpr ProtocolVersion kVersions[] = {ProtocolVersion::tls13};

}  // namespace

constinit const Policy tls13 = {"tls13",           {},        kModernGroups, kModernSchemes, false,
                                &x509::kUsualKeys, kVersions, kTls13Suites};

}  // namespace ashlar::tls::policy
