// SPDX-License-Identifier: Apache-2.0
// Certificates and roots from files, and certificates with their keys, with messages for their
// faults.
#pragma once

#include "certificates/private_keys.hpp"
#include "failure/failure.hpp"
#include "files/files.hpp"

#include <ashlar/posix.hpp>
#include <ashlar/x509/certificate.hpp>

#include <deque>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace ashlar::cli {

// The certificates of a file or of standard input ("-"), PEM or DER.
posix::CertificateFile load_certificates(const std::string& path);
// Parses one of them; `index` counts from 0.
x509::Certificate parse_certificate(Bytes der, const std::string& path, std::size_t index);

// The words for a key that does not belong to the certificate.
Words mismatch_words(const std::string& key_path, const std::string& certificate_path);

// The roots that a peer's chain may end in: the given files and folders. Without these, those that
// SSL_CERT_FILE and SSL_CERT_DIR name, as in other programs. Without these, the system's bundle.
class Trust {
 public:
  // Any file of a folder may hold certificates. Unreadable files are reported on standard error.
  explicit Trust(const std::vector<std::string>& paths);

  x509::AnchorIndex anchors() const { return judge_->anchors(); }
  // "142 roots of /etc/ssl/certs/ca-certificates.crt".
  const std::string& description() const { return description_; }
  // Judges chains; valid while this object lives.
  tls::Verifier verifier() const { return judge_->verifier(); }

 private:
  void add_folder(const std::string& folder);

  std::deque<posix::Roots> roots_;
  std::vector<x509::TrustAnchor> anchors_;
  std::unique_ptr<tls::TrustAnchors> judge_;
  std::string description_;
};

// A certificate chain and its key, ready for a config. A fault is a Failure that names the file and the
// certificate in it. others: further files with certificates, of which one may be the key's. ocsp_path: a
// file with an OCSP response in DER to staple to it, or empty. A response that clients would refuse is told
// on standard error.
tls::Credential load_credential(const std::string& certificate_path, const std::string& key_path,
                                KeyPassphrases& passphrases, std::span<const std::string> others = {},
                                const std::string& ocsp_path = {});
// A private key alone: a raw public key (RFC 7250).
tls::Credential load_raw_key(const std::string& key_path, KeyPassphrases& passphrases);

// A raw public key that is expected: "sha256:HEX", with or without colons between the bytes, or a file with
// the key in a certificate.
tls::KeyPin pin_of_text(const std::string& text);

}  // namespace ashlar::cli
