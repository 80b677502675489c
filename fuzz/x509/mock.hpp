// SPDX-License-Identifier: Apache-2.0
// Certificates whose keys are one byte and whose signatures are that byte. Anyone who knows the number of a
// key can sign with it. So paths over many certificates are made and verified in microseconds. The kind of
// key and the algorithm are rows like others; no library links them.
#pragma once

#include <ashlar/asn1/der_writer.hpp>
#include <ashlar/x509/certificate.hpp>
#include <ashlar/x509/key_set.hpp>
#include <ashlar/x509/oids.hpp>

#include "algorithms.hpp"
#include "key_kinds/storage.hpp"
#include "support/check.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ashlar::fuzz {

using Buffer = std::vector<std::uint8_t>;

struct MockKey {
  std::uint8_t number;
};
inline constexpr asn1::Oid kMockOid = asn1::oid("1.3.6.1.4.1.99999.1");

extern const x509::KeyKind kMockKind;
inline const x509::KeyKind kMockKind = {
    .name = "mock",
    .algorithm = kMockOid,
    .curve = {},
    .no_parameters = true,
    .object_size = sizeof(MockKey),
    .max_signature_size = 1,
    .bits = [](const x509::PublicKey&) -> std::size_t { return 8; },
    .read = [](asn1::DerReader bits) -> Result<x509::PublicKey> {
      if (bits.peek().size() != 1) {
        return ErrorCode::bad_point_encoding;
      }
      return x509::KeyStorage::make(kMockKind, MockKey{bits.peek()[0]});
    },
    .write = [](const x509::PublicKey& key, MutBytes out) -> Result<Bytes> {
      out[0] = x509::KeyStorage::get<MockKey>(key).number;
      return Bytes(out.first(1));
    },
    .verify = [](const x509::PublicKey& key, const x509::SignatureMethod&, const x509::SigningInput&,
                 Bytes signature) -> Result<void> {
      if (signature.size() != 1 || signature[0] != x509::KeyStorage::get<MockKey>(key).number) {
        return ErrorCode::bad_signature;
      }
      return {};
    },
    .encrypt = nullptr,
    .public_exponent = nullptr,
    .tls_certificate_type = 0,
    .tls_curve = 0,
};
inline const x509::SignatureAlgorithm kMockSignature = {
    "mock",
    kMockOid,
    kMockOid,
    nullptr,
    {},
    [](const x509::AlgorithmIdentifier& identifier, x509::SignatureMethod&) -> Result<bool> {
      return !identifier.parameters;
    },
    [](asn1::DerWriter&, const x509::SignatureAlgorithm&) {}};
inline const x509::KeyKind* const kMockKinds[] = {&kMockKind};
inline const x509::SignatureAlgorithm* const kMockAlgorithms[] = {&kMockSignature};
inline const x509::KeySet kMockKeys = {kMockKinds, kMockAlgorithms};

struct MockName {
  std::uint8_t tag;  // of the GeneralName: 0x82 dNSName, 0x87 iPAddress, …
  Buffer value;
};
struct MockCertificate {
  std::string subject = "s", issuer = "i";
  std::uint8_t key = 1, signer = 1;
  asn1::Time not_before{1735689600}, not_after{2051222400};  // 2025 to 2035
  std::optional<bool> ca;                                    // nothing: no basicConstraints
  std::optional<std::uint32_t> path_length;
  std::optional<std::uint16_t> key_usage;
  std::optional<std::vector<asn1::Oid>> purposes;
  std::vector<MockName> alt_names, permitted, excluded;
  std::optional<std::uint8_t> subject_key_id, authority_key_id;
  bool unknown_critical = false;
  // Policies and mappings by the last arc of their OIDs; 0 is anyPolicy.
  std::optional<std::vector<std::uint8_t>> policies;
  std::vector<std::pair<std::uint8_t, std::uint8_t>> mappings;
  std::optional<std::uint32_t> require_explicit, inhibit_mapping, inhibit_any;
};

inline void write_mock_name(asn1::DerWriter& w, const std::string& name) {
  const auto outer = w.sequence();
  if (!name.empty()) {
    const auto rdn = w.set();
    const auto attribute = w.sequence();
    w.oid(x509::oids::kCommonName);
    w.element(asn1::Tag::utf8_string, bytes_of(name));
  }
}
inline void write_mock_spki(asn1::DerWriter& w, std::uint8_t key) {
  const auto spki = w.sequence();
  {
    const auto algorithm = w.sequence();
    w.oid(kMockOid);
  }
  w.bit_string({&key, 1});
}

template <class Write>
void write_extension(asn1::DerWriter& w, const asn1::Oid& oid, bool critical, Write write) {
  const auto entry = w.sequence();
  w.oid(oid);
  if (critical) {
    w.boolean(true);
  }
  const auto value = w.octet_string_scope();
  write();
}

inline void write_mock_names(asn1::DerWriter& w, const std::vector<MockName>& names, bool as_subtrees) {
  for (const MockName& name : names) {
    if (as_subtrees) {
      const auto subtree = w.sequence();
      w.element(static_cast<asn1::Tag>(name.tag), name.value);
    } else {
      w.element(static_cast<asn1::Tag>(name.tag), name.value);
    }
  }
}

