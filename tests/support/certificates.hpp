// SPDX-License-Identifier: Apache-2.0
// Certificates for tests, with any field and any extension, right or wrong.
#pragma once

#include <ashlar/asn1/der_writer.hpp>
#include <ashlar/asn1/oid.hpp>
#include <ashlar/x509/certificate.hpp>
#include <ashlar/x509/oids.hpp>

#include <functional>

#include "support/bytes.hpp"
#include "support/test_keys.hpp"

namespace ashlar::test {

// The DER that a function writes.
inline Buffer der(const std::function<void(asn1::DerWriter&)>& write, std::size_t room = 1 << 17) {
  Buffer out(room);
  asn1::DerWriter writer(out);
  write(writer);
  if (!writer.ok()) {
    throw std::length_error("the test's DER does not fit");
  }
  out.resize(writer.size());
  return out;
}

// A Name with one common name, or empty.
inline Buffer name_of(std::string_view common_name, asn1::Tag tag = asn1::Tag::utf8_string) {
  return der([&](asn1::DerWriter& w) {
    const auto name = w.sequence();
    if (!common_name.empty()) {
      const auto rdn = w.set();
      const auto attribute = w.sequence();
      w.oid(x509::oids::kCommonName);
      w.element(tag, bytes_of(common_name));
    }
  });
}

struct ExtensionSpec {
  asn1::Oid oid;
  bool critical;
  Buffer value;
  bool writes_false = false;  // critical FALSE, the default, is written out
};

inline ExtensionSpec extension(const asn1::Oid& oid, std::string_view hex, bool critical = false) {
  return {oid, critical, unhex(hex)};
}

// A GeneralName of a primitive form.
struct NameSpec {
  x509::GeneralName::Type type;
  Buffer value;
};
inline NameSpec dns(std::string_view name) {
  return {x509::GeneralName::Type::dns, buffer_of(name)};
}
inline NameSpec email(std::string_view name) {
  return {x509::GeneralName::Type::email, buffer_of(name)};
}
inline NameSpec uri(std::string_view name) {
  return {x509::GeneralName::Type::uri, buffer_of(name)};
}
inline NameSpec ip(std::string_view hex) {
  return {x509::GeneralName::Type::ip, unhex(hex)};
}
// directoryName: the Name, header included.
inline NameSpec directory(Buffer name) {
  return {x509::GeneralName::Type::directory, std::move(name)};
}
inline void write_name(asn1::DerWriter& w, const NameSpec& name) {
  const auto number = static_cast<unsigned>(name.type);
  const bool constructed =
      name.type == x509::GeneralName::Type::directory || name.type == x509::GeneralName::Type::other;
  w.element(constructed ? asn1::context_constructed(number) : asn1::context(number), name.value);
}

inline ExtensionSpec alt_names(const std::vector<NameSpec>& names, bool critical = false) {
  return {x509::oids::kSubjectAltName, critical, der([&](asn1::DerWriter& w) {
            const auto list = w.sequence();
            for (const NameSpec& name : names) {
              write_name(w, name);
            }
          })};
}
inline ExtensionSpec basic_constraints(bool ca, std::optional<std::uint32_t> path_length = {}) {
  return {x509::oids::kBasicConstraints, true, der([&](asn1::DerWriter& w) {
            const auto fields = w.sequence();
            if (ca) {
              w.boolean(true);
            }
            if (path_length) {
              w.small_integer(*path_length);
            }
          })};
}
inline ExtensionSpec key_usage(std::initializer_list<x509::KeyUsage> usages) {
  unsigned bits = 0;
  for (const x509::KeyUsage usage : usages) {
    bits |= static_cast<unsigned>(usage);
  }
  return {x509::oids::kKeyUsage, true,
          der([&](asn1::DerWriter& w) { w.named_bits(static_cast<std::uint16_t>(bits)); })};
}
inline ExtensionSpec subject_key_identifier(Bytes id) {
  return {x509::oids::kSubjectKeyIdentifier, false, der([&](asn1::DerWriter& w) { w.octet_string(id); })};
}
inline ExtensionSpec authority_key_identifier(Bytes id) {
  return {x509::oids::kAuthorityKeyIdentifier, false, der([&](asn1::DerWriter& w) {
            const auto fields = w.sequence();
            w.element(asn1::context(0), id);
          })};
}
inline ExtensionSpec extended_key_usage(std::initializer_list<asn1::Oid> purposes) {
  return {x509::oids::kExtendedKeyUsage, false, der([&](asn1::DerWriter& w) {
            const auto list = w.sequence();
            for (const asn1::Oid& purpose : purposes) {
              w.oid(purpose);
            }
          })};
}
inline ExtensionSpec name_constraints(const std::vector<NameSpec>& permitted,
                                      const std::vector<NameSpec>& excluded) {
  return {x509::oids::kNameConstraints, true, der([&](asn1::DerWriter& w) {
            const auto constraints = w.sequence();
            unsigned number = 0;
            for (const auto* list : {&permitted, &excluded}) {
              if (!list->empty()) {
                const auto subtrees = w.scope(asn1::context_constructed(number));
                for (const NameSpec& name : *list) {
                  const auto subtree = w.sequence();
                  write_name(w, name);
                }
              }
              number++;
            }
          })};
}

inline asn1::Time at_time(std::string_view utc_time) {
  return *asn1::Time::parse_utc_time(bytes_of(utc_time));
}

inline const Buffer kEcdsaSha256Identifier = unhex("300a06082a8648ce3d040302");

struct CertificateSpec {
  Buffer subject = name_of("leaf");
  Buffer issuer = name_of("root");
  std::uint64_t key = 1;         // of the subject: a number for p256_key()
  std::uint64_t issuer_key = 2;  // which signs
  std::optional<std::uint32_t> version = 2;
  Buffer serial = {0x01};  // content of the INTEGER
  Buffer validity = der([](asn1::DerWriter& w) {
    const auto fields = w.sequence();
    w.time(at_time("200101000000Z"));
    w.time(at_time("400101000000Z"));
  });
  std::vector<ExtensionSpec> extensions;
  Buffer inner_algorithm = kEcdsaSha256Identifier;
  Buffer outer_algorithm = kEcdsaSha256Identifier;
  Buffer spki;        // instead of the key's
  Buffer unique_ids;  // DER between the key and the extensions
  Buffer extra_tbs;   // DER after the last field of the tbsCertificate
};

inline Buffer make(const CertificateSpec& spec) {
  const Buffer tbs = der([&](asn1::DerWriter& w) {
    const auto fields = w.sequence();
    if (spec.version) {
      const auto version = w.scope(asn1::context_constructed(0));
      w.small_integer(*spec.version);
    }
    w.element(asn1::Tag::integer, spec.serial);
    w.raw(spec.inner_algorithm);
    w.raw(spec.issuer);
    w.raw(spec.validity);
    w.raw(spec.subject);
    if (spec.spki.empty()) {
      std::uint8_t spki[x509::kMaxSpkiSize];
      w.raw(*p256_key(spec.key).public_key().write_spki(spki));
    } else {
      w.raw(spec.spki);
    }
    w.raw(spec.unique_ids);
    if (!spec.extensions.empty()) {
      const auto field = w.scope(asn1::context_constructed(3));
      const auto list = w.sequence();
      for (const ExtensionSpec& extension : spec.extensions) {
        const auto entry = w.sequence();
        w.oid(extension.oid);
        if (extension.critical || extension.writes_false) {
          w.boolean(extension.critical);
        }
        w.octet_string(extension.value);
      }
    }
    w.raw(spec.extra_tbs);
  });
  crypto::DeterministicRandom random(tbs.size());
  std::uint8_t signature[x509::kMaxSignatureSize];
  const Bytes message[] = {tbs};
  const auto made = p256_key(spec.issuer_key).sign(x509::kEcdsaSha256, message, random.random(), signature);
  return der([&](asn1::DerWriter& w) {
    const auto outer = w.sequence();
    w.raw(tbs);
    w.raw(spec.outer_algorithm);
    w.bit_string(*made);
  });
}

}  // namespace ashlar::test
