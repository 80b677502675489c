// SPDX-License-Identifier: Apache-2.0
#include "path/checks.hpp"

#include "extensions.hpp"
#include "name_constraints.hpp"
#include "path/report.hpp"

namespace ashlar::x509 {

Result<void> check_validity(const Certificate& certificate, asn1::Time now, std::size_t index) {
  if (now < certificate.validity().not_before) {
    return error_of(ErrorCode::certificate_not_yet_valid, index);
  }
  if (now > certificate.validity().not_after) {
    return error_of(ErrorCode::certificate_expired, index);
  }
  return {};
}

bool refuses(Accepted accepted, bool strict) {
  return accepted == Accepted::never || (strict && accepted != Accepted::always);
}

Result<void> check_deviations(const Certificate& certificate, Role role, bool strict, std::size_t index) {
  for (const FoundDeviation& found : certificate.deviations().span()) {
    const Consequence& row = consequence_of(found.rule);
    const Accepted accepted = role == Role::leaf ? row.leaf : role == Role::issuer ? row.issuer : row.anchor;
    if (refuses(accepted, strict)) {
      return error_of(found, index);
    }
  }
  return {};
}

Result<void> check_critical_extensions(const Certificate& certificate, std::size_t index) {
  if (!certificate.unknown_critical_extension().empty()) {
    return error_of(ErrorCode::unknown_critical_extension, index)
        .at(CertificateParser::place_of(certificate.unknown_critical_extension()));
  }
  return {};
}

Result<void> check_is_ca(const Certificate& issuer, std::size_t index) {
  if (issuer.version() != 3 || !issuer.basic_constraints().is_ca) {
    return error_of(ErrorCode::not_a_ca, index);
  }
  return {};
}

Result<void> check_signs_certificates(const Certificate& issuer, std::size_t index) {
  if (!issuer.allows(KeyUsage::key_cert_sign)) {
    return error_of(ErrorCode::wrong_key_usage, index);
  }
  return {};
}

Result<void> check_issues_for(const Certificate& issuer, const Purpose& purpose, std::size_t index) {
  if (!issuer.allows_purpose(purpose.extended_key_usage, true)) {
    return error_of(ErrorCode::wrong_extended_key_usage, index);
  }
  return {};
}

Result<void> check_path_length(std::optional<std::uint32_t> limit, std::size_t below, std::size_t index) {
  if (limit && below > *limit) {
    return error_of(ErrorCode::path_too_long, index);
  }
  return {};
}

Result<void> check_key_usage(const Certificate& leaf, const Purpose& purpose) {
  bool allowed = purpose.key_usages == 0;
  for (unsigned bit = 1; bit <= purpose.key_usages && !allowed; bit <<= 1) {
    allowed = (purpose.key_usages & bit) != 0 && leaf.allows(static_cast<KeyUsage>(bit));
  }
  if (allowed) {
    return {};
  }
  return error_of(ErrorCode::wrong_key_usage, 0);
}

Result<void> check_purpose(const Certificate& leaf, const Purpose& purpose) {
  if (!leaf.allows_purpose(purpose.extended_key_usage, false)) {
    return error_of(ErrorCode::wrong_extended_key_usage, 0);
  }
  return {};
}

Result<void> check_signature(const Candidate& certificate, Bytes issuer_spki, const KeySet& keys,
                             std::size_t index) {
  if (!certificate.method) {
    return error_of(ErrorCode::unsupported_signature_algorithm, index);
  }
  ASHLAR_TRY(const PublicKey key, PublicKey::parse_spki(issuer_spki, keys.kinds));
  ASHLAR_CHECK(keys.check_size(key));
  if (!key.allows(*certificate.method)) {
    return error_of(ErrorCode::issuer_key_mismatch, index);
  }
  const Bytes message[] = {certificate.tbs};
  if (!key.verify(*certificate.method, message, certificate.signature)) {
    return error_of(ErrorCode::bad_certificate_signature, index);
  }
  return {};
}

Result<void> check_names(Bytes name_constraints, const Candidate& certificate, std::uint32_t& budget,
                         std::size_t index) {
  const auto applied =
      apply_name_constraints(name_constraints, certificate.subject, certificate.alt_names, budget);
  if (!applied) {
    return error_of(applied.error().code, index);
  }
  return {};
}

Result<void> check_anchor_validity(const TrustAnchor& anchor, asn1::Time now, std::size_t index) {
  const auto& validity = anchor.validity();
  if (validity && (now < validity->not_before || now > validity->not_after)) {
    return error_of(ErrorCode::anchor_expired, index);
  }
  return {};
}

namespace {

Result<void> check_any(const Certificate& certificate, const VerifyRequest& request, Role role,
                       std::size_t index) {
  ASHLAR_CHECK(check_validity(certificate, request.now, index));
  ASHLAR_CHECK(check_deviations(certificate, role, request.strict, index));
  return check_critical_extensions(certificate, index);
}

}  // namespace

Result<void> check_issuer(const Certificate& issuer, const VerifyRequest& request, std::size_t index) {
  ASHLAR_CHECK(check_any(issuer, request, Role::issuer, index));
  ASHLAR_CHECK(check_is_ca(issuer, index));
  ASHLAR_CHECK(check_signs_certificates(issuer, index));
  return check_issues_for(issuer, request.purpose, index);
}

Result<void> check_leaf(const Certificate& leaf, const VerifyRequest& request, Role role) {
  ASHLAR_CHECK(check_any(leaf, request, role, 0));
  ASHLAR_CHECK(check_key_usage(leaf, request.purpose));
  return check_purpose(leaf, request.purpose);
}

}  // namespace ashlar::x509
