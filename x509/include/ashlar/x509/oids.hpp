// SPDX-License-Identifier: Apache-2.0
// The OBJECT IDENTIFIERs of certificates and keys, with their usual names. They live as long as the
// program.
#pragma once

#include <ashlar/asn1/oid.hpp>

namespace ashlar::x509 {

struct OidRow {  // an OID and its name
  asn1::Oid oid;
  std::string_view name;
};

namespace oids {
using asn1::oid;

// Keys.
inline constexpr asn1::Oid kRsaEncryption = oid("1.2.840.113549.1.1.1");
inline constexpr asn1::Oid kEcPublicKey = oid("1.2.840.10045.2.1");
inline constexpr asn1::Oid kP256 = oid("1.2.840.10045.3.1.7");
inline constexpr asn1::Oid kP384 = oid("1.3.132.0.34");
inline constexpr asn1::Oid kP521 = oid("1.3.132.0.35");
inline constexpr asn1::Oid kEd25519 = oid("1.3.101.112");  // signatures too
inline constexpr asn1::Oid kEd448 = oid("1.3.101.113");    // signatures too
// Keys and signatures (RFC 9881).
inline constexpr asn1::Oid kMlDsa44 = oid("2.16.840.1.101.3.4.3.17");
inline constexpr asn1::Oid kMlDsa65 = oid("2.16.840.1.101.3.4.3.18");
inline constexpr asn1::Oid kMlDsa87 = oid("2.16.840.1.101.3.4.3.19");
// Signatures and their parts.
inline constexpr asn1::Oid kSha256WithRsa = oid("1.2.840.113549.1.1.11");
inline constexpr asn1::Oid kSha384WithRsa = oid("1.2.840.113549.1.1.12");
inline constexpr asn1::Oid kSha512WithRsa = oid("1.2.840.113549.1.1.13");
inline constexpr asn1::Oid kRsaPss = oid("1.2.840.113549.1.1.10");
inline constexpr asn1::Oid kMgf1 = oid("1.2.840.113549.1.1.8");
inline constexpr asn1::Oid kEcdsaWithSha256 = oid("1.2.840.10045.4.3.2");
inline constexpr asn1::Oid kEcdsaWithSha384 = oid("1.2.840.10045.4.3.3");
inline constexpr asn1::Oid kEcdsaWithSha512 = oid("1.2.840.10045.4.3.4");
inline constexpr asn1::Oid kSha256 = oid("2.16.840.1.101.3.4.2.1");
inline constexpr asn1::Oid kSha384 = oid("2.16.840.1.101.3.4.2.2");
inline constexpr asn1::Oid kSha512 = oid("2.16.840.1.101.3.4.2.3");
// Keys under a passphrase (RFC 8018 §C, RFC 7914 §7).
inline constexpr asn1::Oid kPbes2 = oid("1.2.840.113549.1.5.13");
inline constexpr asn1::Oid kPbkdf2 = oid("1.2.840.113549.1.5.12");
inline constexpr asn1::Oid kScrypt = oid("1.3.6.1.4.1.11591.4.11");
inline constexpr asn1::Oid kHmacWithSha1 = oid("1.2.840.113549.2.7");
inline constexpr asn1::Oid kHmacWithSha256 = oid("1.2.840.113549.2.9");
inline constexpr asn1::Oid kHmacWithSha384 = oid("1.2.840.113549.2.10");
inline constexpr asn1::Oid kHmacWithSha512 = oid("1.2.840.113549.2.11");
inline constexpr asn1::Oid kAes128Cbc = oid("2.16.840.1.101.3.4.1.2");
inline constexpr asn1::Oid kAes192Cbc = oid("2.16.840.1.101.3.4.1.22");
inline constexpr asn1::Oid kAes256Cbc = oid("2.16.840.1.101.3.4.1.42");
// Extensions (RFC 5280 §4.2).
inline constexpr asn1::Oid kSubjectKeyIdentifier = oid("2.5.29.14");
inline constexpr asn1::Oid kKeyUsage = oid("2.5.29.15");
inline constexpr asn1::Oid kSubjectAltName = oid("2.5.29.17");
inline constexpr asn1::Oid kIssuerAltName = oid("2.5.29.18");
inline constexpr asn1::Oid kBasicConstraints = oid("2.5.29.19");
inline constexpr asn1::Oid kNameConstraints = oid("2.5.29.30");
inline constexpr asn1::Oid kCertificatePolicies = oid("2.5.29.32");
inline constexpr asn1::Oid kAnyPolicy = oid("2.5.29.32.0");
inline constexpr asn1::Oid kPolicyMappings = oid("2.5.29.33");
inline constexpr asn1::Oid kAuthorityKeyIdentifier = oid("2.5.29.35");
inline constexpr asn1::Oid kPolicyConstraints = oid("2.5.29.36");
inline constexpr asn1::Oid kExtendedKeyUsage = oid("2.5.29.37");
inline constexpr asn1::Oid kInhibitAnyPolicy = oid("2.5.29.54");
inline constexpr asn1::Oid kAuthorityInfoAccess = oid("1.3.6.1.5.5.7.1.1");
// Qualifiers of policies.
inline constexpr asn1::Oid kCpsPointer = oid("1.3.6.1.5.5.7.2.1");
inline constexpr asn1::Oid kUserNotice = oid("1.3.6.1.5.5.7.2.2");
// Purposes of extendedKeyUsage.
inline constexpr asn1::Oid kAnyExtendedKeyUsage = oid("2.5.29.37.0");
inline constexpr asn1::Oid kServerAuth = oid("1.3.6.1.5.5.7.3.1");
inline constexpr asn1::Oid kClientAuth = oid("1.3.6.1.5.5.7.3.2");
inline constexpr asn1::Oid kOcspSigning = oid("1.3.6.1.5.5.7.3.9");
// Attributes of names.
inline constexpr asn1::Oid kCommonName = oid("2.5.4.3");
inline constexpr asn1::Oid kOrganizationName = oid("2.5.4.10");
inline constexpr asn1::Oid kEmailAddress = oid("1.2.840.113549.1.9.1");
}  // namespace oids

// Names of OIDs in certificates, also of those that the code does not use.
inline constexpr OidRow kOidTable[] = {
    {oids::kRsaEncryption, "rsaEncryption"},
    {oids::kEcPublicKey, "id-ecPublicKey"},
    {oids::kP256, "P-256"},
    {oids::kP384, "P-384"},
    {oids::kP521, "P-521"},
    {asn1::oid("1.3.132.0.10"), "secp256k1"},
    {asn1::oid("1.3.36.3.3.2.8.1.1.7"), "brainpoolP256r1"},
    {asn1::oid("1.3.36.3.3.2.8.1.1.11"), "brainpoolP384r1"},
    {asn1::oid("1.3.101.110"), "X25519"},
    {asn1::oid("1.3.101.111"), "X448"},
    {oids::kEd25519, "Ed25519"},
    {oids::kEd448, "Ed448"},
    {oids::kMlDsa44, "ML-DSA-44"},
    {oids::kMlDsa65, "ML-DSA-65"},
    {oids::kMlDsa87, "ML-DSA-87"},
    {asn1::oid("1.2.840.10040.4.1"), "DSA"},
    {asn1::oid("1.2.840.113549.1.1.4"), "md5WithRSAEncryption"},
    {asn1::oid("1.2.840.113549.1.1.5"), "sha1WithRSAEncryption"},
    {oids::kSha256WithRsa, "sha256WithRSAEncryption"},
    {oids::kSha384WithRsa, "sha384WithRSAEncryption"},
    {oids::kSha512WithRsa, "sha512WithRSAEncryption"},
    {oids::kRsaPss, "rsassaPss"},
    {asn1::oid("1.2.840.10045.4.1"), "ecdsa-with-SHA1"},
    {oids::kEcdsaWithSha256, "ecdsa-with-SHA256"},
    {oids::kEcdsaWithSha384, "ecdsa-with-SHA384"},
    {oids::kEcdsaWithSha512, "ecdsa-with-SHA512"},
    {asn1::oid("2.5.29.9"), "subjectDirectoryAttributes"},
    {oids::kSubjectKeyIdentifier, "subjectKeyIdentifier"},
    {oids::kKeyUsage, "keyUsage"},
    {asn1::oid("2.5.29.16"), "privateKeyUsagePeriod"},
    {oids::kSubjectAltName, "subjectAltName"},
    {oids::kIssuerAltName, "issuerAltName"},
    {oids::kBasicConstraints, "basicConstraints"},
    {oids::kNameConstraints, "nameConstraints"},
    {asn1::oid("2.5.29.31"), "cRLDistributionPoints"},
    {oids::kCertificatePolicies, "certificatePolicies"},
    {oids::kPolicyMappings, "policyMappings"},
    {oids::kAuthorityKeyIdentifier, "authorityKeyIdentifier"},
    {oids::kPolicyConstraints, "policyConstraints"},
    {oids::kExtendedKeyUsage, "extendedKeyUsage"},
    {asn1::oid("2.5.29.46"), "freshestCRL"},
    {oids::kInhibitAnyPolicy, "inhibitAnyPolicy"},
    {oids::kAuthorityInfoAccess, "authorityInfoAccess"},
    {asn1::oid("1.3.6.1.5.5.7.1.3"), "qcStatements"},
    {asn1::oid("1.3.6.1.5.5.7.1.11"), "subjectInfoAccess"},
    {asn1::oid("1.3.6.1.5.5.7.1.24"), "tlsFeature"},
    {asn1::oid("1.3.6.1.4.1.11129.2.4.2"), "signedCertificateTimestamps"},
    {asn1::oid("1.3.6.1.4.1.11129.2.4.3"), "ctPoison"},
    {asn1::oid("2.16.840.1.113730.1.1"), "netscapeCertType"},
    {asn1::oid("2.16.840.1.113730.1.13"), "netscapeComment"},
    {oids::kAnyExtendedKeyUsage, "anyExtendedKeyUsage"},
    {oids::kServerAuth, "serverAuth"},
    {oids::kClientAuth, "clientAuth"},
    {asn1::oid("1.3.6.1.5.5.7.3.3"), "codeSigning"},
    {asn1::oid("1.3.6.1.5.5.7.3.4"), "emailProtection"},
    {asn1::oid("1.3.6.1.5.5.7.3.8"), "timeStamping"},
    {oids::kOcspSigning, "OCSPSigning"},
    {oids::kCommonName, "CN"},
    {asn1::oid("2.5.4.4"), "SN"},
    {asn1::oid("2.5.4.5"), "serialNumber"},
    {asn1::oid("2.5.4.6"), "C"},
    {asn1::oid("2.5.4.7"), "L"},
    {asn1::oid("2.5.4.8"), "ST"},
    {asn1::oid("2.5.4.9"), "street"},
    {oids::kOrganizationName, "O"},
    {asn1::oid("2.5.4.11"), "OU"},
    {asn1::oid("2.5.4.12"), "title"},
    {asn1::oid("2.5.4.13"), "description"},
    {asn1::oid("2.5.4.15"), "businessCategory"},
    {asn1::oid("2.5.4.17"), "postalCode"},
    {asn1::oid("2.5.4.42"), "GN"},
    {asn1::oid("2.5.4.46"), "dnQualifier"},
    {asn1::oid("2.5.4.65"), "pseudonym"},
    {asn1::oid("2.5.4.97"), "organizationIdentifier"},
    {oids::kEmailAddress, "emailAddress"},
    {asn1::oid("0.9.2342.19200300.100.1.1"), "UID"},
    {asn1::oid("0.9.2342.19200300.100.1.25"), "DC"},
    {asn1::oid("1.3.6.1.4.1.311.60.2.1.1"), "jurisdictionL"},
    {asn1::oid("1.3.6.1.4.1.311.60.2.1.2"), "jurisdictionST"},
    {asn1::oid("1.3.6.1.4.1.311.60.2.1.3"), "jurisdictionC"},
};

// The name of an OID given by its content bytes; empty if the table does not have it.
std::string_view oid_name(Bytes content);

}  // namespace ashlar::x509
