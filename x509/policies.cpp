// SPDX-License-Identifier: Apache-2.0
// The extensions about policies, as path/policies.cpp needs them.
#include <ashlar/asn1/string.hpp>
#include <ashlar/x509/oids.hpp>

#include "extensions.hpp"

namespace ashlar::x509 {

using asn1::DerReader;
using asn1::Tag;

namespace {

constexpr std::size_t kMaxPolicyComparisons = 4096;

}  // namespace

// policyQualifiers: a pointer to a CPS and a notice are known. Nothing more is done with them. Other
// qualifiers are unknown.
Result<void> CertificateParser::policy_qualifiers(DerReader qualifiers, const Noting& note) {
  if (qualifiers.empty()) {
    note(Deviation::empty_list, qualifiers.offset());
  }
  while (!qualifiers.empty()) {
    ASHLAR_TRY(DerReader qualifier, qualifiers.sequence());
    const std::uint32_t offset = qualifier.offset();
    ASHLAR_TRY(const Bytes oid, qualifier.oid());
    ASHLAR_CHECK(qualifier.any());
    ASHLAR_CHECK(qualifier.expect_end());
    if (!oids::kCpsPointer.is(oid) && !oids::kUserNotice.is(oid)) {
      note(Deviation::unknown_policy_qualifier, offset);
    }
  }
  return {};
}

// CertificatePolicies ::= SEQUENCE SIZE (1..MAX) OF PolicyInformation { policyIdentifier, qualifiers OPTIONAL
// }
Result<void> CertificateParser::certificate_policies(DerReader value, Certificate& c) {
  const Noting note = noting(c, Place::extension_certificate_policies);
  c.policy_rules_.has_policies = true;
  // Nobody reads the notices, so any characters are accepted.
  asn1::StringFault worst = asn1::StringFault::none;
  ASHLAR_CHECK(asn1::check_tree(value.peek(), value.offset(), &worst));
  if (worst != asn1::StringFault::none) {
    note(Deviation::foreign_character, value.offset());
  }
  ASHLAR_TRY(DerReader policies, value.sequence());
  ASHLAR_CHECK(value.expect_end());
  if (policies.empty()) {
    note(Deviation::empty_list, policies.offset());
  }
  c.policy_rules_.policies = policies.peek();
  const DerReader all = policies;
  std::size_t compared = 0;
  while (!policies.empty()) {
    const std::uint32_t offset = policies.offset();
    ASHLAR_TRY(DerReader policy, policies.sequence());
    ASHLAR_TRY(const Bytes oid, policy.oid());
    if (policy.next_is(Tag::sequence)) {
      ASHLAR_TRY(DerReader qualifiers, policy.sequence());
      // If the extension is not critical, a qualifier may be anything.
      ASHLAR_CHECK(
          policy_qualifiers(qualifiers, c.extensions_[c.extensions_.size() - 1].critical ? note : Noting()));
    }
    ASHLAR_CHECK(policy.expect_end());
    // Bounded, so that a list made for it does not take quadratic time (A05).
    for (DerReader earlier = all; earlier.offset() < offset && compared < kMaxPolicyComparisons; compared++) {
      ASHLAR_TRY(DerReader other, earlier.sequence());
      ASHLAR_TRY(const Bytes other_oid, other.oid());
      if (equal_public(oid, other_oid)) {
        note(Deviation::duplicate_policy, offset);
      }
    }
  }
  return {};
}

// PolicyMappings ::= SEQUENCE SIZE (1..MAX) OF SEQUENCE { issuerDomainPolicy, subjectDomainPolicy }
Result<void> CertificateParser::policy_mappings(DerReader value, Certificate& c) {
  ASHLAR_TRY(DerReader mappings, value.sequence());
  ASHLAR_CHECK(value.expect_end());
  if (mappings.empty()) {
    noting(c, Place::extension_policy_mappings)(Deviation::empty_list, mappings.offset());
  }
  c.policy_rules_.mappings = mappings.peek();
  while (!mappings.empty()) {
    ASHLAR_TRY(DerReader mapping, mappings.sequence());
    ASHLAR_CHECK(mapping.oid());
    ASHLAR_CHECK(mapping.oid());
    ASHLAR_CHECK(mapping.expect_end());
  }
  return {};
}

// PolicyConstraints ::= SEQUENCE { requireExplicitPolicy [0] SkipCerts OPTIONAL,
//                                  inhibitPolicyMapping [1] SkipCerts OPTIONAL }, at least one of them.
Result<void> CertificateParser::policy_constraints(DerReader value, Certificate& c) {
  ASHLAR_TRY(DerReader fields, value.sequence());
  ASHLAR_CHECK(value.expect_end());
  if (fields.empty()) {
    noting(c, Place::extension_policy_constraints)(Deviation::empty_list, fields.offset());
  }
  if (fields.next_is(asn1::context(0))) {
    ASHLAR_TRY(c.policy_rules_.require_explicit, fields.small_integer(asn1::context(0)));
  }
  if (fields.next_is(asn1::context(1))) {
    ASHLAR_TRY(c.policy_rules_.inhibit_mapping, fields.small_integer(asn1::context(1)));
  }
  return fields.expect_end();
}

// InhibitAnyPolicy ::= SkipCerts
Result<void> CertificateParser::inhibit_any_policy(DerReader value, Certificate& c) {
  ASHLAR_TRY(c.policy_rules_.inhibit_any, value.small_integer());
  return value.expect_end();
}

}  // namespace ashlar::x509
