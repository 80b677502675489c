// SPDX-License-Identifier: Apache-2.0
#include "key_kinds/pss.hpp"

#include <ashlar/x509/oids.hpp>

namespace ashlar::x509 {

using asn1::DerReader;
using asn1::DerWriter;
using asn1::Element;
using asn1::Tag;

namespace {

constexpr std::size_t kDefaultSaltSize = 20;
constexpr std::uint32_t kOnlyTrailer = 1;

// The hash's AlgorithmIdentifier: parameters are NULL or absent, which is the same (RFC 4055 §2.1).
Result<Bytes> read_hash(DerReader& reader) {
  ASHLAR_TRY(const AlgorithmIdentifier hash, read_algorithm_identifier(reader));
  if (hash.parameters && (hash.parameters->tag != Tag::null || !hash.parameters->content.empty())) {
    return DerReader::fail_at(ErrorCode::bad_algorithm_parameters, hash.offset);
  }
  return hash.oid;
}

Result<Bytes> read_mask_hash(DerReader field, std::uint32_t offset) {
  ASHLAR_TRY(const AlgorithmIdentifier mask, read_algorithm_identifier(field));
  ASHLAR_CHECK(field.expect_end());
  if (!oids::kMgf1.is(mask.oid) || !mask.parameters) {
    return DerReader::fail_at(ErrorCode::bad_algorithm_parameters, offset);
  }
  DerReader hash(mask.parameters->whole, offset);
  return read_hash(hash);
}

// The content of an EXPLICIT [number] INTEGER, or its default.
Result<std::uint32_t> read_number(DerReader& fields, unsigned number, std::uint32_t absent) {
  if (!fields.next_is(asn1::context_constructed(number))) {
    return absent;
  }
  ASHLAR_TRY(DerReader field, fields.nested(asn1::context_constructed(number)));
  ASHLAR_TRY(const std::uint32_t value, field.small_integer());
  ASHLAR_CHECK(field.expect_end());
  return value;
}

void write_hash(DerWriter& writer, const SignatureAlgorithm& row) {
  const auto hash = writer.sequence();
  writer.oid(row.hash_oid);
  writer.null();
}

}  // namespace

Result<PssParameters> read_pss_parameters(const AlgorithmIdentifier& identifier) {
  if (!identifier.parameters || identifier.parameters->tag != Tag::sequence) {
    return DerReader::fail_at(ErrorCode::bad_algorithm_parameters, identifier.offset);
  }
  const Element& whole = *identifier.parameters;
  DerReader fields(whole);
  PssParameters read{};
  if (fields.next_is(asn1::context_constructed(0))) {
    ASHLAR_TRY(DerReader field, fields.nested(asn1::context_constructed(0)));
    ASHLAR_TRY(read.hash, read_hash(field));
    ASHLAR_CHECK(field.expect_end());
  }
  if (fields.next_is(asn1::context_constructed(1))) {
    ASHLAR_TRY(const DerReader field, fields.nested(asn1::context_constructed(1)));
    ASHLAR_TRY(read.mask_hash, read_mask_hash(field, whole.offset));
  }
  ASHLAR_TRY(read.salt_size, read_number(fields, 2, kDefaultSaltSize));
  ASHLAR_TRY(const std::uint32_t trailer, read_number(fields, 3, kOnlyTrailer));
  ASHLAR_CHECK(fields.expect_end());
  if (trailer != kOnlyTrailer) {
    return DerReader::fail_at(ErrorCode::bad_algorithm_parameters, whole.offset);
  }
  return read;
}

void write_pss_parameters(DerWriter& writer, const SignatureAlgorithm& row, std::size_t salt_size) {
  const auto parameters = writer.sequence();
  {
    const auto field = writer.scope(asn1::context_constructed(0));
    write_hash(writer, row);
  }
  {
    const auto field = writer.scope(asn1::context_constructed(1));
    const auto mask = writer.sequence();
    writer.oid(oids::kMgf1);
    write_hash(writer, row);
  }
  if (salt_size != kDefaultSaltSize) {  // DER leaves a default out
    const auto field = writer.scope(asn1::context_constructed(2));
    writer.small_integer(static_cast<std::uint32_t>(salt_size));
  }
}

}  // namespace ashlar::x509
