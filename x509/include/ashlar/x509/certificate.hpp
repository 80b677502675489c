// SPDX-License-Identifier: Apache-2.0
// A certificate as views into its DER (RFC 5280 §4): nothing is copied, nothing is allocated.
#pragma once

#include <ashlar/asn1/time.hpp>
#include <ashlar/base/bounded.hpp>
#include <ashlar/x509/deviation.hpp>
#include <ashlar/x509/keys.hpp>

namespace ashlar::x509 {

// A general name of a subjectAltName, in the order of the certificate (RFC 5280 §4.2.1.6). It points into the
// certificate's DER.
struct GeneralName {
  // Its kind in the standard.
  enum class Type : std::uint8_t { other, email, dns, x400, directory, edi_party, uri, ip, registered_id };
  Type type;
  Bytes
      value;  // dns, email, uri: IA5 text, checked; ip: 4 or 16 bytes; directory: the Name; else raw content
};

// Walks the names of a subjectAltName, which Certificate::parse has checked.
class GeneralNames {
 public:
  GeneralNames() = default;
  explicit GeneralNames(Bytes content) : rest_(content) {}
  // The next name, or nothing at the end.
  std::optional<GeneralName> next();

 private:
  Bytes rest_;
};

// Bits of keyUsage (RFC 5280 §4.2.1.3).
enum class KeyUsage : std::uint16_t {
  digital_signature = 1 << 0,
  content_commitment = 1 << 1,
  key_encipherment = 1 << 2,
  data_encipherment = 1 << 3,
  key_agreement = 1 << 4,
  key_cert_sign = 1 << 5,
  crl_sign = 1 << 6,
  encipher_only = 1 << 7,
  decipher_only = 1 << 8,
};

struct Validity {  // first and last moment, both included
  asn1::Time not_before;
  asn1::Time not_after;
};

struct BasicConstraints {  // RFC 5280 §4.2.1.9
  bool present = false;
  bool is_ca = false;
  std::optional<std::uint32_t> path_length;
};

// What a certificate says about policies (RFC 5280 §4.2.1.4, §4.2.1.5, §4.2.1.11, §4.2.1.14). A number counts
// the certificates below it that are exempt.
struct PolicyRules {
  bool has_policies = false;
  Bytes policies;  // content of certificatePolicies, checked
  Bytes mappings;  // content of policyMappings, checked
  std::optional<std::uint32_t> require_explicit;
  std::optional<std::uint32_t> inhibit_mapping;
  std::optional<std::uint32_t> inhibit_any;
};

// One extension. It points into the DER of the certificate.
struct Extension {
  Bytes oid;  // content bytes of the OBJECT IDENTIFIER
  bool critical;
  Bytes value;  // content of the OCTET STRING
};

// Certificates larger than this are refused (threats §2.10).
inline constexpr std::size_t kMaxCertificateSize = 64 * 1024;

// All spans point into the DER given to parse(), which must outlive the object.
class Certificate {
 public:
  // DER, version 3 (versions 1 and 2 are read, but never issue), inner and outer signatureAlgorithm
  // identical, no duplicate extension, every extension known here well-formed. A broken rule of
  // kDeviationTable is noted in deviations(). Every other fault is an error, with the offset and the place.
  // Key and signature algorithm are not checked here: public_key(), signature_method() and the verifier do
  // that.
  static Result<Certificate> parse(Bytes der);

  Bytes der() const { return der_; }
  Bytes tbs_certificate() const { return tbs_; }
  std::uint8_t version() const { return version_; }  // 1, 2 or 3
  Bytes serial() const { return serial_; }           // content of the INTEGER: big-endian, minimal
  Bytes issuer() const { return issuer_; }           // the whole Name, header included
  Bytes subject() const { return subject_; }
  const Validity& validity() const { return validity_; }
  Bytes spki() const { return spki_; }
  // The key, if it is of one of these kinds (else unsupported_key); parsed at each call.
  Result<PublicKey> public_key(const KeySet& keys) const { return PublicKey::parse_spki(spki_, keys.kinds); }

  // The AlgorithmIdentifier of the signature in DER, and the method that it names: nothing if the algorithm
  // is not in the set, bad_algorithm_parameters if it is but has wrong parameters.
  Bytes signature_algorithm_identifier() const { return signature_algorithm_identifier_; }
  Result<std::optional<SignatureMethod>> signature_method(const KeySet& keys) const;
  Bytes signature() const { return signature_; }

  const BasicConstraints& basic_constraints() const { return basic_constraints_; }
  bool has_key_usage() const { return has_key_usage_; }
  // True if keyUsage is absent.
  bool allows(KeyUsage usage) const;
  bool has_extended_key_usage() const { return has_extended_key_usage_; }
  // Whether extendedKeyUsage is absent or names this purpose (content bytes of its OID) itself.
  // anyExtendedKeyUsage counts only with `any`.
  bool allows_purpose(Bytes purpose_oid, bool any) const;
  bool has_subject_alt_name() const { return has_subject_alt_name_; }
  GeneralNames subject_alt_names() const { return GeneralNames(subject_alt_name_); }
  Bytes subject_key_identifier() const { return subject_key_identifier_; }
  Bytes authority_key_identifier() const { return authority_key_identifier_; }
  // Content of the nameConstraints extension; empty if absent.
  Bytes name_constraints() const { return name_constraints_; }
  const PolicyRules& policy_rules() const { return policy_rules_; }
  // The OID of a critical extension that Ashlar does not process; empty if there is none.
  Bytes unknown_critical_extension() const { return unknown_critical_; }
  std::span<const Extension> extensions() const { return extensions_.span(); }
  // The rules that the certificate breaks without becoming ambiguous. The table says where the verifier
  // accepts it anyway.
  const Deviations& deviations() const { return deviations_; }

  // Whether subject and issuer are the same name. This says nothing about the signature.
  bool is_self_issued() const { return equal_public(issuer_, subject_); }

 private:
  friend class CertificateParser;
  Certificate() = default;

  Bytes der_, tbs_, serial_, issuer_, subject_, spki_, signature_, signature_algorithm_identifier_;
  Bytes extended_key_usage_, subject_alt_name_, subject_key_identifier_, authority_key_identifier_;
  Bytes name_constraints_, unknown_critical_;
  Validity validity_;
  BasicConstraints basic_constraints_;
  PolicyRules policy_rules_;
  std::uint16_t key_usage_ = 0;
  std::uint8_t version_ = 0;
  bool has_key_usage_ = false;
  bool has_extended_key_usage_ = false;
  bool has_subject_alt_name_ = false;
  Deviations deviations_;
  BoundedVector<Extension, 32> extensions_;
};

// The next three functions return the part of `out` that they wrote.

// Writes a Name for people to read (`CN=example.com, O="Example, Inc."`), escaped as by escape_text, cut
// at the end of `out`. A value with a separator in it is quoted. A value with a quote in it is written in
// hex.
std::string_view format_name(Bytes name, std::span<char> out);
// Writes the dotted form of an OID's content bytes ("1.2.840.113549"), cut at the end of `out`.
std::string_view format_oid(Bytes oid, std::span<char> out);
// Text from outside made safe for a terminal: control characters, newlines, invalid UTF-8 and bidirectional
// controls become \xNN or \u{NNNN}; cut at the end of `out`.
std::string_view escape_text(Bytes text, std::span<char> out);

}  // namespace ashlar::x509
