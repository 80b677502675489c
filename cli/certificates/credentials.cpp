// SPDX-License-Identifier: Apache-2.0
#include "certificates/credentials.hpp"

#include "output/terminal.hpp"

namespace ashlar::cli {
namespace {

bool looks_like_pem(Bytes content) {
  return text_of(content).find("-----BEGIN ") != std::string_view::npos;
}

}  // namespace

posix::CertificateFile load_certificates(const std::string& path) {
  const FileBytes content = read_whole(path);
  const std::string name = input_name(path);
  if (content.bytes().empty()) {
    throw Failure(name + ": empty, where a certificate is wanted");
  }
  posix::CertificateFile file = value_of(posix::CertificateFile::parse(content.bytes()), name);
  if (file.certificates().empty()) {
    throw Failure(name + (looks_like_pem(content.bytes())
                              ? ": the PEM blocks of this file hold no certificate"
                              : ": neither PEM (-----BEGIN CERTIFICATE-----) nor DER"));
  }
  return file;
}

x509::Certificate parse_certificate(Bytes der, const std::string& path, std::size_t index) {
  return value_of(x509::Certificate::parse(der), path + ", certificate " + std::to_string(index + 1));
}

x509::PrivateKey load_private_key(const std::string& path) {
  const FileBytes content = read_whole(path, 1U << 20);
  const std::string name = input_name(path);
  if (content.bytes().empty()) {
    throw Failure(name + ": empty, where a private key is wanted");
  }
  return value_of(looks_like_pem(content.bytes()) ? x509::PrivateKey::parse_pem(content.text())
                                                  : x509::PrivateKey::parse_der(content.bytes()),
                  name);
}

Trust::Trust(const std::vector<std::string>& files) {
  if (files.empty()) {
    roots_.push_back(value_of(posix::Roots::system(), "the system's root certificates"));
    description_ = roots_.back().path();
  }
  for (const std::string& file : files) {
    roots_.push_back(value_of(posix::Roots::create(load_certificates(file)), file));
    description_ += (description_.empty() ? "" : ", ") + file;
  }
  for (const posix::Roots& roots : roots_) {
    anchors_.insert(anchors_.end(), roots.anchors().begin(), roots.anchors().end());
  }
  description_ = counted(anchors_.size(), "root") + " of " + description_;
  judge_ = std::make_unique<tls::TrustAnchors>(anchors_);
}

LoadedCredential::LoadedCredential(const std::string& certificate_path, const std::string& key_path)
    : chain_(load_certificates(certificate_path)),
      key_(std::make_unique<x509::PrivateKey>(load_private_key(key_path))) {
  const std::span<const Bytes> chain = chain_.certificates();
  for (std::size_t i = 0; i < chain.size(); ++i) {
    (void)parse_certificate(chain[i], certificate_path, i);
  }
  if (const Result<void> fits = tls::check_credential(credential(), key_->public_key()); !fits) {
    throw Failure(key_path + " and " + certificate_path, fits.error());
  }
}

}  // namespace ashlar::cli
