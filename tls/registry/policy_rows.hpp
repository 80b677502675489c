// SPDX-License-Identifier: Apache-2.0
// The rows of policy `modern`, in order of preference. `strict` has the same rows, and `compat` begins with
// them.
#pragma once

#include <ashlar/tls/policy.hpp>

namespace ashlar::tls::policy {

inline constexpr const tls12::Suite* kModernSuites[] = {
    &kEcdheEcdsaAes128GcmSha256, &kEcdheRsaAes128GcmSha256,    &kEcdheEcdsaAes256GcmSha384,
    &kEcdheRsaAes256GcmSha384,   &kEcdheEcdsaChaCha20Poly1305, &kEcdheRsaChaCha20Poly1305,
};
inline constexpr const tls13::Suite* kTls13Suites[] = {
    &kAes128GcmSha256,
    &kAes256GcmSha384,
    &kChaCha20Poly1305Sha256,
};
inline constexpr const Group* kModernGroups[] = {
    &kX25519MlKem768,  // TLS 1.3 alone
    &kX25519,         &kSecp256r1, &kSecp384r1, &kSecp521r1,
};
inline constexpr const Scheme* kModernSchemes[] = {
    &kEcdsaSecp256r1Sha256, &kRsaPssRsaeSha256, &kRsaPkcs1Sha256,
    &kEcdsaSecp384r1Sha384, &kRsaPssRsaeSha384, &kRsaPkcs1Sha384,
    &kRsaPssRsaeSha512,     &kRsaPkcs1Sha512,   &kEd25519,
    &kEcdsaSecp521r1Sha512,
};

}  // namespace ashlar::tls::policy
