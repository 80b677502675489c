// SPDX-License-Identifier: Apache-2.0
// The signature algorithms of RSA: PKCS#1 v1.5 (RFC 4055 §5) and RSASSA-PSS (RFC 4055 §3).
#include <ashlar/crypto/rsa.hpp>
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/x509/oids.hpp>

#include "algorithms.hpp"

namespace ashlar::x509 {

using asn1::DerReader;
using asn1::DerWriter;
using asn1::Element;
using asn1::Tag;

namespace {

constexpr std::size_t kDefaultSaltSize = 20;
constexpr std::uint32_t kOnlyTrailer = 1;

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

// The hash's AlgorithmIdentifier: parameters are NULL or absent, which is the same (RFC 4055 §2.1).
Result<Bytes> read_hash_identifier(DerReader& reader) {
  ASHLAR_TRY(const AlgorithmIdentifier hash, read_algorithm_identifier(reader));
  if (hash.parameters && !is_null(*hash.parameters)) {
    return DerReader::fail_at(ErrorCode::bad_algorithm_parameters, hash.offset);
  }
  return hash.oid;
}

// RSASSA-PSS-params (RFC 4055 §3.1): the hash, MGF1 with the same hash, the size of the salt, and the
// trailer. The first two default to SHA-1, which is not supported, so they must be present. The salt's size
// defaults to 20 and the trailer to 1. A default that is written out means the same (the parser of
// certificates notes it: Deviation::explicit_default).
Result<bool> read_pss(const AlgorithmIdentifier& identifier, SignatureMethod& method) {
  if (!identifier.parameters || identifier.parameters->tag != Tag::sequence) {
    return DerReader::fail_at(ErrorCode::bad_algorithm_parameters, identifier.offset);
  }
  const Element& parameters = *identifier.parameters;
  const Error bad = DerReader::fail_at(ErrorCode::bad_algorithm_parameters, parameters.offset);
  DerReader content(parameters);
  if (!content.next_is(asn1::context_constructed(0))) {
    return false;
  }
  ASHLAR_TRY(DerReader hash_field, content.nested(asn1::context_constructed(0)));
  ASHLAR_TRY(const Bytes hash, read_hash_identifier(hash_field));
  ASHLAR_CHECK(hash_field.expect_end());

  ASHLAR_TRY(DerReader mask_field, content.nested(asn1::context_constructed(1)));
  ASHLAR_TRY(const AlgorithmIdentifier mask, read_algorithm_identifier(mask_field));
  ASHLAR_CHECK(mask_field.expect_end());
  if (!oids::kMgf1.is(mask.oid) || !mask.parameters) {
    return bad;
  }
  DerReader mask_hash_field(mask.parameters->whole, parameters.offset);
  ASHLAR_TRY(const Bytes mask_hash, read_hash_identifier(mask_hash_field));

  method.salt_size = kDefaultSaltSize;
  if (content.next_is(asn1::context_constructed(2))) {
    ASHLAR_TRY(DerReader salt_field, content.nested(asn1::context_constructed(2)));
    ASHLAR_TRY(method.salt_size, salt_field.small_integer());
    ASHLAR_CHECK(salt_field.expect_end());
  }
  if (content.next_is(asn1::context_constructed(3))) {
    ASHLAR_TRY(DerReader trailer_field, content.nested(asn1::context_constructed(3)));
    ASHLAR_TRY(const std::uint32_t trailer, trailer_field.small_integer());
    ASHLAR_CHECK(trailer_field.expect_end());
    if (trailer != kOnlyTrailer) {
      return bad;
    }
  }
  ASHLAR_CHECK(content.expect_end());

  const SignatureAlgorithm& row = *method.algorithm;
  if (!row.hash_oid.is(hash)) {
    return false;
  }
  if (!row.hash_oid.is(mask_hash) || method.salt_size > crypto::kRsaMaxSize) {
    return bad;
  }
  return true;
}

void write_pss(DerWriter& writer, const SignatureAlgorithm& row) {
  const auto parameters = writer.sequence();
  {
    const auto field = writer.scope(asn1::context_constructed(0));
    const auto hash = writer.sequence();
    writer.oid(row.hash_oid);
    writer.null();
  }
  {
    const auto field = writer.scope(asn1::context_constructed(1));
    const auto mask = writer.sequence();
    writer.oid(oids::kMgf1);
    const auto hash = writer.sequence();
    writer.oid(row.hash_oid);
    writer.null();
  }
  const auto field = writer.scope(asn1::context_constructed(2));
  writer.small_integer(static_cast<std::uint32_t>(row.hash->digest_size));
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
