// SPDX-License-Identifier: Apache-2.0
#include "key_kinds/ec.hpp"

namespace ashlar::x509 {

using asn1::DerReader;
using asn1::Tag;

namespace {

constexpr Tag kField0 = asn1::context_constructed(0);
constexpr Tag kField1 = asn1::context_constructed(1);

// A number, right-aligned in `out`.
Result<void> read_number(DerReader& reader, MutBytes out) {
  ASHLAR_TRY(const Bytes number, reader.unsigned_integer());
  if (number.size() > out.size()) {
    return ErrorCode::bad_signature;
  }
  std::memset(out.data(), 0, out.size());
  copy_bytes(out.subspan(out.size() - number.size()), number);
  return {};
}

Result<void> read(Bytes der, MutBytes out) {
  DerReader input(der);
  ASHLAR_TRY(DerReader numbers, input.sequence());
  ASHLAR_CHECK(input.expect_end());
  ASHLAR_CHECK(read_number(numbers, out.first(out.size() / 2)));
  ASHLAR_CHECK(read_number(numbers, out.subspan(out.size() / 2)));
  return numbers.expect_end();
}

// Whether the curve of an EC key, in [0], is this one.
Result<bool> read_curve(DerReader& fields, const asn1::Oid& curve) {
  ASHLAR_TRY(DerReader parameters, fields.nested(kField0));
  ASHLAR_TRY(const asn1::Element found, parameters.any());
  ASHLAR_CHECK(parameters.expect_end());
  if (found.tag == Tag::sequence) {
    return DerReader::fail_at(ErrorCode::explicit_curve_parameters, found.offset)
        .at(Place::ec_private_key_parameters);
  }
  return found.tag == Tag::oid && curve.is(found.content);
}

}  // namespace

Result<void> read_ecdsa_signature(Bytes der, MutBytes out) {
  if (!read(der, out)) {
    return Error{ErrorCode::bad_signature, Place::ecdsa_signature};
  }
  return {};
}

Result<Bytes> write_ecdsa_signature(Bytes r_and_s, MutBytes out) {
  asn1::DerWriter writer(out);
  {
    const auto numbers = writer.sequence();
    writer.unsigned_integer(r_and_s.first(r_and_s.size() / 2));
    writer.unsigned_integer(r_and_s.subspan(r_and_s.size() / 2));
  }
  return writer.finish();
}

Result<bool> is_bare_ec_key(DerReader fields, const asn1::Oid& curve) {
  const Error bad = fields.fail(ErrorCode::bad_ec_private_key);
  ASHLAR_CHECK(fields.small_integer());
  if (!fields.next_is(Tag::octet_string)) {
    return false;
  }
  ASHLAR_CHECK(fields.octet_string());
  if (!fields.next_is(kField0)) {
    return bad;
  }
  return read_curve(fields, curve);
}

Result<EcPrivateKeyFields> read_ec_private_key(DerReader fields, const asn1::Oid& curve,
                                               std::size_t scalar_size) {
  const Error bad = fields.fail(ErrorCode::bad_ec_private_key);
  ASHLAR_TRY(const std::uint32_t version, fields.small_integer());
  EcPrivateKeyFields found;
  ASHLAR_TRY(found.scalar, fields.octet_string());
  if (version != 1 || found.scalar.size() != scalar_size) {
    return bad;
  }
  if (fields.next_is(kField0)) {
    const std::uint32_t offset = fields.offset();
    ASHLAR_TRY(const bool same, read_curve(fields, curve));
    if (!same) {
      return DerReader::fail_at(ErrorCode::bad_ec_private_key, offset).at(Place::ec_private_key_parameters);
    }
  }
  if (fields.next_is(kField1)) {
    ASHLAR_TRY(DerReader field, fields.nested(kField1));
    ASHLAR_TRY(found.public_key, field.octet_aligned_bit_string());
    ASHLAR_CHECK(field.expect_end());
  }
  ASHLAR_CHECK(fields.expect_end());
  return found;
}

void write_ec_private_key(asn1::DerWriter& writer, Bytes scalar, Bytes point) {
  const auto fields = writer.sequence();
  writer.small_integer(1);
  writer.octet_string(scalar);
  const auto field = writer.scope(kField1);
  writer.bit_string(point);
}

}  // namespace ashlar::x509
