// SPDX-License-Identifier: Apache-2.0
#include "extensions.hpp"

#include <ashlar/x509/oids.hpp>

#include "general_names.hpp"
#include "name_constraints.hpp"
#include "names.hpp"

namespace ashlar::x509 {

using asn1::DerReader;
using asn1::Tag;

// The registry of extensions. `processed`: whether parser and verifier do all that a critical one demands.
struct CertificateParser::Row {
  asn1::Oid oid;
  Place place;
  Criticality criticality;
  bool processed;
  Parse parse;
};

const CertificateParser::Row CertificateParser::kRows[] = {
    {oids::kSubjectKeyIdentifier, Place::extension_subject_key_identifier, Criticality::never, true,
     subject_key_identifier},
    {oids::kAuthorityKeyIdentifier, Place::extension_authority_key_identifier, Criticality::never, true,
     authority_key_identifier},
    {oids::kKeyUsage, Place::extension_key_usage, Criticality::either, true, key_usage},
    {oids::kSubjectAltName, Place::extension_subject_alt_name, Criticality::either, true, subject_alt_name},
    {oids::kIssuerAltName, Place::extension_issuer_alt_name, Criticality::either, false, issuer_alt_name},
    {oids::kBasicConstraints, Place::extension_basic_constraints, Criticality::either, true,
     basic_constraints},
    {oids::kNameConstraints, Place::extension_name_constraints, Criticality::always, true, name_constraints},
    {oids::kCertificatePolicies, Place::extension_certificate_policies, Criticality::either, true,
     certificate_policies},
    {oids::kPolicyMappings, Place::extension_policy_mappings, Criticality::either, true, policy_mappings},
    {oids::kPolicyConstraints, Place::extension_policy_constraints, Criticality::always, true,
     policy_constraints},
    {oids::kExtendedKeyUsage, Place::extension_extended_key_usage, Criticality::either, true,
     extended_key_usage},
    {oids::kInhibitAnyPolicy, Place::extension_inhibit_any_policy, Criticality::always, true,
     inhibit_any_policy},
    {oids::kAuthorityInfoAccess, Place::extension_authority_info_access, Criticality::never, true,
     authority_info_access},
};

Place CertificateParser::place_of(Bytes oid) {
  for (const Row& row : kRows) {
    if (row.oid.is(oid)) {
      return row.place;
    }
  }
  return Place::tbs_extensions;
}

// SubjectKeyIdentifier ::= OCTET STRING
Result<void> CertificateParser::subject_key_identifier(DerReader value, Certificate& c) {
  ASHLAR_TRY(c.subject_key_identifier_, value.octet_string());
  return value.expect_end();
}

// AuthorityKeyIdentifier: [0] keyIdentifier, [1] authorityCertIssuer, [2] authorityCertSerialNumber; the last
// two come together or not at all.
Result<void> CertificateParser::authority_key_identifier(DerReader value, Certificate& c) {
  const std::uint32_t offset = value.offset();
  ASHLAR_TRY(DerReader fields, value.sequence());
  ASHLAR_CHECK(value.expect_end());
  ASHLAR_TRY(const auto key_identifier, fields.optional(asn1::context(0)));
  if (key_identifier) {
    c.authority_key_identifier_ = key_identifier->content;
  }
  const Noting note = noting(c, Place::extension_authority_key_identifier);
  const bool has_issuer = fields.next_is(asn1::context_constructed(1));
  if (has_issuer) {
    ASHLAR_TRY(DerReader names, fields.nested(asn1::context_constructed(1)));
    ASHLAR_CHECK(check_general_names(names, note));
  }
  ASHLAR_TRY(const auto serial, fields.optional(asn1::context(2)));
  if (serial) {
    ASHLAR_CHECK(asn1::check_primitive({Tag::integer, serial->content, serial->whole, serial->offset}));
  }
  if (has_issuer != serial.has_value()) {
    note(Deviation::incomplete_authority_key_identifier, offset);
  }
  return fields.expect_end();
}

// KeyUsage ::= BIT STRING of named bits, at least one of them set.
Result<void> CertificateParser::key_usage(DerReader value, Certificate& c) {
  const std::uint32_t offset = value.offset();
  ASHLAR_TRY(const asn1::BitString bits, value.bit_string());
  ASHLAR_CHECK(value.expect_end());
  const Noting note = noting(c, Place::extension_key_usage);
  const std::size_t count = 8 * bits.bytes.size() - bits.unused_bits;
  if (count != 0 && ((bits.bytes.back() >> bits.unused_bits) & 1) == 0) {
    note(Deviation::padded_key_usage, offset);
  }
  for (std::size_t i = 0; i < count && i < 16; i++) {
    if (((bits.bytes[i / 8] >> (7 - i % 8)) & 1) != 0) {
      c.key_usage_ = static_cast<std::uint16_t>(c.key_usage_ | (1u << i));
    }
  }
  c.has_key_usage_ = true;
  if (c.key_usage_ == 0) {
    note(Deviation::empty_key_usage, offset);
  }
  return {};
}

Result<void> CertificateParser::subject_alt_name(DerReader value, Certificate& c) {
  ASHLAR_TRY(DerReader names, value.sequence());
  ASHLAR_CHECK(value.expect_end());
  c.subject_alt_name_ = names.peek();
  c.has_subject_alt_name_ = true;
  return check_general_names(names, noting(c, Place::extension_subject_alt_name));
}

Result<void> CertificateParser::issuer_alt_name(DerReader value, Certificate& c) {
  ASHLAR_TRY(DerReader names, value.sequence());
  ASHLAR_CHECK(value.expect_end());
  return check_general_names(names, noting(c, Place::extension_issuer_alt_name));
}

// BasicConstraints ::= SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER (0..MAX) OPTIONAL }
Result<void> CertificateParser::basic_constraints(DerReader value, Certificate& c) {
  ASHLAR_TRY(DerReader fields, value.sequence());
  ASHLAR_CHECK(value.expect_end());
  c.basic_constraints_.present = true;
  bool written = false;
  const std::uint32_t offset = fields.offset();
  ASHLAR_TRY(c.basic_constraints_.is_ca, fields.boolean_default_false(&written));
  if (written) {
    noting(c, Place::extension_basic_constraints)(Deviation::explicit_default, offset);
  }
  if (fields.next_is(Tag::integer)) {
    ASHLAR_TRY(const std::uint32_t path_length, fields.small_integer());
    c.basic_constraints_.path_length = path_length;
  }
  return fields.expect_end();
}

Result<void> CertificateParser::name_constraints(DerReader value, Certificate& c) {
  c.name_constraints_ = value.peek();
  return check_name_constraints(value, noting(c, Place::extension_name_constraints));
}

// ExtKeyUsageSyntax ::= SEQUENCE SIZE (1..MAX) OF KeyPurposeId
Result<void> CertificateParser::extended_key_usage(DerReader value, Certificate& c) {
  ASHLAR_TRY(DerReader purposes, value.sequence());
  ASHLAR_CHECK(value.expect_end());
  if (purposes.empty()) {
    noting(c, Place::extension_extended_key_usage)(Deviation::empty_extended_key_usage, purposes.offset());
  }
  c.has_extended_key_usage_ = true;
  c.extended_key_usage_ = purposes.peek();
  while (!purposes.empty()) {
    ASHLAR_CHECK(purposes.oid());
  }
  return {};
}

// AuthorityInfoAccessSyntax ::= SEQUENCE SIZE (1..MAX) OF { accessMethod OID, accessLocation GeneralName }
Result<void> CertificateParser::authority_info_access(DerReader value, Certificate& c) {
  const Noting note = noting(c, Place::extension_authority_info_access);
  ASHLAR_TRY(DerReader descriptions, value.sequence());
  ASHLAR_CHECK(value.expect_end());
  if (descriptions.empty()) {
    note(Deviation::empty_list, descriptions.offset());
  }
  while (!descriptions.empty()) {
    ASHLAR_TRY(DerReader description, descriptions.sequence());
    ASHLAR_CHECK(description.oid());
    ASHLAR_CHECK(read_general_name(description, note));
    ASHLAR_CHECK(description.expect_end());
  }
  return {};
}

// Extension ::= SEQUENCE { extnID OID, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }
Result<void> CertificateParser::parse_extension(DerReader fields, Certificate& c) {
  const std::uint32_t offset = fields.offset();
  ASHLAR_TRY(const Bytes oid, fields.oid());
  bool written = false;
  ASHLAR_TRY(const bool critical, fields.boolean_default_false(&written));
  if (written) {
    noting(c, Place::tbs_extensions)(Deviation::explicit_default, offset);
  }
  ASHLAR_TRY(const asn1::Element value, fields.element(Tag::octet_string));
  ASHLAR_CHECK(fields.expect_end());
  for (const Extension& other : c.extensions_.span()) {
    if (equal_public(other.oid, oid)) {
      return DerReader::fail_at(ErrorCode::duplicate_certificate_extension, offset);
    }
  }
  if (!c.extensions_.push({oid, critical, value.content})) {
    return DerReader::fail_at(ErrorCode::too_many_certificate_extensions, offset);
  }
  for (const Row& row : kRows) {
    if (!row.oid.is(oid)) {
      continue;
    }
    if (row.criticality == Criticality::never && critical) {
      noting(c, row.place)(Deviation::critical_by_mistake, offset);
    }
    if (row.criticality == Criticality::always && !critical) {
      noting(c, row.place)(Deviation::not_critical, offset);
    }
    ASHLAR_CHECK(at(row.place, row.parse(DerReader(value), c)));
    if (row.processed) {
      return {};
    }
  }
  if (critical && c.unknown_critical_.empty()) {
    c.unknown_critical_ = oid;
  }
  return {};
}

Result<void> CertificateParser::parse_extensions(DerReader list, Certificate& c) {
  const std::uint32_t offset = list.offset();
  if (list.empty()) {
    noting(c, Place::tbs_extensions)(Deviation::empty_list, offset);
  }
  while (!list.empty()) {
    ASHLAR_TRY(DerReader extension, list.sequence());
    ASHLAR_CHECK(parse_extension(extension, c));
  }
  check_together(c, offset);
  return {};
}

// Rules between extensions, and between extensions and the subject.
void CertificateParser::check_together(Certificate& c, std::uint32_t offset) {
  const BasicConstraints& basic = c.basic_constraints_;
  const bool signs = c.has_key_usage_ && c.allows(KeyUsage::key_cert_sign);
  if (!basic.is_ca && (signs || !c.name_constraints_.empty())) {
    noting(c, signs ? Place::extension_key_usage : Place::extension_name_constraints)(
        Deviation::ca_rights_without_ca, offset);
  }
  if (basic.path_length && (!basic.is_ca || !c.allows(KeyUsage::key_cert_sign))) {
    noting(c, Place::extension_basic_constraints)(Deviation::path_length_without_ca, offset);
  }
  if (basic.is_ca && is_empty_name(c.subject_)) {
    noting(c, Place::tbs_subject)(Deviation::empty_ca_subject, offset);
  }
  for (const Extension& extension : c.extensions_.span()) {
    if (extension.critical) {
      continue;
    }
    // RFC 5280 §4.2.1.9: in a CA's certificate.
    if (basic.is_ca && oids::kBasicConstraints.is(extension.oid)) {
      noting(c, Place::extension_basic_constraints)(Deviation::not_critical, offset);
    }
    // Without a subject the alternative names are the identity (RFC 5280 §4.1.2.6).
    if (is_empty_name(c.subject_) && oids::kSubjectAltName.is(extension.oid)) {
      noting(c, Place::extension_subject_alt_name)(Deviation::alt_name_not_critical, offset);
    }
  }
}

}  // namespace ashlar::x509
