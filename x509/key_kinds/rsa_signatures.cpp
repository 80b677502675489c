// SPDX-License-Identifier: Apache-2.0
// The signature algorithms of RSA: PKCS#1 v1.5 (RFC 4055 §5) and RSASSA-PSS (RFC 4055 §3).
#include <ashlar/crypto/rsa.hpp>
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/x509/oids.hpp>

#include "algorithms.hpp"
#include "key_kinds/pss.hpp"

namespace ashlar::x509 {

using asn1::DerReader;
using asn1::DerWriter;
using asn1::Element;
using asn1::Tag;

namespace {

bool is_null(const Element& element) {
  return element.tag == Tag::null && element.content.empty();
}

// RFC 4055 §5: NULL is written; absent parameters MUST be accepted and mean the same.
Result<bool> read_pkcs1(const AlgorithmIdentifier& identifier, SignatureMethod&) {
  if (identifier.parameters && !is_null(*identifier.parameters)) {
    return DerReader::fail_at(ErrorCode::bad_algorithm_parameters, identifier.offset);
  }
  return true;
}

void write_pkcs1(DerWriter& writer, const SignatureAlgorithm&) {
  writer.null();
}

// How a row reads the parameters of its signature. The hash and that of the mask default to SHA-1, which is
// not supported, so they must be present.
Result<bool> read_pss(const AlgorithmIdentifier& identifier, SignatureMethod& method) {
  ASHLAR_TRY(const PssParameters read, read_pss_parameters(identifier));
  method.salt_size = read.salt_size;
  const SignatureAlgorithm& row = *method.algorithm;
  if (!row.hash_oid.is(read.hash)) {
    return false;
  }
  if (!row.hash_oid.is(read.mask_hash) || method.salt_size > crypto::kRsaMaxSize) {
    return DerReader::fail_at(ErrorCode::bad_algorithm_parameters, identifier.parameters->offset);
  }
  return true;
}

void write_pss(DerWriter& writer, const SignatureAlgorithm& row) {
  write_pss_parameters(writer, row, row.hash->digest_size);
}

constexpr SignatureAlgorithm pkcs1(std::string_view name, const asn1::Oid& oid,
                                   const crypto::HashAlgorithm& hash, const asn1::Oid& hash_oid) {
  return {name, oid, oids::kRsaEncryption, &hash, hash_oid, read_pkcs1, write_pkcs1};
}
constexpr SignatureAlgorithm pss(std::string_view name, const crypto::HashAlgorithm& hash,
                                 const asn1::Oid& hash_oid) {
  return {name, oids::kRsaPss, oids::kRsaEncryption, &hash, hash_oid, read_pss, write_pss};
}

}  // namespace

constinit const SignatureAlgorithm kRsaPkcs1Sha256 =
    pkcs1("sha256WithRSAEncryption", oids::kSha256WithRsa, crypto::kSha256, oids::kSha256);
constinit const SignatureAlgorithm kRsaPkcs1Sha384 =
    pkcs1("sha384WithRSAEncryption", oids::kSha384WithRsa, crypto::kSha384, oids::kSha384);
constinit const SignatureAlgorithm kRsaPkcs1Sha512 =
    pkcs1("sha512WithRSAEncryption", oids::kSha512WithRsa, crypto::kSha512, oids::kSha512);
constinit const SignatureAlgorithm kRsaPssSha256 = pss("rsassaPss-SHA256", crypto::kSha256, oids::kSha256);
constinit const SignatureAlgorithm kRsaPssSha384 = pss("rsassaPss-SHA384", crypto::kSha384, oids::kSha384);
constinit const SignatureAlgorithm kRsaPssSha512 = pss("rsassaPss-SHA512", crypto::kSha512, oids::kSha512);

}  // namespace ashlar::x509
