// SPDX-License-Identifier: Apache-2.0
#include <ashlar/x509/key_set.hpp>

namespace ashlar::x509 {
namespace {

constexpr const KeyKind* kKinds[] = {&kRsa, &kRsaPss, &kP256, &kP384, &kP521, &kEd25519};
constexpr const SignatureAlgorithm* kAlgorithms[] = {
    &kRsaPkcs1Sha256, &kRsaPkcs1Sha384, &kRsaPkcs1Sha512, &kRsaPssSha256, &kRsaPssSha384,
    &kRsaPssSha512,   &kEcdsaSha256,    &kEcdsaSha384,    &kEcdsaSha512,  &kEd25519Signature,
};

}  // namespace

constinit const KeySet kUsualKeys = {kKinds, kAlgorithms};

}  // namespace ashlar::x509
