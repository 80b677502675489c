// SPDX-License-Identifier: Apache-2.0
#include "algorithms.hpp"

#include <ashlar/crypto/sha2.hpp>
#include <ashlar/x509/oids.hpp>

namespace ashlar::x509 {

using asn1::DerReader;
using asn1::DerWriter;
using asn1::Element;
using asn1::Tag;

namespace {

using Row = SignatureAlgorithmRow;
using Parameters = Row::Parameters;

constexpr Row kRows[] = {
    {SignatureAlgorithm::rsa_pkcs1_sha256, oids::kSha256WithRsa, Parameters::null, true, crypto::kSha256,
     oids::kSha256, "sha256WithRSAEncryption"},
    {SignatureAlgorithm::rsa_pkcs1_sha384, oids::kSha384WithRsa, Parameters::null, true, crypto::kSha384,
     oids::kSha384, "sha384WithRSAEncryption"},
    {SignatureAlgorithm::rsa_pkcs1_sha512, oids::kSha512WithRsa, Parameters::null, true, crypto::kSha512,
     oids::kSha512, "sha512WithRSAEncryption"},
    {SignatureAlgorithm::rsa_pss_sha256, oids::kRsaPss, Parameters::pss, true, crypto::kSha256, oids::kSha256,
     "rsassaPss-SHA256"},
    {SignatureAlgorithm::rsa_pss_sha384, oids::kRsaPss, Parameters::pss, true, crypto::kSha384, oids::kSha384,
     "rsassaPss-SHA384"},
    {SignatureAlgorithm::rsa_pss_sha512, oids::kRsaPss, Parameters::pss, true, crypto::kSha512, oids::kSha512,
     "rsassaPss-SHA512"},
    {SignatureAlgorithm::ecdsa_sha256, oids::kEcdsaWithSha256, Parameters::absent, false, crypto::kSha256,
     oids::kSha256, "ecdsa-with-SHA256"},
    {SignatureAlgorithm::ecdsa_sha384, oids::kEcdsaWithSha384, Parameters::absent, false, crypto::kSha384,
     oids::kSha384, "ecdsa-with-SHA384"},
    {SignatureAlgorithm::ecdsa_sha512, oids::kEcdsaWithSha512, Parameters::absent, false, crypto::kSha512,
     oids::kSha512, "ecdsa-with-SHA512"},
};

bool is_null(const Element& element) {
  return element.tag == Tag::null && element.content.empty();
}

// The hash's AlgorithmIdentifier: parameters NULL or absent, both being legal and the same (RFC 4055 §2.1).
Result<Bytes> read_hash_identifier(DerReader& reader) {
  ASHLAR_TRY(const AlgorithmIdentifier hash, read_algorithm_identifier(reader));
  if (hash.parameters && !is_null(*hash.parameters)) {
    return DerReader::fail_at(ErrorCode::bad_algorithm_parameters, hash.offset);
  }
  return hash.oid;
}

// RSASSA-PSS-params (RFC 4055 §3.1): the hash, MGF1 with the same hash, a salt as long as the digest, and the
// one trailer. The defaults are SHA-1 and its size, so all of the first three stand there.
Result<std::optional<SignatureAlgorithm>> pss_algorithm(const Element& parameters) {
  const Error bad = DerReader::fail_at(ErrorCode::bad_algorithm_parameters, parameters.offset);
  DerReader content(parameters);
  if (!content.next_is(asn1::context_constructed(0))) {
    return std::optional<SignatureAlgorithm>();
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

  ASHLAR_TRY(DerReader salt_field, content.nested(asn1::context_constructed(2)));
  ASHLAR_TRY(const std::uint32_t salt_size, salt_field.small_integer());
  ASHLAR_CHECK(salt_field.expect_end());
  ASHLAR_CHECK(content.expect_end());

  for (const Row& row : kRows) {
    if (row.parameters == Parameters::pss && row.hash_oid.is(hash)) {
      if (!row.hash_oid.is(mask_hash) || salt_size != row.hash.digest_size) {
        return bad;
      }
      return std::optional<SignatureAlgorithm>(row.algorithm);
    }
  }
  return std::optional<SignatureAlgorithm>();
}

}  // namespace

Result<AlgorithmIdentifier> read_algorithm_identifier(DerReader& reader) {
  DerReader probe = reader;
  ASHLAR_TRY(const Element whole, probe.element(Tag::sequence));
  ASHLAR_TRY(DerReader content, reader.sequence());
  AlgorithmIdentifier identifier{{}, {}, whole.whole, whole.offset};
  ASHLAR_TRY(identifier.oid, content.oid());
  if (!content.empty()) {
    const std::uint32_t offset = content.offset();
    ASHLAR_TRY(const Element parameters, content.any());
    ASHLAR_CHECK(content.expect_end());
    ASHLAR_CHECK(asn1::check_tree(parameters.whole, offset));
    identifier.parameters = parameters;
  }
  return identifier;
}

const Row& row_of(SignatureAlgorithm algorithm) {
  return kRows[static_cast<std::size_t>(algorithm)];
}

Result<std::optional<SignatureAlgorithm>> signature_algorithm_of(const AlgorithmIdentifier& identifier) {
  for (const Row& row : kRows) {
    if (!row.oid.is(identifier.oid)) {
      continue;
    }
    bool good = false;
    switch (row.parameters) {
      case Parameters::null:
        good = identifier.parameters && is_null(*identifier.parameters);
        break;
      case Parameters::absent:
        good = !identifier.parameters;
        break;
      case Parameters::pss:
        if (identifier.parameters && identifier.parameters->tag == Tag::sequence) {
          return pss_algorithm(*identifier.parameters);
        }
        break;
    }
    if (!good) {
      return DerReader::fail_at(ErrorCode::bad_algorithm_parameters, identifier.offset);
    }
    return std::optional<SignatureAlgorithm>(row.algorithm);
  }
  return std::optional<SignatureAlgorithm>();
}

void write_signature_algorithm(DerWriter& writer, SignatureAlgorithm algorithm) {
  const Row& row = row_of(algorithm);
  const auto identifier = writer.sequence();
  writer.oid(row.oid);
  switch (row.parameters) {
    case Parameters::null:
      writer.null();
      break;
    case Parameters::absent:
      break;
    case Parameters::pss: {
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
      writer.small_integer(static_cast<std::uint32_t>(row.hash.digest_size));
      break;
    }
  }
}

std::string_view name(SignatureAlgorithm algorithm) {
  return row_of(algorithm).name;
}

const crypto::HashAlgorithm& hash_of(SignatureAlgorithm algorithm) {
  return row_of(algorithm).hash;
}

bool fits(SignatureAlgorithm algorithm, KeyType type) {
  return row_of(algorithm).rsa == (type == KeyType::rsa);
}

}  // namespace ashlar::x509
