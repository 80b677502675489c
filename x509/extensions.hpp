// SPDX-License-Identifier: Apache-2.0
// The parser of certificates: certificate.cpp reads the frame, extensions.cpp the extensions,
// policies.cpp those about policies.
#pragma once

#include <ashlar/asn1/der.hpp>
#include <ashlar/x509/certificate.hpp>

#include "noting.hpp"

namespace ashlar::x509 {

class CertificateParser {
 public:
  static Result<Certificate> parse(Bytes der);
  // Reads the list of extensions into the certificate.
  static Result<void> parse_extensions(asn1::DerReader list, Certificate& certificate);

  // The place of an extension that is known here; tbs_extensions for others.
  static Place place_of(Bytes oid);
  // Where the parsers of parts note deviations at this place.
  static Noting noting(Certificate& certificate, Place place) { return {certificate.deviations_, place}; }

 private:
  static Result<void> parse_tbs(asn1::DerReader tbs, Certificate& certificate, Bytes& inner_algorithm);
  static Result<void> parse_extension(asn1::DerReader extension, Certificate& certificate);
  static void check_together(Certificate& certificate, std::uint32_t offset);

  // One per extension known here.
  using Parse = Result<void> (*)(asn1::DerReader value, Certificate& certificate);
  enum class Criticality : std::uint8_t { either, never, always };
  struct Row;
  static const Row kRows[];

  static Result<void> subject_key_identifier(asn1::DerReader value, Certificate& certificate);
  static Result<void> authority_key_identifier(asn1::DerReader value, Certificate& certificate);
  static Result<void> key_usage(asn1::DerReader value, Certificate& certificate);
  static Result<void> subject_alt_name(asn1::DerReader value, Certificate& certificate);
  static Result<void> issuer_alt_name(asn1::DerReader value, Certificate& certificate);
  static Result<void> basic_constraints(asn1::DerReader value, Certificate& certificate);
  static Result<void> name_constraints(asn1::DerReader value, Certificate& certificate);
  static Result<void> certificate_policies(asn1::DerReader value, Certificate& certificate);
  static Result<void> extended_key_usage(asn1::DerReader value, Certificate& certificate);
  static Result<void> authority_info_access(asn1::DerReader value, Certificate& certificate);
  static Result<void> policy_qualifiers(asn1::DerReader qualifiers, const Noting& note);
  static Result<void> policy_mappings(asn1::DerReader value, Certificate& certificate);
  static Result<void> policy_constraints(asn1::DerReader value, Certificate& certificate);
  static Result<void> inhibit_any_policy(asn1::DerReader value, Certificate& certificate);
};

}  // namespace ashlar::x509
