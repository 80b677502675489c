// SPDX-License-Identifier: Apache-2.0
#include <ashlar/asn1/der_writer.hpp>
#include <ashlar/asn1/string.hpp>
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/x509/issue.hpp>
#include <ashlar/x509/oids.hpp>

#include "algorithms.hpp"
#include "dns_name.hpp"

namespace ashlar::x509 {

using asn1::DerWriter;
using asn1::Tag;

namespace {

constexpr std::size_t kKeyIdentifierSize = 20;
constexpr std::size_t kSerialSize = 16;
constexpr std::size_t kMaxAttribute = 64;  // ub-common-name and ub-organization-name (RFC 5280 §A.1)

// A KeyIdentifier: the hash of the subjectPublicKey's content.
struct KeyIdentifier {
  std::uint8_t storage[crypto::kMaxDigestSize];
  Bytes bytes() const { return {storage, kKeyIdentifierSize}; }
};

Result<KeyIdentifier> key_identifier_of(const PublicKey& subject_key) {
  std::uint8_t storage[kMaxSpkiSize];
  ASHLAR_TRY(const Bytes key, subject_key.write_bits(storage));
  KeyIdentifier identifier;
  crypto::Hash(crypto::kSha256).update(key).finish(identifier.storage);
  return identifier;
}

void write_attribute(DerWriter& writer, const asn1::Oid& type, std::string_view value) {
  if (value.empty()) {
    return;
  }
  const auto rdn = writer.set();
  const auto attribute = writer.sequence();
  writer.oid(type);
  writer.element(Tag::utf8_string, bytes_of(value));
}

void write_subject(DerWriter& writer, const CertificateTemplate& certificate) {
  const auto name = writer.sequence();
  write_attribute(writer, oids::kOrganizationName, certificate.organization);
  write_attribute(writer, oids::kCommonName, certificate.common_name);
}

// Writes an Extension. `write` writes the content of the extnValue.
template <class Write>
void write_extension(DerWriter& writer, const asn1::Oid& oid, bool critical, Write write) {
  const auto extension = writer.sequence();
  writer.oid(oid);
  if (critical) {
    writer.boolean(true);
  }
  const auto value = writer.octet_string_scope();
  write();
}

void write_names(DerWriter& writer, std::span<const std::string_view> names) {
  const auto list = writer.sequence();
  for (const std::string_view name : names) {
    const IpAddress address = parse_ip_address(name);
    if (address.empty()) {
      writer.element(asn1::context(static_cast<unsigned>(GeneralName::Type::dns)), bytes_of(name));
    } else {
      writer.element(asn1::context(static_cast<unsigned>(GeneralName::Type::ip)), address.bytes());
    }
  }
}

std::uint16_t key_usage_of(const CertificateTemplate& certificate, const KeyKind& kind) {
  const auto bit = [](KeyUsage usage) { return static_cast<unsigned>(usage); };
  unsigned bits = 0;
  if (certificate.is_ca) {
    bits = bit(KeyUsage::key_cert_sign) | bit(KeyUsage::crl_sign);
  } else {
    bits = bit(KeyUsage::digital_signature) | (kind.encrypt != nullptr ? bit(KeyUsage::key_encipherment) : 0);
  }
  return static_cast<std::uint16_t>(bits);
}

void write_extensions(DerWriter& writer, const CertificateTemplate& certificate, const KeyKind& kind,
                      Bytes own_identifier, Bytes issuer_identifier) {
  const auto field = writer.scope(asn1::context_constructed(3));
  const auto list = writer.sequence();
  if (certificate.is_ca) {
    write_extension(writer, oids::kBasicConstraints, true, [&] {
      const auto constraints = writer.sequence();
      writer.boolean(true);
      if (certificate.path_length) {
        writer.small_integer(*certificate.path_length);
      }
    });
  }
  write_extension(writer, oids::kKeyUsage, true, [&] { writer.named_bits(key_usage_of(certificate, kind)); });
  if (certificate.server_auth || certificate.client_auth) {
    write_extension(writer, oids::kExtendedKeyUsage, false, [&] {
      const auto purposes = writer.sequence();
      if (certificate.server_auth) {
        writer.oid(oids::kServerAuth);
      }
      if (certificate.client_auth) {
        writer.oid(oids::kClientAuth);
      }
    });
  }
  if (!certificate.names.empty()) {
    // Critical if it is the only identity (RFC 5280 §4.1.2.6).
    const bool only_identity = certificate.common_name.empty() && certificate.organization.empty();
    write_extension(writer, oids::kSubjectAltName, only_identity,
                    [&] { write_names(writer, certificate.names); });
  }
  write_extension(writer, oids::kSubjectKeyIdentifier, false, [&] { writer.octet_string(own_identifier); });
  if (!issuer_identifier.empty()) {
    write_extension(writer, oids::kAuthorityKeyIdentifier, false, [&] {
      const auto fields = writer.sequence();
      writer.element(asn1::context(0), issuer_identifier);
    });
  }
}

bool is_attribute(std::string_view value) {
  return value.size() <= kMaxAttribute && asn1::is_valid_string(Tag::utf8_string, bytes_of(value));
}

// Only what strict readers accept is written, except underscores in host names.
Result<void> check_template(const CertificateTemplate& certificate, const Issuer& issuer) {
  const bool has_subject = !certificate.common_name.empty() || !certificate.organization.empty();
  const Validity& validity = certificate.validity;
  if (!is_attribute(certificate.common_name) || !is_attribute(certificate.organization) ||
      validity.not_after < validity.not_before || validity.not_before < asn1::kFirstTime ||
      validity.not_after > asn1::kLastTime || (certificate.path_length && !certificate.is_ca) ||
      (!has_subject && (certificate.is_ca || issuer.name.empty() || certificate.names.empty()))) {
    return ErrorCode::invalid_argument;
  }
  for (std::size_t i = 0; i < certificate.names.size(); i++) {
    const std::string_view name = certificate.names[i];
    if (!is_dns_name(name) && !is_wildcard_name(name) && parse_ip_address(name).empty()) {
      return Error{ErrorCode::bad_certificate_name, Place::none, static_cast<std::uint32_t>(i)};
    }
  }
  return {};
}

// A host name that is too long for a common name goes only into subjectAltName, where every reader looks.
CertificateTemplate without_long_name(CertificateTemplate certificate) {
  for (const std::string_view name : certificate.names) {
    if (certificate.common_name.size() > kMaxAttribute && name == certificate.common_name) {
      certificate.common_name = {};
    }
  }
  return certificate;
}

}  // namespace

Result<Bytes> issue(const CertificateTemplate& wanted, const PublicKey& subject_key, const Issuer& issuer,
                    crypto::Random random, MutBytes out) {
  const CertificateTemplate certificate = without_long_name(wanted);
  ASHLAR_CHECK(check_template(certificate, issuer));
  std::uint8_t spki_storage[kMaxSpkiSize];
  ASHLAR_TRY(const Bytes spki, subject_key.write_spki(spki_storage));
  ASHLAR_TRY(const KeyIdentifier identifier, key_identifier_of(subject_key));
  // Positive and of full size: the top bit is clear, the next bit is set.
  std::uint8_t serial[kSerialSize];
  ASHLAR_CHECK(random.fill(serial));
  serial[0] = static_cast<std::uint8_t>((serial[0] & 0x7f) | 0x40);
  const SignatureAlgorithm& algorithm = issuer.key.issues_with();

  DerWriter writer(out);
  {
    const auto outer = writer.sequence();
    const std::size_t tbs_start = writer.size();
    {
      const auto tbs = writer.sequence();
      {
        const auto version = writer.scope(asn1::context_constructed(0));
        writer.small_integer(2);
      }
      writer.unsigned_integer(serial);
      write_signature_algorithm(writer, algorithm);
      if (issuer.name.empty()) {
        write_subject(writer, certificate);
      } else {
        writer.raw(issuer.name);
      }
      {
        const auto validity = writer.sequence();
        writer.time(certificate.validity.not_before);
        writer.time(certificate.validity.not_after);
      }
      write_subject(writer, certificate);
      writer.raw(spki);
      write_extensions(writer, certificate, subject_key.kind(), identifier.bytes(),
                       issuer.name.empty() ? identifier.bytes() : issuer.key_identifier);
    }
    ASHLAR_CHECK(writer.finish());
    const Bytes message[] = {out.subspan(tbs_start, writer.size() - tbs_start)};
    std::uint8_t signature[kMaxSignatureSize];
    ASHLAR_TRY(const Bytes signed_bytes, issuer.key.sign(algorithm, message, random, signature));
    write_signature_algorithm(writer, algorithm);
    writer.bit_string(signed_bytes);
  }
  return writer.finish();
}

}  // namespace ashlar::x509
