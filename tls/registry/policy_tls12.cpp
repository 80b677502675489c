// SPDX-License-Identifier: Apache-2.0
#include "registry/policy_rows.hpp"

namespace ashlar::tls::policy {
namespace {

constexpr ProtocolVersion kVersions[] = {ProtocolVersion::tls12};
// A list of its own: a part of modern's would link all of that.
constexpr const Group* kGroups[] = {&kX25519, &kSecp256r1, &kSecp384r1, &kSecp521r1};

}  // namespace

constinit const Policy tls12 = {"tls12", kModernSuites,     kGroups,   kModernSchemes,
                                false,   &x509::kUsualKeys, kVersions, {}};

}  // namespace ashlar::tls::policy
