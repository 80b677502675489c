// SPDX-License-Identifier: Apache-2.0
// Deviations: a certificate breaks a rule but can be read in one way only. Each row names a rule and says
// where a certificate that breaks it is accepted. docs/x509-strictness.md shows the same table. What is
// ambiguous or unsafe is not here: it is an error of Certificate::parse.
#pragma once

#include <ashlar/base/bytes.hpp>
#include <ashlar/base/error.hpp>

namespace ashlar::x509 {

// In the order of kDeviationTable.
enum class Deviation : std::uint8_t {
  explicit_default,
  unsorted_set,
  foreign_character,
  unclear_character,
  empty_list,
  wrong_time_type,
  time_before_1950,
  bad_serial_number,
  empty_issuer,
  empty_ca_subject,
  unique_identifier,
  null_parameters,
  critical_by_mistake,
  not_critical,
  alt_name_not_critical,
  incomplete_authority_key_identifier,
  padded_key_usage,
  empty_key_usage,
  empty_extended_key_usage,
  ca_rights_without_ca,
  path_length_without_ca,
  underscore_in_host_name,
  not_a_host_name,
  odd_name,
  leading_dot_in_constraint,
  duplicate_policy,
  unknown_policy_qualifier,
};

// Whether the verifier accepts a certificate that deviates.
enum class Accepted : std::uint8_t { always, unless_strict, never };

// A rule: its name, and what is said and done if a certificate breaks it.
struct DeviationRow {
  Deviation rule;
  std::string_view name;
  ErrorCode error;  // the verifier's error if it refuses
  Accepted leaf, issuer, anchor;
  std::string_view clause;
  std::string_view text;
};

// All rules, in the order of Deviation.
inline constexpr DeviationRow kDeviationTable[] = {
    {Deviation::explicit_default, "explicit-default", ErrorCode::der_default_encoded, Accepted::always,
     Accepted::always, Accepted::always, "X.690 §11.5", "a value equal to its DEFAULT is written out"},
    {Deviation::unsorted_set, "unsorted-set", ErrorCode::der_set_not_sorted, Accepted::unless_strict,
     Accepted::unless_strict, Accepted::always, "X.690 §11.6",
     "the attributes of an RDN are not in ascending order"},
    {Deviation::foreign_character, "foreign-character", ErrorCode::der_bad_string, Accepted::always,
     Accepted::always, Accepted::always, "X.690 §8.23",
     "a string holds a printable character that its type does not have"},
    {Deviation::unclear_character, "unclear-character", ErrorCode::der_bad_string, Accepted::never,
     Accepted::never, Accepted::always, "X.690 §8.23",
     "a string of a name holds bytes that readers take for different characters"},
    {Deviation::empty_list, "empty-list", ErrorCode::der_empty, Accepted::unless_strict,
     Accepted::unless_strict, Accepted::always, "RFC 5280 §4.2",
     "a list holds nothing where at least one element is required"},
    {Deviation::wrong_time_type, "wrong-time-type", ErrorCode::der_wrong_time_type, Accepted::never,
     Accepted::never, Accepted::always, "RFC 5280 §4.1.2.5", "a year up to 2049 stands in a GeneralizedTime"},
    {Deviation::time_before_1950, "time-before-1950", ErrorCode::der_time_before_1950, Accepted::never,
     Accepted::never, Accepted::always, "RFC 5280 §4.1.2.5", "a time lies before 1950"},
    {Deviation::bad_serial_number, "bad-serial-number", ErrorCode::bad_serial_number, Accepted::never,
     Accepted::never, Accepted::always, "RFC 5280 §4.1.2.2",
     "the serial number is zero, negative or longer than 20 bytes"},
    {Deviation::empty_issuer, "empty-issuer", ErrorCode::empty_issuer, Accepted::never, Accepted::never,
     Accepted::never, "RFC 5280 §4.1.2.4", "the issuer's name is empty"},
    {Deviation::empty_ca_subject, "empty-ca-subject", ErrorCode::empty_subject, Accepted::never,
     Accepted::never, Accepted::never, "RFC 5280 §4.1.2.6", "the subject of a CA is empty"},
    {Deviation::unique_identifier, "unique-identifier", ErrorCode::unique_identifier, Accepted::unless_strict,
     Accepted::unless_strict, Accepted::always, "RFC 5280 §4.1.2.8",
     "the certificate has a unique identifier"},
    {Deviation::null_parameters, "null-parameters", ErrorCode::bad_algorithm_parameters,
     Accepted::unless_strict, Accepted::unless_strict, Accepted::always, "RFC 5758 §3.2",
     "ECDSA's signature algorithm has NULL parameters, where it has none"},
    {Deviation::critical_by_mistake, "critical-by-mistake", ErrorCode::wrong_criticality, Accepted::never,
     Accepted::never, Accepted::always, "RFC 5280 §4.2.1.1, §4.2.1.2, §4.2.2.1",
     "an extension is critical that must not be"},
    {Deviation::not_critical, "not-critical", ErrorCode::wrong_criticality, Accepted::unless_strict,
     Accepted::unless_strict, Accepted::always, "RFC 5280 §4.2.1.9, §4.2.1.10, §4.2.1.11, §4.2.1.14",
     "an extension is not critical that must be"},
    {Deviation::alt_name_not_critical, "alt-name-not-critical", ErrorCode::wrong_criticality, Accepted::never,
     Accepted::never, Accepted::always, "RFC 5280 §4.1.2.6",
     "the subject is empty, and subjectAltName is not critical"},
    {Deviation::incomplete_authority_key_identifier, "incomplete-authority-key-identifier",
     ErrorCode::bad_authority_key_identifier, Accepted::unless_strict, Accepted::unless_strict,
     Accepted::always, "RFC 5280 §4.2.1.1",
     "authorityCertIssuer or authorityCertSerialNumber stands there without the other"},
    {Deviation::padded_key_usage, "padded-key-usage", ErrorCode::der_named_bits_not_minimal, Accepted::always,
     Accepted::always, Accepted::always, "X.690 §11.2.2", "keyUsage ends in bits that are zero"},
    {Deviation::empty_key_usage, "empty-key-usage", ErrorCode::empty_key_usage, Accepted::never,
     Accepted::never, Accepted::always, "RFC 5280 §4.2.1.3", "keyUsage allows nothing at all"},
    {Deviation::empty_extended_key_usage, "empty-extended-key-usage", ErrorCode::der_empty, Accepted::never,
     Accepted::never, Accepted::always, "RFC 5280 §4.2.1.12", "extendedKeyUsage names no purpose"},
    {Deviation::ca_rights_without_ca, "ca-rights-without-ca", ErrorCode::ca_rights_without_ca,
     Accepted::never, Accepted::never, Accepted::always, "RFC 5280 §4.2.1.9, §4.2.1.10",
     "keyUsage allows signing certificates, or nameConstraints stand there, without a CA"},
    {Deviation::path_length_without_ca, "path-length-without-ca", ErrorCode::path_length_without_ca,
     Accepted::always, Accepted::always, Accepted::always, "RFC 5280 §4.2.1.9",
     "pathLenConstraint stands in a certificate that is no CA or may not sign certificates"},
    {Deviation::underscore_in_host_name, "underscore-in-host-name", ErrorCode::not_a_host_name,
     Accepted::unless_strict, Accepted::always, Accepted::always, "RFC 1123 §2.1",
     "a dNSName has an underscore"},
    {Deviation::not_a_host_name, "not-a-host-name", ErrorCode::not_a_host_name, Accepted::unless_strict,
     Accepted::always, Accepted::always, "RFC 5280 §4.2.1.6",
     "a dNSName is no host name and matches nothing (UTF-8, an address, *.lan, …)"},
    {Deviation::odd_name, "odd-name", ErrorCode::bad_general_name, Accepted::unless_strict, Accepted::always,
     Accepted::always, "RFC 5280 §4.2.1.6", "a mailbox or URI is empty or is not ASCII"},
    {Deviation::leading_dot_in_constraint, "leading-dot-in-constraint", ErrorCode::bad_name_constraints,
     Accepted::unless_strict, Accepted::unless_strict, Accepted::unless_strict, "RFC 5280 §4.2.1.10",
     "a dNSName constraint starts with a dot: read as one or more labels before it"},
    {Deviation::duplicate_policy, "duplicate-policy", ErrorCode::duplicate_policy, Accepted::unless_strict,
     Accepted::unless_strict, Accepted::always, "RFC 5280 §4.2.1.4",
     "certificatePolicies names a policy twice"},
    {Deviation::unknown_policy_qualifier, "unknown-policy-qualifier", ErrorCode::unknown_policy_qualifier,
     Accepted::never, Accepted::never, Accepted::always, "RFC 5280 §4.2.1.4",
     "a critical certificatePolicies has a qualifier that is not understood"},
};
// How many there are.
inline constexpr std::size_t kDeviationCount = sizeof kDeviationTable / sizeof kDeviationTable[0];

// The row of a rule.
constexpr const DeviationRow& row_of(Deviation rule) {
  return kDeviationTable[static_cast<std::size_t>(rule)];
}

// What follows for the verifier if a certificate breaks a rule. This has a table of its own, so that only
// programs that read the texts link them.
struct Consequence {
  ErrorCode error;
  Accepted leaf, issuer, anchor;
};
// Of all rules, in the order of Deviation.
inline constexpr auto kConsequences = [] {
  struct {
    Consequence of[kDeviationCount];
  } all{};
  for (std::size_t i = 0; i < kDeviationCount; i++) {
    const DeviationRow& row = kDeviationTable[i];
    all.of[i] = {row.error, row.leaf, row.issuer, row.anchor};
  }
  return all;
}();
// The consequence of breaking a rule.
constexpr const Consequence& consequence_of(Deviation rule) {
  return kConsequences.of[static_cast<std::size_t>(rule)];
}

// A rule that a certificate breaks, and the first place where it does.
struct FoundDeviation {
  Deviation rule;
  Place place;
  std::uint32_t offset;
};

// The error for refusing a certificate because of it; index: of the certificate in its chain.
constexpr Error error_of(const FoundDeviation& found, std::size_t index) {
  const ErrorCode code = consequence_of(found.rule).error;
  if (code == ErrorCode::ca_rights_without_ca) {
    return {code, Place::none, static_cast<std::uint32_t>(index)};
  }
  return {code, found.place, found.offset};
}

// The rules that a certificate breaks, each once, in the order of their discovery. None is ever left out.
class Deviations {
 public:
  // Adds a rule, unless it is noted already.
  void note(Deviation rule, Place place, std::uint32_t offset) {
    if (!has(rule)) {
      found_[size_++] = {rule, place, offset};
      set_ |= bit(rule);
    }
  }
  // Whether this rule is broken.
  bool has(Deviation rule) const { return (set_ & bit(rule)) != 0; }
  bool empty() const { return size_ == 0; }
  std::span<const FoundDeviation> span() const { return {found_, size_}; }

 private:
  static_assert(kDeviationCount <= 32);
  static constexpr std::uint32_t bit(Deviation rule) {
    return std::uint32_t{1} << static_cast<unsigned>(rule);
  }
  FoundDeviation found_[kDeviationCount] = {};
  std::uint32_t set_ = 0;
  std::uint8_t size_ = 0;
};

}  // namespace ashlar::x509
