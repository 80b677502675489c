// SPDX-License-Identifier: Apache-2.0
// Reads OCSP responses (RFC 6960 §4.2.1).
#include "ocsp/response.hpp"

#include <ashlar/x509/oids.hpp>

#include "names.hpp"

namespace ashlar::x509 {

using asn1::DerReader;
using asn1::Element;
using asn1::Tag;

namespace {

constexpr asn1::Oid kBasic = asn1::oid("1.3.6.1.5.5.7.48.1.1");
constexpr std::uint32_t kSuccessful = 0;
constexpr std::size_t kSha1Size = 20;

Result<asn1::Time> read_time(DerReader& reader) {
  ASHLAR_TRY(const Element element, reader.element(Tag::generalized_time));
  const auto time = asn1::Time::parse_generalized_time(element.content);
  if (!time) {
    return DerReader::fail_at(time.error().code, element.offset);
  }
  return *time;
}

// The numbers that are enumerated here fit one byte, as INTEGERs that are not negative.
Result<std::uint8_t> read_enumerated(DerReader& reader) {
  ASHLAR_TRY(const Element element, reader.element(Tag::enumerated));
  if (element.content.size() != 1 || element.content[0] > 0x7f) {
    return DerReader::fail_at(ErrorCode::der_integer_too_large, element.offset);
  }
  return element.content[0];
}

// No extension is understood, and none is needed. One that is critical must be.
Result<void> check_extensions(DerReader& fields, unsigned number) {
  if (!fields.next_is(asn1::context_constructed(number))) {
    return {};
  }
  ASHLAR_TRY(DerReader field, fields.nested(asn1::context_constructed(number)));
  ASHLAR_TRY(DerReader list, field.sequence());
  ASHLAR_CHECK(field.expect_end());
  if (list.empty()) {
    return list.fail(ErrorCode::der_empty);
  }
  while (!list.empty()) {
    ASHLAR_TRY(DerReader extension, list.sequence());
    ASHLAR_CHECK(extension.oid());
    const Error unknown = extension.fail(ErrorCode::unsupported_ocsp_response);
    ASHLAR_TRY(const bool critical, extension.boolean_default_false());
    ASHLAR_CHECK(extension.octet_string());
    ASHLAR_CHECK(extension.expect_end());
    if (critical) {
      return unknown;
    }
  }
  return {};
}

Result<CertId> read_cert_id(DerReader& fields) {
  ASHLAR_TRY(DerReader id, fields.sequence());
  CertId read;
  ASHLAR_TRY(const AlgorithmIdentifier hash, read_algorithm_identifier(id));
  // NULL or absent, which is the same (RFC 5754 §2).
  if (hash.parameters && hash.parameters->tag != Tag::null) {
    return DerReader::fail_at(ErrorCode::bad_algorithm_parameters, hash.offset);
  }
  read.hash = hash.oid;
  ASHLAR_TRY(read.issuer_name_hash, id.octet_string());
  ASHLAR_TRY(read.issuer_key_hash, id.octet_string());
  ASHLAR_TRY(read.serial, id.integer());
  ASHLAR_CHECK(id.expect_end());
  return read;
}

// CertStatus: a CHOICE of good [0] NULL, revoked [1] RevokedInfo, unknown [2] NULL, all IMPLICIT.
Result<void> read_status(DerReader& fields, OcspEntry& entry) {
  if (fields.next_is(asn1::context_constructed(1))) {
    entry.status = OcspStatus::revoked;
    ASHLAR_TRY(DerReader info, fields.nested(asn1::context_constructed(1)));
    ASHLAR_TRY(entry.revoked_at, read_time(info));
    if (info.next_is(asn1::context_constructed(0))) {
      ASHLAR_TRY(DerReader reason, info.nested(asn1::context_constructed(0)));
      ASHLAR_TRY(entry.reason, read_enumerated(reason));
      ASHLAR_CHECK(reason.expect_end());
    }
    return info.expect_end();
  }
  const bool good = fields.next_is(asn1::context(0));
  entry.status = good ? OcspStatus::good : OcspStatus::unknown;
  ASHLAR_TRY(const Element nothing, fields.element(asn1::context(good ? 0 : 2)));
  return nothing.content.empty() ? Result<void>()
                                 : DerReader::fail_at(ErrorCode::der_bad_null, nothing.offset);
}

// ResponderID: byName [1] Name or byKey [2] KeyHash, both EXPLICIT.
Result<void> read_responder(DerReader& data, BasicResponse& out) {
  if (data.next_is(asn1::context_constructed(1))) {
    ASHLAR_TRY(DerReader field, data.nested(asn1::context_constructed(1)));
    const std::uint32_t offset = field.offset();
    ASHLAR_TRY(out.responder_name, read_name(field));
    if (is_empty_name(out.responder_name)) {
      return DerReader::fail_at(ErrorCode::der_empty, offset);
    }
    return field.expect_end();
  }
  ASHLAR_TRY(DerReader field, data.nested(asn1::context_constructed(2)));
  const std::uint32_t offset = field.offset();
  ASHLAR_TRY(out.responder_key_hash, field.octet_string());
  if (out.responder_key_hash.size() != kSha1Size) {
    return DerReader::fail_at(ErrorCode::unsupported_ocsp_response, offset);
  }
  return field.expect_end();
}

Result<void> read_data(DerReader data, BasicResponse& out) {
  // Version 1 is the default, which DER leaves out; there is no other.
  if (data.next_is(asn1::context_constructed(0))) {
    return data.fail(ErrorCode::unsupported_ocsp_response);
  }
  ASHLAR_CHECK(at(Place::ocsp_responder_id, read_responder(data, out)));
  ASHLAR_TRY(out.produced_at, at(Place::ocsp_produced_at, read_time(data)));
  ASHLAR_TRY(out.entries, at(Place::ocsp_single_response, data.sequence()));
  ASHLAR_CHECK(at(Place::ocsp_response_extensions, check_extensions(data, 1)));
  ASHLAR_CHECK(data.expect_end());
  DerReader entries = out.entries;
  while (!entries.empty()) {
    ASHLAR_CHECK(read_single_response(entries));
  }
  return {};
}

Result<BasicResponse> read_basic(Bytes der, std::uint32_t offset) {
  BasicResponse out;
  DerReader whole(der, offset);
  ASHLAR_TRY(DerReader basic, whole.sequence());
  ASHLAR_CHECK(whole.expect_end());
  DerReader probe = basic;
  ASHLAR_TRY(const Element data, at(Place::ocsp_response_data, probe.element(Tag::sequence)));
  out.signed_part = data.whole;
  ASHLAR_TRY(DerReader fields, at(Place::ocsp_response_data, basic.sequence()));
  ASHLAR_CHECK(at(Place::ocsp_response_data, read_data(fields, out)));
  out.signature_algorithm_offset = basic.offset();
  ASHLAR_TRY(const AlgorithmIdentifier algorithm,
             at(Place::ocsp_signature_algorithm, read_algorithm_identifier(basic)));
  out.signature_algorithm = algorithm.whole;
  ASHLAR_TRY(out.signature, basic.octet_aligned_bit_string());
  if (basic.next_is(asn1::context_constructed(0))) {
    ASHLAR_TRY(DerReader field, at(Place::ocsp_certificates, basic.nested(asn1::context_constructed(0))));
    ASHLAR_TRY(out.certificates, at(Place::ocsp_certificates, field.sequence()));
    ASHLAR_CHECK(at(Place::ocsp_certificates, field.expect_end()));
  }
  ASHLAR_CHECK(basic.expect_end());
  return out;
}

}  // namespace

Result<SingleResponse> read_single_response(DerReader& entries) {
  const auto read = [&entries]() -> Result<SingleResponse> {
    ASHLAR_TRY(DerReader fields, entries.sequence());
    SingleResponse out;
    ASHLAR_TRY(out.id, read_cert_id(fields));
    ASHLAR_CHECK(read_status(fields, out.entry));
    ASHLAR_TRY(out.entry.this_update, read_time(fields));
    if (fields.next_is(asn1::context_constructed(0))) {
      ASHLAR_TRY(DerReader field, fields.nested(asn1::context_constructed(0)));
      const std::uint32_t offset = field.offset();
      ASHLAR_TRY(out.entry.next_update, read_time(field));
      ASHLAR_CHECK(field.expect_end());
      if (*out.entry.next_update < out.entry.this_update) {
        return DerReader::fail_at(ErrorCode::bad_ocsp_times, offset);
      }
    }
    ASHLAR_CHECK(check_extensions(fields, 1));
    ASHLAR_CHECK(fields.expect_end());
    return out;
  };
  return at(Place::ocsp_single_response, read());
}

Result<BasicResponse> read_basic_response(Bytes der) {
  DerReader input(der);
  ASHLAR_TRY(DerReader response, at(Place::ocsp_response, input.sequence()));
  ASHLAR_CHECK(at(Place::ocsp_response, input.expect_end()));
  ASHLAR_TRY(const std::uint8_t status, at(Place::ocsp_response, read_enumerated(response)));
  if (status != kSuccessful) {
    return Error{ErrorCode::ocsp_not_successful, Place::ocsp_response, status};
  }
  ASHLAR_TRY(DerReader field, at(Place::ocsp_response, response.nested(asn1::context_constructed(0))));
  ASHLAR_CHECK(at(Place::ocsp_response, response.expect_end()));
  ASHLAR_TRY(DerReader content, at(Place::ocsp_response, field.sequence()));
  ASHLAR_CHECK(at(Place::ocsp_response, field.expect_end()));
  const Error unsupported = content.fail(ErrorCode::unsupported_ocsp_response).at(Place::ocsp_response);
  ASHLAR_TRY(const Bytes type, at(Place::ocsp_response, content.oid()));
  if (!kBasic.is(type)) {
    return unsupported;
  }
  ASHLAR_TRY(const Element basic, at(Place::ocsp_response, content.element(Tag::octet_string)));
  ASHLAR_CHECK(at(Place::ocsp_response, content.expect_end()));
  return at(Place::ocsp_basic_response, read_basic(basic.content, basic.offset));
}

}  // namespace ashlar::x509
