// SPDX-License-Identifier: Apache-2.0
#include <ashlar/tls/policy.hpp>

namespace ashlar::tls::policy {
namespace {

constexpr const CipherSuite* kSuites[] = {
    &kEcdheEcdsaAes128GcmSha256,
    &kEcdheRsaAes128GcmSha256,
    &kEcdheEcdsaAes256GcmSha384,
    &kEcdheRsaAes256GcmSha384,
};
constexpr const Group* kGroups[] = {&kX25519, &kSecp256r1};
constexpr const Scheme* kSchemes[] = {
    &kEcdsaSecp256r1Sha256, &kRsaPssRsaeSha256, &kRsaPkcs1Sha256,   &kEcdsaSecp384r1Sha384,
    &kRsaPssRsaeSha384,     &kRsaPkcs1Sha384,   &kRsaPssRsaeSha512, &kRsaPkcs1Sha512,
};

}  // namespace

constinit const Policy modern = {"modern", kSuites, kGroups, kSchemes, true, &x509::kAllKeys};

}  // namespace ashlar::tls::policy
