// SPDX-License-Identifier: Apache-2.0
// Signature schemes: the SignatureAndHashAlgorithm pairs of RFC 5246 §7.4.1.4.1 read as one number, as
// RFC 8446 §4.2.3 does. Under TLS 1.2 an ECDSA scheme does not fix the curve.
#include <ashlar/tls/registry.hpp>
#include <ashlar/x509/oids.hpp>

namespace ashlar::tls {

namespace {

// RSASSA-PSS is one signature with keys of two algorithms.
constexpr Scheme pss(std::uint16_t id, std::string_view name, const x509::SignatureAlgorithm& algorithm,
                     const asn1::Oid& key_algorithm) {
  return {SchemeId{id}, name, &algorithm, true, GroupId{}, key_algorithm};
}

}  // namespace

constinit const Scheme kEcdsaSecp256r1Sha256 = {SchemeId{0x0403}, "ecdsa_secp256r1_sha256",
                                                &x509::kEcdsaSha256, true, GroupId::secp256r1};
constinit const Scheme kEcdsaSecp384r1Sha384 = {SchemeId{0x0503}, "ecdsa_secp384r1_sha384",
                                                &x509::kEcdsaSha384, true, GroupId::secp384r1};
constinit const Scheme kEcdsaSecp521r1Sha512 = {SchemeId{0x0603}, "ecdsa_secp521r1_sha512",
                                                &x509::kEcdsaSha512, true, GroupId::secp521r1};
constinit const Scheme kRsaPssRsaeSha256 =
    pss(0x0804, "rsa_pss_rsae_sha256", x509::kRsaPssSha256, x509::oids::kRsaEncryption);
constinit const Scheme kRsaPssRsaeSha384 =
    pss(0x0805, "rsa_pss_rsae_sha384", x509::kRsaPssSha384, x509::oids::kRsaEncryption);
constinit const Scheme kRsaPssRsaeSha512 =
    pss(0x0806, "rsa_pss_rsae_sha512", x509::kRsaPssSha512, x509::oids::kRsaEncryption);
constinit const Scheme kRsaPssPssSha256 =
    pss(0x0809, "rsa_pss_pss_sha256", x509::kRsaPssSha256, x509::oids::kRsaPss);
constinit const Scheme kRsaPssPssSha384 =
    pss(0x080a, "rsa_pss_pss_sha384", x509::kRsaPssSha384, x509::oids::kRsaPss);
constinit const Scheme kRsaPssPssSha512 =
    pss(0x080b, "rsa_pss_pss_sha512", x509::kRsaPssSha512, x509::oids::kRsaPss);
constinit const Scheme kRsaPkcs1Sha256 = {SchemeId{0x0401}, "rsa_pkcs1_sha256", &x509::kRsaPkcs1Sha256,
                                          false};
constinit const Scheme kRsaPkcs1Sha384 = {SchemeId{0x0501}, "rsa_pkcs1_sha384", &x509::kRsaPkcs1Sha384,
                                          false};
constinit const Scheme kRsaPkcs1Sha512 = {SchemeId{0x0601}, "rsa_pkcs1_sha512", &x509::kRsaPkcs1Sha512,
                                          false};
constinit const Scheme kEd25519 = {SchemeId{0x0807}, "ed25519", &x509::kEd25519Signature};
constinit const Scheme kEd448 = {SchemeId{0x0808}, "ed448", &x509::kEd448Signature};
constinit const Scheme kMlDsa44 = {SchemeId{0x0904}, "mldsa44", &x509::kMlDsa44Signature};
constinit const Scheme kMlDsa65 = {SchemeId{0x0905}, "mldsa65", &x509::kMlDsa65Signature};
constinit const Scheme kMlDsa87 = {SchemeId{0x0906}, "mldsa87", &x509::kMlDsa87Signature};

}  // namespace ashlar::tls
