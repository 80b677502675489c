// SPDX-License-Identifier: Apache-2.0
#include "extensions.hpp"

#include <ashlar/x509/oids.hpp>

#include "general_names.hpp"
#include "name_constraints.hpp"
#include "names.hpp"

namespace ashlar::x509 {

using asn1::DerReader;
using asn1::Tag;

// The registry of extensions. `processed`: whether a critical one is satisfied by what the parser and the
// verifier do with it. Policies are: with every policy acceptable and none required, certificatePolicies
// never makes a path invalid; what could require one (policyConstraints, inhibitAnyPolicy) or change one
// (policyMappings) is not processed, and refused where it is critical, as the first two must be.
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
    {oids::kNameConstraints, Place::extension_name_constraints, Criticality::either, true, name_constraints},
    {oids::kCertificatePolicies, Place::extension_certificate_policies, Criticality::either, true,
     certificate_policies},
    {oids::kPolicyMappings, Place::extension_policy_mappings, Criticality::either, false, any_der},
    {oids::kPolicyConstraints, Place::extension_policy_constraints, Criticality::always, false, any_der},
    {oids::kExtendedKeyUsage, Place::extension_extended_key_usage, Criticality::either, true,
     extended_key_usage},
    {oids::kInhibitAnyPolicy, Place::extension_inhibit_any_policy, Criticality::always, false, any_der},
    {oids::kAuthorityInfoAccess, Place::extension_authority_info_access, Criticality::never, true,
     authority_info_access},
};

// SubjectKeyIdentifier ::= OCTET STRING
Result<void> CertificateParser::subject_key_identifier(DerReader value, Certificate& c) {
  ASHLAR_TRY(c.subject_key_identifier_, value.octet_string());
  return value.expect_end();
}

// AuthorityKeyIdentifier: [0] keyIdentifier, [1] authorityCertIssuer, [2] authorityCertSerialNumber; the last
// two together or not at all.
Result<void> CertificateParser::authority_key_identifier(DerReader value, Certificate& c) {
  const std::uint32_t offset = value.offset();
  ASHLAR_TRY(DerReader fields, value.sequence());
  ASHLAR_CHECK(value.expect_end());
  ASHLAR_TRY(const auto key_identifier, fields.optional(asn1::context(0)));
  if (key_identifier) {
    c.authority_key_identifier_ = key_identifier->content;
  }
  const bool has_issuer = fields.next_is(asn1::context_constructed(1));
  if (has_issuer) {
    ASHLAR_TRY(DerReader names, fields.nested(asn1::context_constructed(1)));
    ASHLAR_CHECK(check_general_names(names));
  }
  ASHLAR_TRY(const auto serial, fields.optional(asn1::context(2)));
  if (serial) {
    ASHLAR_CHECK(asn1::check_primitive({Tag::integer, serial->content, serial->whole, serial->offset}));
  }
  if (has_issuer != serial.has_value()) {
    return DerReader::fail_at(ErrorCode::bad_authority_key_identifier, offset);
  }
  return fields.expect_end();
}

// KeyUsage ::= BIT STRING of named bits, at least one of them set.
Result<void> CertificateParser::key_usage(DerReader value, Certificate& c) {
  const std::uint32_t offset = value.offset();
  ASHLAR_TRY(const asn1::BitString bits, value.bit_string());
  ASHLAR_CHECK(value.expect_end());
  const std::size_t count = 8 * bits.bytes.size() - bits.unused_bits;
  if (count == 0) {
    return DerReader::fail_at(ErrorCode::empty_key_usage, offset);
  }
  if (((bits.bytes.back() >> bits.unused_bits) & 1) == 0) {
    note(c, DerReader::fail_at(ErrorCode::der_named_bits_not_minimal, offset).at(Place::extension_key_usage));
  }
  for (std::size_t i = 0; i < count && i < 16; i++) {
    if (((bits.bytes[i / 8] >> (7 - i % 8)) & 1) != 0) {
      c.key_usage_ = static_cast<std::uint16_t>(c.key_usage_ | (1u << i));
    }
  }
  c.has_key_usage_ = true;
  return {};
}

Result<void> CertificateParser::subject_alt_name(DerReader value, Certificate& c) {
  ASHLAR_TRY(DerReader names, value.sequence());
  ASHLAR_CHECK(value.expect_end());
  c.subject_alt_name_ = names.peek();
  c.has_subject_alt_name_ = true;
  return check_general_names(names);
}

