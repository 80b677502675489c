// SPDX-License-Identifier: Apache-2.0
// Making certificates: a CA, and the leaves it signs.
#pragma once

#include <ashlar/x509/certificate.hpp>

namespace ashlar::x509 {

// Texts and lists must outlive the call that issues.
struct CertificateTemplate {
  // Of the subject, UTF-8, at most 64 bytes. If it is longer and one of `names`, it is left out. A subject
  // that becomes empty needs an issuer.
  std::string_view common_name;
  std::string_view organization;  // left out if empty
  Validity validity;
  bool is_ca = false;
  std::optional<std::uint32_t> path_length;
  // subjectAltName: DNS names and texts of IP addresses, told apart by their form.
  std::span<const std::string_view> names;
  bool server_auth = false;
  bool client_auth = false;
};

// The issuer's name and key, and the subjectKeyIdentifier of its certificate (may be empty). All of it must
// outlive the call that issues.
struct Issuer {
  Bytes name;  // the whole Name; empty: self-signed, the subject is the issuer
  Bytes key_identifier;
  const PrivateKey& key;
};

// Writes a version 3 certificate for `subject_key` into `out` (4096 bytes hold any with up to 20 names, 12288
// if there is an ML-DSA key or signature) and returns it: a random positive 16-byte serial, keyUsage and
// extendedKeyUsage of the template, and key identifiers (RFC 5280 §4.2.1.2, like method 1 but SHA-256 cut to
// 20 bytes). The issuer signs as its kind of key does (PrivateKey::issues_with).
Result<Bytes> issue(const CertificateTemplate& certificate, const PublicKey& subject_key,
                    const Issuer& issuer, crypto::Random random, MutBytes out);

}  // namespace ashlar::x509
