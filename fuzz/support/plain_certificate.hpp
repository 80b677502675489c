// SPDX-License-Identifier: Apache-2.0
// A plain second reading of a certificate (RFC 5280 §4.1, §4.2): element by element, by position. It checks
// what must be true of a certificate that the parser has accepted.
#pragma once

#include "support/check.hpp"
#include "support/plain.hpp"

#include <ashlar/x509/certificate.hpp>

#include <algorithm>
#include <optional>

namespace ashlar::fuzz::plain {

struct CertificateExtension {
  Bytes oid;
  bool critical = false;
  Bytes value;
};

// The places of the parts of a certificate. It does not look for every error, since the parser has accepted
// it.
struct PlainCertificate {
  unsigned version = 1;
  Bytes tbs, serial, inner_algorithm, issuer, validity, subject, spki, outer_algorithm, signature;
  bool unique_ids = false;
  std::vector<CertificateExtension> extensions;
};

inline std::optional<PlainCertificate> read_certificate(Bytes input) {
  Cursor in{input};
  Der outer;
  if (!read_der(in, outer) || !in.ended() || outer.tag != 0x30) {
    return std::nullopt;
  }
  const auto parts = elements_of(outer.content);
  if (parts.size() != 3 || parts[0].tag != 0x30 || parts[1].tag != 0x30 || parts[2].tag != 0x03 ||
      parts[2].content.empty() || parts[2].content[0] != 0) {
    return std::nullopt;
  }
  PlainCertificate c;
  c.tbs = parts[0].whole;
  c.outer_algorithm = parts[1].whole;
  c.signature = parts[2].content.subspan(1);
  auto fields = elements_of(parts[0].content);
  if (!fields.empty() && fields[0].tag == 0xa0) {
    const auto version = elements_of(fields[0].content);
    if (version.size() != 1 || version[0].tag != 0x02 || version[0].content.size() != 1) {
      return std::nullopt;
    }
    c.version = 1u + version[0].content[0];
    fields.erase(fields.begin());
  }
  static constexpr std::uint8_t kTags[] = {0x02, 0x30, 0x30, 0x30, 0x30, 0x30};
  if (fields.size() < 6) {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < 6; ++i) {
    if (fields[i].tag != kTags[i]) {
      return std::nullopt;
    }
  }
  c.serial = fields[0].content;
  c.inner_algorithm = fields[1].whole;
  c.issuer = fields[2].whole;
  c.validity = fields[3].content;
  c.subject = fields[4].whole;
  c.spki = fields[5].whole;
  std::uint8_t last = 0;
  for (std::size_t i = 6; i < fields.size(); ++i) {
    const std::uint8_t tag = fields[i].tag;
    if ((tag != 0x81 && tag != 0x82 && tag != 0xa3) || (tag & 0x1f) <= last) {
      return std::nullopt;
    }
    last = tag & 0x1f;
    c.unique_ids = c.unique_ids || tag != 0xa3;
    if (tag != 0xa3) {
      continue;
    }
    const auto list = elements_of(fields[i].content);
    if (list.size() != 1 || list[0].tag != 0x30) {
      return std::nullopt;
    }
    for (const Der& entry : elements_of(list[0].content)) {
      const auto of = elements_of(entry.content);
      if (entry.tag != 0x30 || of.size() < 2 || of.size() > 3 || of[0].tag != 0x06 || of.back().tag != 0x04 ||
          (of.size() == 3 && of[1].tag != 0x01)) {
        return std::nullopt;
      }
      c.extensions.push_back({of[0].content, of.size() == 3 && of[1].content[0] == 0xff, of.back().content});
    }
  }
  return c;
}

inline const CertificateExtension* extension_of(const PlainCertificate& c, std::uint8_t last_arc) {
  for (const CertificateExtension& extension : c.extensions) {
    const std::uint8_t oid[] = {0x55, 0x1d, last_arc};
    if (equal_public(extension.oid, oid)) {
      return &extension;
    }
  }
  return nullptr;
}

// The one SEQUENCE that an extension's value is.
inline std::vector<Der> sequence_in(Bytes value) {
  const auto whole = elements_of(value);
  FUZZ_CHECK(whole.size() == 1 && whole[0].whole.size() == value.size() && whole[0].tag == 0x30);
  return elements_of(whole[0].content);
}

// An address and a mask: 8 or 32 bytes, the mask without a one after a zero.
inline bool is_masked_address(Bytes value) {
  if (value.size() != 8 && value.size() != 32) {
    return false;
  }
  std::string bits;
  for (const std::uint8_t byte : value.subspan(value.size() / 2)) {
    for (int bit = 7; bit >= 0; --bit) {
      bits += (byte >> bit & 1) != 0 ? '1' : '0';
    }
  }
  return bits.find("01") == std::string::npos;
}

inline void check_name_constraints(const CertificateExtension& extension) {
  std::size_t trees = 0;
  for (const Der& list : sequence_in(extension.value)) {
    FUZZ_CHECK(list.tag == 0xa0 || list.tag == 0xa1);
    for (const Der& subtree : elements_of(list.content)) {
      const auto base = elements_of(subtree.content);
      FUZZ_CHECK(subtree.tag == 0x30 && !base.empty());
      FUZZ_CHECK(base[0].tag != 0x87 || is_masked_address(base[0].content));
      ++trees;
    }
  }
  FUZZ_CHECK(trees > 0);
}

inline void check_alternative_names(const CertificateExtension& extension, const x509::Certificate& c) {
  const auto names = sequence_in(extension.value);
  auto list = c.subject_alt_names();
  for (const Der& name : names) {
    const auto parsed = list.next();
    FUZZ_CHECK(parsed && static_cast<unsigned>(parsed->type) == (name.tag & 0x1fu));
    if (name.tag == 0x87) {
      FUZZ_CHECK(name.content.size() == 4 || name.content.size() == 16);
    }
    if (name.tag == 0x81 || name.tag == 0x82 || name.tag == 0x86) {
      FUZZ_CHECK(equal_public(name.content, parsed->value));
      for (const std::uint8_t character : name.content) {
        FUZZ_CHECK(character >= 0x20 && character != 0x7f);
      }
    }
  }
  FUZZ_CHECK(!list.next());
}

inline void check_key_usage(const CertificateExtension& extension, const x509::Certificate& c) {
  const auto bits = elements_of(extension.value);
  FUZZ_CHECK(bits.size() == 1 && bits[0].tag == 0x03 && primitive_is_strict(0x03, bits[0].content));
  for (std::size_t i = 0; i < 9; ++i) {
    const std::size_t byte = 1 + i / 8;
    const bool set = byte < bits[0].content.size() && (bits[0].content[byte] >> (7 - i % 8) & 1) != 0;
    FUZZ_CHECK(c.allows(static_cast<x509::KeyUsage>(1u << i)) == set);
  }
}

inline void check_basic_constraints(const CertificateExtension& extension, const x509::Certificate& c) {
  const auto fields = sequence_in(extension.value);
  std::size_t at = 0;
  bool is_ca = false;
  std::optional<std::uint64_t> length;
  if (at < fields.size() && fields[at].tag == 0x01) {
    is_ca = fields[at++].content[0] == 0xff;
  }
  if (at < fields.size()) {
    FUZZ_CHECK(fields[at].tag == 0x02 && primitive_is_strict(0x02, fields[at].content));
    FUZZ_CHECK(fields[at].content[0] < 0x80);
    length = 0;
    for (const std::uint8_t byte : fields[at++].content) {
      length = *length << 8 | byte;
    }
  }
  FUZZ_CHECK(at == fields.size());
  FUZZ_CHECK(c.basic_constraints().is_ca == is_ca);
  FUZZ_CHECK(c.basic_constraints().path_length.has_value() == length.has_value());
  FUZZ_CHECK(!length || *length == *c.basic_constraints().path_length);
}

// Compares an accepted certificate with the second reading of its bytes.
inline void check_certificate(Bytes input, const x509::Certificate& c) {
  const auto plain = read_certificate(input);
  FUZZ_CHECK(plain.has_value());
  FUZZ_CHECK(plain->version >= 1 && plain->version <= 3 && plain->version == c.version());
  FUZZ_CHECK(equal_public(plain->inner_algorithm, plain->outer_algorithm));
  FUZZ_CHECK(equal_public(plain->tbs, c.tbs_certificate()) && equal_public(plain->serial, c.serial()));
  FUZZ_CHECK(equal_public(plain->issuer, c.issuer()) && equal_public(plain->subject, c.subject()));
  FUZZ_CHECK(equal_public(plain->spki, c.spki()) && equal_public(plain->signature, c.signature()));
  FUZZ_CHECK(primitive_is_strict(0x02, plain->serial));
  const bool good_serial = plain->serial.size() <= 20 && plain->serial[0] < 0x80 &&
                           (plain->serial.size() > 1 || plain->serial[0] > 0);
  FUZZ_CHECK(good_serial != c.deviations().has(x509::Deviation::bad_serial_number));
  FUZZ_CHECK(plain->version > 1 || !plain->unique_ids);
  FUZZ_CHECK(plain->unique_ids == c.deviations().has(x509::Deviation::unique_identifier));
  FUZZ_CHECK(plain->version == 3 || plain->extensions.empty());
  FUZZ_CHECK(plain->extensions.size() == c.extensions().size() && plain->extensions.size() <= 32);
  for (std::size_t i = 0; i < plain->extensions.size(); ++i) {
    const CertificateExtension& extension = plain->extensions[i];
    FUZZ_CHECK(primitive_is_strict(0x06, extension.oid));
    FUZZ_CHECK(equal_public(extension.oid, c.extensions()[i].oid));
    FUZZ_CHECK(extension.critical == c.extensions()[i].critical);
    FUZZ_CHECK(equal_public(extension.value, c.extensions()[i].value));
    for (std::size_t j = 0; j < i; ++j) {
      FUZZ_CHECK(!equal_public(extension.oid, plain->extensions[j].oid));
    }
  }
  FUZZ_CHECK((extension_of(*plain, 0x0f) != nullptr) == c.has_key_usage());
  FUZZ_CHECK((extension_of(*plain, 0x11) != nullptr) == c.has_subject_alt_name());
  FUZZ_CHECK((extension_of(*plain, 0x13) != nullptr) == c.basic_constraints().present);
  FUZZ_CHECK((extension_of(*plain, 0x1e) != nullptr) == !c.name_constraints().empty());
  FUZZ_CHECK((extension_of(*plain, 0x25) != nullptr) == c.has_extended_key_usage());
  if (const auto* const usage = extension_of(*plain, 0x0f)) {
    check_key_usage(*usage, c);
  }
  if (const auto* const names = extension_of(*plain, 0x11)) {
    check_alternative_names(*names, c);
  }
  if (const auto* const constraints = extension_of(*plain, 0x13)) {
    check_basic_constraints(*constraints, c);
  }
  if (const auto* const constraints = extension_of(*plain, 0x1e)) {
    check_name_constraints(*constraints);
  }
}

}  // namespace ashlar::fuzz::plain
