// SPDX-License-Identifier: Apache-2.0
#include <ashlar/x509/key_set.hpp>

namespace ashlar::x509 {
namespace {

constexpr const KeyKind* kKinds[] = {&kRsa,     &kRsaPss, &kP256,    &kP384,    &kP521,
                                     &kEd25519, &kEd448,  &kMlDsa44, &kMlDsa65, &kMlDsa87};
constexpr const SignatureAlgorithm* kAlgorithms[] = {
    &kRsaPkcs1Sha256, &kRsaPkcs1Sha384,   &kRsaPkcs1Sha512,   &kRsaPssSha256,     &kRsaPssSha384,
    &kRsaPssSha512,   &kEcdsaSha256,      &kEcdsaSha384,      &kEcdsaSha512,      &kEd25519Signature,
    &kEd448Signature, &kMlDsa44Signature, &kMlDsa65Signature, &kMlDsa87Signature,
};
constexpr const PrivateKeyKind* kPrivateKinds[] = {
    &kRsaPrivate,     &kRsaPssPrivate, &kP256Private,    &kP384Private,    &kP521Private,
    &kEd25519Private, &kEd448Private,  &kMlDsa44Private, &kMlDsa65Private, &kMlDsa87Private};

}  // namespace

constinit const KeySet kAllKeys = {kKinds, kAlgorithms};
constinit const std::span<const PrivateKeyKind* const> kAllPrivateKeys = kPrivateKinds;

}  // namespace ashlar::x509
