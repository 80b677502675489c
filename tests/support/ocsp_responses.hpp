// SPDX-License-Identifier: Apache-2.0
// OCSP responses for tests, with any field right or wrong.
#pragma once

#include <ashlar/crypto/sha1.hpp>
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/x509/ocsp.hpp>

#include <optional>

#include "support/certificates.hpp"

namespace ashlar::test {

// As ResponseData has times: always a GeneralizedTime.
inline void write_generalized(asn1::DerWriter& w, asn1::Time time) {
  const asn1::Calendar at = asn1::calendar(time);
  char text[32];
  std::snprintf(text, sizeof text, "%04d%02d%02d%02d%02d%02dZ", at.year, at.month, at.day, at.hour, at.minute,
                at.second);
  w.element(asn1::Tag::generalized_time, bytes_of(std::string_view(text)));
}

// The content of a key's BIT STRING.
inline Buffer key_bits_of(const x509::PrivateKey& key) {
  Buffer bits(x509::kMaxSpkiSize);
  const auto written = key.public_key().write_bits(bits);
  bits.resize(written->size());
  return bits;
}

struct OcspSpec {
  // Of the certificate, and of who issued it with p256_key(2).
  Buffer certificate;
  std::uint64_t issuer_key = 2;
  asn1::Oid hash = asn1::oid("1.3.14.3.2.26");
  const crypto::HashAlgorithm* hash_function = &crypto::kSha1;
  bool hash_parameters = true;  // NULL
  std::optional<Buffer> serial;

  unsigned status = 0;  // good, revoked, unknown
  std::optional<std::uint8_t> reason;
  asn1::Time now = {1893456000};  // 2030-01-01, as FixedClock has it
  std::int64_t produced = -60, this_update = -3600, revoked = -86400;
  std::optional<std::int64_t> next_update = 86400;

  // Who signs: the issuer, or another.
  std::uint64_t signing_key = 2;
  Buffer responder_name = name_of("root");
  bool by_key = false;
  std::vector<Buffer> certificates;

  // Oddities.
  std::uint8_t response_status = 0;
  asn1::Oid response_type = asn1::oid("1.3.6.1.5.5.7.48.1.1");
  std::optional<std::uint32_t> version;
  bool critical_extension = false, critical_single_extension = false, nonce = false;
  unsigned copies = 1;  // of the entry
  bool damaged = false;
  bool no_bytes = false;
};

inline void write_ocsp_extension(asn1::DerWriter& w, bool critical) {
  const auto field = w.scope(asn1::context_constructed(1));
  const auto list = w.sequence();
  const auto extension = w.sequence();
  w.oid(asn1::oid("1.3.6.1.5.5.7.48.1.2"));  // nonce
  if (critical) {
    w.boolean(true);
  }
  w.octet_string(unhex("0401aa"));
}

inline void write_single(asn1::DerWriter& w, const OcspSpec& spec) {
  const auto certificate = x509::Certificate::parse(spec.certificate);
  const auto at = [&](std::int64_t offset) { return asn1::Time{spec.now.seconds + offset}; };
  const auto single = w.sequence();
  {
    const auto id = w.sequence();
    {
      const auto algorithm = w.sequence();
      w.oid(spec.hash);
      if (spec.hash_parameters) {
        w.null();
      }
    }
    w.octet_string(crypto::digest(*spec.hash_function, certificate->issuer()).bytes());
    w.octet_string(crypto::digest(*spec.hash_function, key_bits_of(p256_key(spec.issuer_key))).bytes());
    w.element(asn1::Tag::integer, spec.serial ? Bytes(*spec.serial) : certificate->serial());
  }
  if (spec.status == 1) {
    const auto info = w.scope(asn1::context_constructed(1));
    write_generalized(w, at(spec.revoked));
    if (spec.reason) {
      const auto reason = w.scope(asn1::context_constructed(0));
      w.element(asn1::Tag::enumerated, Bytes(&*spec.reason, 1));
    }
  } else {
    w.element(asn1::context(spec.status), {});
  }
  write_generalized(w, at(spec.this_update));
  if (spec.next_update) {
    const auto next = w.scope(asn1::context_constructed(0));
    write_generalized(w, at(*spec.next_update));
  }
  if (spec.critical_single_extension) {
    write_ocsp_extension(w, true);
  }
}

inline Buffer make(const OcspSpec& spec) {
  const Buffer data = der([&](asn1::DerWriter& w) {
    const auto fields = w.sequence();
    if (spec.version) {
      const auto version = w.scope(asn1::context_constructed(0));
      w.small_integer(*spec.version);
    }
    if (spec.by_key) {
      const auto id = w.scope(asn1::context_constructed(2));
      w.octet_string(crypto::digest(crypto::kSha1, key_bits_of(p256_key(spec.signing_key))).bytes());
    } else {
      const auto id = w.scope(asn1::context_constructed(1));
      w.raw(spec.responder_name);
    }
    write_generalized(w, asn1::Time{spec.now.seconds + spec.produced});
    {
      const auto responses = w.sequence();
      for (unsigned i = 0; i < spec.copies; ++i) {
        write_single(w, spec);
      }
    }
    if (spec.critical_extension || spec.nonce) {
      write_ocsp_extension(w, spec.critical_extension);
    }
  });
  crypto::DeterministicRandom random(data.size());
  std::uint8_t signature[x509::kMaxSignatureSize];
  const Bytes message[] = {data};
  const auto made = p256_key(spec.signing_key).sign(x509::kEcdsaSha256, message, random.random(), signature);
  const Buffer basic = der([&](asn1::DerWriter& w) {
    const auto outer = w.sequence();
    Buffer sent = data;
    sent[sent.size() / 2] ^= spec.damaged ? 1 : 0;
    w.raw(sent);
    w.raw(kEcdsaSha256Identifier);
    w.bit_string(*made);
    if (!spec.certificates.empty()) {
      const auto field = w.scope(asn1::context_constructed(0));
      const auto list = w.sequence();
      for (const Buffer& certificate : spec.certificates) {
        w.raw(certificate);
      }
    }
  });
  return der([&](asn1::DerWriter& w) {
    const auto response = w.sequence();
    w.element(asn1::Tag::enumerated, Bytes(&spec.response_status, 1));
    if (!spec.no_bytes) {
      const auto field = w.scope(asn1::context_constructed(0));
      const auto content = w.sequence();
      w.oid(spec.response_type);
      w.octet_string(basic);
    }
  });
}

}  // namespace ashlar::test
