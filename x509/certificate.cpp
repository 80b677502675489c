// SPDX-License-Identifier: Apache-2.0
#include <ashlar/x509/certificate.hpp>
#include <ashlar/x509/oids.hpp>

#include "algorithms.hpp"
#include "extensions.hpp"
#include "names.hpp"

namespace ashlar::x509 {

using asn1::DerReader;
using asn1::Element;
using asn1::Tag;

namespace {

constexpr std::size_t kMaxSerialSize = 20;

// Version ::= INTEGER { v1(0), v2(1), v3(2) }, [0] EXPLICIT DEFAULT v1.
Result<std::uint8_t> read_version(DerReader& tbs, const Noting& note) {
  if (!tbs.next_is(asn1::context_constructed(0))) {
    return std::uint8_t{1};
  }
  ASHLAR_TRY(DerReader field, tbs.nested(asn1::context_constructed(0)));
  const std::uint32_t offset = field.offset();
  ASHLAR_TRY(const std::uint32_t value, field.small_integer());
  ASHLAR_CHECK(field.expect_end());
  if (value == 0) {
    note(Deviation::explicit_default, offset);
  }
  if (value > 2) {
    return DerReader::fail_at(ErrorCode::bad_certificate_version, offset);
  }
  return static_cast<std::uint8_t>(value + 1);
}

// CertificateSerialNumber: positive, at most 20 octets.
bool is_good_serial(Bytes serial) {
  const bool positive = (serial[0] & 0x80) == 0 && (serial.size() > 1 || serial[0] != 0);
  return positive && serial.size() <= kMaxSerialSize;
}

Result<Bytes> read_issuer(DerReader& tbs, const Noting& note) {
  const std::uint32_t offset = tbs.offset();
  // Its spelling is the issuer's choice and is noted in the issuer's certificate.
  ASHLAR_TRY(const Bytes issuer, read_name(tbs));
  if (is_empty_name(issuer)) {
    note(Deviation::empty_issuer, offset);
  }
  return issuer;
}

Result<asn1::Time> read_time(DerReader& field, Place place, Certificate& c) {
  const std::uint32_t offset = field.offset();
  asn1::TimeFault fault = asn1::TimeFault::none;
  ASHLAR_TRY(const asn1::Time time, at(place, field.time(&fault)));
  if (fault != asn1::TimeFault::none) {
    CertificateParser::noting(c, place)(
        fault == asn1::TimeFault::before_1950 ? Deviation::time_before_1950 : Deviation::wrong_time_type,
        offset);
  }
  return time;
}

// Notes odd parameters that change nothing: NULL for ECDSA, which has none; RSASSA-PSS's salt of 20 bytes or
// its trailer, which are defaults. This function does not know which algorithms exist. Their rows find
// parameters that are really wrong.
void note_parameters(const AlgorithmIdentifier& algorithm, const Noting& note) {
  constexpr std::uint8_t kSalt[] = {0x02, 0x01, 20}, kTrailer[] = {0x02, 0x01, 1};
  if (!algorithm.parameters) {
    return;
  }
  const Element& parameters = *algorithm.parameters;
  const bool ecdsa = oids::kEcdsaWithSha256.is(algorithm.oid) || oids::kEcdsaWithSha384.is(algorithm.oid) ||
                     oids::kEcdsaWithSha512.is(algorithm.oid);
  if (ecdsa && parameters.tag == Tag::null) {
    note(Deviation::null_parameters, algorithm.offset);
  }
  if (!oids::kRsaPss.is(algorithm.oid) || parameters.tag != Tag::sequence) {
    return;
  }
  DerReader fields(parameters);
  while (const auto field = fields.any()) {
    const bool salt = field->tag == asn1::context_constructed(2) && equal_public(field->content, kSalt);
    const bool trailer = field->tag == asn1::context_constructed(3) && equal_public(field->content, kTrailer);
    if (salt || trailer) {
      note(Deviation::explicit_default, field->offset);
    }
  }
}

Result<Validity> read_validity(DerReader& tbs, Certificate& c) {
  ASHLAR_TRY(DerReader field, tbs.sequence());
  ASHLAR_TRY(const asn1::Time not_before, read_time(field, Place::tbs_not_before, c));
  ASHLAR_TRY(const asn1::Time not_after, read_time(field, Place::tbs_not_after, c));
  ASHLAR_CHECK(field.expect_end());
  return Validity{not_before, not_after};
}

// The frame of a SubjectPublicKeyInfo. PublicKey reads the key in it.
Result<Bytes> read_spki(DerReader& tbs) {
  DerReader probe = tbs;
  ASHLAR_TRY(const Element whole, probe.element(Tag::sequence));
  ASHLAR_TRY(DerReader spki, tbs.sequence());
  ASHLAR_CHECK(read_algorithm_identifier(spki));
  ASHLAR_CHECK(spki.octet_aligned_bit_string());
  ASHLAR_CHECK(spki.expect_end());
  return whole.whole;
}

// UniqueIdentifier, [number] IMPLICIT BIT STRING OPTIONAL, of versions 2 and 3.
Result<void> skip_unique_id(DerReader& tbs, unsigned number, std::uint8_t version, const Noting& note) {
  if (!tbs.next_is(asn1::context(number))) {
    return {};
  }
  if (version < 2) {
    return tbs.fail(ErrorCode::version_lacks_field);
  }
  note(Deviation::unique_identifier, tbs.offset());
  ASHLAR_CHECK(tbs.bit_string(asn1::context(number)));
  return {};
}

}  // namespace

Result<void> CertificateParser::parse_tbs(DerReader tbs, Certificate& c, Bytes& inner_algorithm) {
  ASHLAR_TRY(c.version_, at(Place::tbs_version, read_version(tbs, noting(c, Place::tbs_version))));
  const std::uint32_t serial_offset = tbs.offset();
  ASHLAR_TRY(c.serial_, at(Place::tbs_serial, tbs.integer()));
  if (!is_good_serial(c.serial_)) {
    noting(c, Place::tbs_serial)(Deviation::bad_serial_number, serial_offset);
  }
  ASHLAR_TRY(const AlgorithmIdentifier algorithm, at(Place::tbs_signature, read_algorithm_identifier(tbs)));
  inner_algorithm = algorithm.whole;
  note_parameters(algorithm, noting(c, Place::tbs_signature));
  ASHLAR_TRY(c.issuer_, at(Place::tbs_issuer, read_issuer(tbs, noting(c, Place::tbs_issuer))));
  ASHLAR_TRY(c.validity_, at(Place::tbs_validity, read_validity(tbs, c)));
  ASHLAR_TRY(c.subject_, at(Place::tbs_subject, read_name(tbs, noting(c, Place::tbs_subject))));
  ASHLAR_TRY(c.spki_, at(Place::tbs_spki, read_spki(tbs)));
  ASHLAR_CHECK(at(Place::tbs_issuer_unique_id,
                  skip_unique_id(tbs, 1, c.version_, noting(c, Place::tbs_issuer_unique_id))));
  ASHLAR_CHECK(at(Place::tbs_subject_unique_id,
                  skip_unique_id(tbs, 2, c.version_, noting(c, Place::tbs_subject_unique_id))));
  if (tbs.next_is(asn1::context_constructed(3))) {
    if (c.version_ < 3) {
      return tbs.fail(ErrorCode::version_lacks_field).at(Place::tbs_extensions);
    }
    ASHLAR_TRY(DerReader field, at(Place::tbs_extensions, tbs.nested(asn1::context_constructed(3))));
    ASHLAR_TRY(DerReader list, at(Place::tbs_extensions, field.sequence()));
    ASHLAR_CHECK(at(Place::tbs_extensions, field.expect_end()));
    ASHLAR_CHECK(at(Place::tbs_extensions, parse_extensions(list, c)));
  }
  return tbs.expect_end();
}

Result<Certificate> CertificateParser::parse(Bytes der) {
  if (der.size() > kMaxCertificateSize) {
    return Error{ErrorCode::certificate_too_large, Place::certificate,
                 static_cast<std::uint32_t>(der.size() < 0xffffffff ? der.size() : 0xffffffff)};
  }
  Certificate c;
  c.der_ = der;
  DerReader input(der);
  ASHLAR_TRY(DerReader certificate, at(Place::certificate, input.sequence()));
  ASHLAR_CHECK(at(Place::certificate, input.expect_end()));

  DerReader probe = certificate;
  ASHLAR_TRY(const Element tbs, at(Place::tbs, probe.element(Tag::sequence)));
  c.tbs_ = tbs.whole;
  ASHLAR_TRY(DerReader tbs_content, at(Place::tbs, certificate.sequence()));
  Bytes inner_algorithm;
  ASHLAR_CHECK(at(Place::tbs, parse_tbs(tbs_content, c, inner_algorithm)));

  ASHLAR_TRY(const AlgorithmIdentifier algorithm,
             at(Place::certificate_signature_algorithm, read_algorithm_identifier(certificate)));
  if (!equal_public(algorithm.whole, inner_algorithm)) {
    return DerReader::fail_at(ErrorCode::signature_algorithms_differ, algorithm.offset)
        .at(Place::certificate_signature_algorithm);
  }
  c.signature_algorithm_identifier_ = algorithm.whole;
  ASHLAR_TRY(c.signature_, at(Place::certificate_signature, certificate.octet_aligned_bit_string()));
  ASHLAR_CHECK(at(Place::certificate, certificate.expect_end()));
  return c;
}

Result<Certificate> Certificate::parse(Bytes der) {
  return CertificateParser::parse(der);
}

Result<std::optional<SignatureMethod>> Certificate::signature_method(const KeySet& keys) const {
  const auto offset = static_cast<std::uint32_t>(signature_algorithm_identifier_.data() - der_.data());
  return at(Place::certificate_signature_algorithm, keys.method(signature_algorithm_identifier_, offset));
}

bool Certificate::allows(KeyUsage usage) const {
  return !has_key_usage_ || (key_usage_ & static_cast<std::uint16_t>(usage)) != 0;
}

bool Certificate::allows_purpose(Bytes purpose_oid, bool any) const {
  if (!has_extended_key_usage()) {
    return true;
  }
  DerReader purposes(extended_key_usage_);
  while (!purposes.empty()) {
    const auto purpose = purposes.oid();
    if (!purpose) {
      return false;
    }
    if (equal_public(*purpose, purpose_oid) || (any && oids::kAnyExtendedKeyUsage.is(*purpose))) {
      return true;
    }
  }
  return false;
}

}  // namespace ashlar::x509