inline Buffer mock_policy(std::uint8_t number) {
  const Bytes any = x509::oids::kAnyPolicy.bytes();
  return number == 0 ? Buffer(any.begin(), any.end()) : Buffer{0x2a, 0x03, number};
}
inline void write_mock_policies(asn1::DerWriter& w, const MockCertificate& c) {
  namespace oids = x509::oids;
  if (c.policies) {
    write_extension(w, oids::kCertificatePolicies, false, [&] {
      const auto list = w.sequence();
      for (const std::uint8_t policy : *c.policies) {
        const auto information = w.sequence();
        w.element(asn1::Tag::oid, mock_policy(policy));
      }
    });
  }
  if (!c.mappings.empty()) {
    write_extension(w, oids::kPolicyMappings, true, [&] {
      const auto list = w.sequence();
      for (const auto& [from, to] : c.mappings) {
        const auto mapping = w.sequence();
        w.element(asn1::Tag::oid, mock_policy(from));
        w.element(asn1::Tag::oid, mock_policy(to));
      }
    });
  }
  if (c.require_explicit || c.inhibit_mapping) {
    write_extension(w, oids::kPolicyConstraints, true, [&] {
      const auto fields = w.sequence();
      for (const auto& [field, limit] :
           {std::pair(0u, c.require_explicit), std::pair(1u, c.inhibit_mapping)}) {
        if (limit) {
          const auto number = static_cast<std::uint8_t>(*limit);
          w.element(asn1::context(field), {&number, 1});
        }
      }
    });
  }
  if (c.inhibit_any) {
    write_extension(w, oids::kInhibitAnyPolicy, true, [&] { w.small_integer(*c.inhibit_any); });
  }
}

inline void write_mock_extensions(asn1::DerWriter& w, const MockCertificate& c) {
  namespace oids = x509::oids;
  write_mock_policies(w, c);
  if (c.ca) {
    write_extension(w, oids::kBasicConstraints, true, [&] {
      const auto fields = w.sequence();
      if (*c.ca) {
        w.boolean(true);
      }
      if (c.path_length) {
        w.small_integer(*c.path_length);
      }
    });
  }
  if (c.key_usage) {
    write_extension(w, oids::kKeyUsage, true, [&] { w.named_bits(*c.key_usage); });
  }
  if (c.purposes) {
    write_extension(w, oids::kExtendedKeyUsage, false, [&] {
      const auto list = w.sequence();
      for (const asn1::Oid& purpose : *c.purposes) {
        w.oid(purpose);
      }
    });
  }
  if (!c.alt_names.empty()) {
    write_extension(w, oids::kSubjectAltName, c.subject.empty(), [&] {
      const auto list = w.sequence();
      write_mock_names(w, c.alt_names, false);
    });
  }
  if (!c.permitted.empty() || !c.excluded.empty()) {
    write_extension(w, oids::kNameConstraints, true, [&] {
      const auto fields = w.sequence();
      if (!c.permitted.empty()) {
        const auto trees = w.scope(asn1::context_constructed(0));
        write_mock_names(w, c.permitted, true);
      }
      if (!c.excluded.empty()) {
        const auto trees = w.scope(asn1::context_constructed(1));
        write_mock_names(w, c.excluded, true);
      }
    });
  }
  if (c.subject_key_id) {
    write_extension(w, oids::kSubjectKeyIdentifier, false, [&] { w.octet_string({&*c.subject_key_id, 1}); });
  }
  if (c.authority_key_id) {
    write_extension(w, oids::kAuthorityKeyIdentifier, false, [&] {
      const auto fields = w.sequence();
      w.element(asn1::context(0), {&*c.authority_key_id, 1});
    });
  }
  if (c.unknown_critical) {
    write_extension(w, kMockOid, true, [&] { w.null(); });
  }
}

inline Buffer make(const MockCertificate& c) {
  Buffer out(4096);
  asn1::DerWriter w(out);
  {
    const auto whole = w.sequence();
    {
      const auto tbs = w.sequence();
      {
        const auto version = w.scope(asn1::context_constructed(0));
        w.small_integer(2);
      }
      w.small_integer(1);
      {
        const auto algorithm = w.sequence();
        w.oid(kMockOid);
      }
      write_mock_name(w, c.issuer);
      {
        const auto validity = w.sequence();
        w.time(c.not_before);
        w.time(c.not_after);
      }
      write_mock_name(w, c.subject);
      write_mock_spki(w, c.key);
      Buffer extensions(3072);
      asn1::DerWriter inner(extensions);
      write_mock_extensions(inner, c);
      FUZZ_CHECK(inner.ok());
      if (inner.size() != 0) {
        const auto field = w.scope(asn1::context_constructed(3));
        const auto list = w.sequence();
        w.raw(Bytes(extensions).first(inner.size()));
      }
    }
    {
      const auto algorithm = w.sequence();
      w.oid(kMockOid);
    }
    w.bit_string({&c.signer, 1});
  }
  FUZZ_CHECK(w.ok());
  out.resize(w.size());
  return out;
}

}  // namespace ashlar::fuzz
