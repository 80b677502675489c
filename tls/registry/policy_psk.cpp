// SPDX-License-Identifier: Apache-2.0
#include "registry/policy_rows.hpp"

namespace ashlar::tls::policy {
namespace {

// Forward secrecy before none.
constexpr const tls12::Suite* kSuites[] = {
    &kEcdhePskAes128GcmSha256, &kEcdhePskAes256GcmSha384, &kEcdhePskChaCha20Poly1305,
    &kDhePskAes128GcmSha256,   &kDhePskAes256GcmSha384,   &kDhePskChaCha20Poly1305,
    &kPskAes128GcmSha256,      &kPskAes256GcmSha384,      &kPskChaCha20Poly1305,
};
constexpr const Group* kGroups[] = {
    &kX25519MlKem768,  // TLS 1.3 alone
    &kX25519,         &kSecp256r1, &kSecp384r1, &kSecp521r1, &kFfdhe2048, &kFfdhe3072, &kFfdhe4096,
};

}  // namespace

constinit const Policy psk = {"psk", kSuites,           kGroups,      kModernSchemes,
                              false, &x509::kUsualKeys, kAllVersions, kTls13Suites};

}  // namespace ashlar::tls::policy