Result<void> CertificateParser::issuer_alt_name(DerReader value, Certificate&) {
  ASHLAR_TRY(DerReader names, value.sequence());
  ASHLAR_CHECK(value.expect_end());
  return check_general_names(names);
}

// BasicConstraints ::= SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER (0..MAX) OPTIONAL }
Result<void> CertificateParser::basic_constraints(DerReader value, Certificate& c) {
  ASHLAR_TRY(DerReader fields, value.sequence());
  ASHLAR_CHECK(value.expect_end());
  c.basic_constraints_.present = true;
  ASHLAR_TRY(c.basic_constraints_.is_ca, fields.boolean_default_false());
  if (fields.next_is(Tag::integer)) {
    ASHLAR_TRY(const std::uint32_t path_length, fields.small_integer());
    c.basic_constraints_.path_length = path_length;
  }
  return fields.expect_end();
}

Result<void> CertificateParser::name_constraints(DerReader value, Certificate& c) {
  c.name_constraints_ = value.peek();
  return check_name_constraints(value);
}

// CertificatePolicies ::= SEQUENCE SIZE (1..MAX) OF PolicyInformation { policyIdentifier, qualifiers OPTIONAL
// }
Result<void> CertificateParser::certificate_policies(DerReader value, Certificate&) {
  ASHLAR_CHECK(asn1::check_tree(value.peek(), value.offset()));
  ASHLAR_TRY(DerReader policies, value.sequence());
  ASHLAR_CHECK(value.expect_end());
  if (policies.empty()) {
    return policies.fail(ErrorCode::der_empty);
  }
  while (!policies.empty()) {
    ASHLAR_TRY(DerReader policy, policies.sequence());
    ASHLAR_CHECK(policy.oid());
    ASHLAR_CHECK(policy.optional(Tag::sequence));
    ASHLAR_CHECK(policy.expect_end());
  }
  return {};
}

// ExtKeyUsageSyntax ::= SEQUENCE SIZE (1..MAX) OF KeyPurposeId
Result<void> CertificateParser::extended_key_usage(DerReader value, Certificate& c) {
  ASHLAR_TRY(DerReader purposes, value.sequence());
  ASHLAR_CHECK(value.expect_end());
  if (purposes.empty()) {
    return purposes.fail(ErrorCode::der_empty);
  }
  c.extended_key_usage_ = purposes.peek();
  while (!purposes.empty()) {
    ASHLAR_CHECK(purposes.oid());
  }
  return {};
}

// AuthorityInfoAccessSyntax ::= SEQUENCE SIZE (1..MAX) OF { accessMethod OID, accessLocation GeneralName }
Result<void> CertificateParser::authority_info_access(DerReader value, Certificate&) {
  ASHLAR_TRY(DerReader descriptions, value.sequence());
  ASHLAR_CHECK(value.expect_end());
  if (descriptions.empty()) {
    return descriptions.fail(ErrorCode::der_empty);
  }
  while (!descriptions.empty()) {
    ASHLAR_TRY(DerReader description, descriptions.sequence());
    ASHLAR_CHECK(description.oid());
    ASHLAR_CHECK(read_general_name(description));
    ASHLAR_CHECK(description.expect_end());
  }
  return {};
}

Result<void> CertificateParser::any_der(DerReader value, Certificate&) {
  return asn1::check_tree(value.peek(), value.offset());
}

// Extension ::= SEQUENCE { extnID OID, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }
Result<void> CertificateParser::parse_extension(DerReader fields, Certificate& c) {
  const std::uint32_t offset = fields.offset();
  ASHLAR_TRY(const Bytes oid, fields.oid());
  ASHLAR_TRY(const bool critical, fields.boolean_default_false());
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
    if ((row.criticality == Criticality::never && critical) ||
        (row.criticality == Criticality::always && !critical)) {
      return DerReader::fail_at(ErrorCode::wrong_criticality, offset).at(row.place);
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
    return list.fail(ErrorCode::der_empty);
  }
  while (!list.empty()) {
    ASHLAR_TRY(DerReader extension, list.sequence());
    ASHLAR_CHECK(parse_extension(extension, c));
  }
  // Without a subject the alternative names are the identity, and must be critical (RFC 5280 §4.1.2.6).
  if (is_empty_name(c.subject_) && c.has_subject_alt_name_) {
    for (const Extension& extension : c.extensions_.span()) {
      if (oids::kSubjectAltName.is(extension.oid) && !extension.critical) {
        return DerReader::fail_at(ErrorCode::wrong_criticality, offset).at(Place::extension_subject_alt_name);
      }
    }
  }
  return {};
}

}  // namespace ashlar::x509
