// SPDX-License-Identifier: Apache-2.0
#include "certificates/credentials.hpp"

#include "certificates/describe.hpp"
#include "output/terminal.hpp"

#include <ashlar/asn1/der.hpp>
#include <ashlar/asn1/pem.hpp>
#include <ashlar/x509/oids.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <sstream>

namespace ashlar::cli {
namespace {

bool looks_like_pem(Bytes content) {
  return text_of(content).find("-----BEGIN ") != std::string_view::npos;
}

// The kind of a private key in DER by the name of its algorithm or curve; empty where there is none.
std::string key_kind_text(Bytes der) {
  asn1::DerReader outer(der);
  auto fields = outer.sequence();
  if (!fields || !fields->small_integer()) {
    return {};
  }
  // PKCS#8 has an AlgorithmIdentifier, SEC 1 a scalar and then the curve in [0].
  if (fields->next_is(asn1::Tag::octet_string) && !fields->octet_string()) {
    return {};
  }
  auto names = fields->next_is(asn1::Tag::sequence) ? fields->sequence()
                                                    : fields->nested(asn1::context_constructed(0));
  std::string text;
  while (names && names->next_is(asn1::Tag::oid)) {
    text = oid_text(*names->oid());  // the last: a curve says more than "EC"
  }
  return text;
}

// The same of the first private key in a PEM text, whose label may say it.
std::string pem_key_kind_text(std::string_view text) {
  asn1::PemReader reader(text);
  while (true) {
    const auto block = reader.next_text();
    if (!block || block->label.empty()) {
      return {};
    }
    constexpr std::string_view kEnd = " PRIVATE KEY";
    if (!block->label.ends_with(kEnd) && block->label != kEnd.substr(1)) {
      continue;
    }
    SecretBuffer<x509::kMaxPrivateKeySize> der;
    der.resize(der.capacity());
    const auto decoded = block->decode(der.reveal_mut());
    const std::string kind = decoded ? key_kind_text(*decoded) : std::string();
    return kind.empty() && block->label.ends_with(kEnd)
               ? std::string(block->label.substr(0, block->label.size() - kEnd.size()))
               : kind;
  }
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
  const bool pem = looks_like_pem(content.bytes());
  auto key = pem ? x509::PrivateKey::parse_pem(content.text()) : x509::PrivateKey::parse_der(content.bytes());
  if (!key && key.error() == ErrorCode::unsupported_key) {
    const std::string kind = pem ? pem_key_kind_text(content.text()) : key_kind_text(content.bytes());
    std::string known;
    for (const x509::PrivateKeyKind* each : x509::kAllPrivateKeys) {
      known += (known.empty() ? "" : ", ") + std::string(each->kind.name);
    }
    // An RSA key with more than two primes is known by kind.
    if (!kind.empty() && kind != oid_text(x509::oids::kRsaEncryption)) {
      throw Failure(name + ": a private key of the kind " + kind + ", which is not supported; these are: " +
                    known + " (more: ashlar explain unsupported_key)");
    }
  }
  return value_of(std::move(key), name);
}

namespace {

// Each file of a folder once, links followed, hidden ones left out; in the order of their names.
std::vector<std::string> files_of(const std::string& folder) {
  std::set<std::filesystem::path> seen, names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().filename().string()[0] != '.') {
      names.insert(entry.path());
    }
  }
  if (error) {
    throw Failure(folder + ": " + error.message());
  }
  std::vector<std::string> out;
  for (const std::filesystem::path& name : names) {
    const auto target = std::filesystem::canonical(name, error);
    if (!error && std::filesystem::is_regular_file(target, error) && seen.insert(target).second) {
      out.push_back(name.string());
    }
  }
  return out;
}

// The roots of a file. Which of its certificates could not be read is said.
posix::Roots roots_of(const std::string& path) {
  posix::Roots roots = value_of(posix::Roots::create(load_certificates(path)), path);
  if (roots.passed_over() > 0) {
    std::fprintf(stderr, "%s: %s of it could not be read and is not trusted\n",
                 escape(std::string_view(path)).c_str(), counted(roots.passed_over(), "certificate").c_str());
  }
  return roots;
}

// What SSL_CERT_FILE and SSL_CERT_DIR name: a file, and folders with colons between them.
std::vector<std::string> paths_of_environment() {
  std::vector<std::string> paths;
  if (const char* const file = std::getenv("SSL_CERT_FILE"); file != nullptr && *file != '\0') {
    paths.emplace_back(file);
  }
  if (const char* const folders = std::getenv("SSL_CERT_DIR"); folders != nullptr) {
    std::istringstream list(folders);
    for (std::string folder; std::getline(list, folder, ':');) {
      if (!folder.empty()) {
        paths.push_back(folder);
      }
    }
  }
  return paths;
}

}  // namespace

void Trust::add_folder(const std::string& folder) {
  const std::size_t before = roots_.size();
  for (const std::string& file : files_of(folder)) {
    try {
      roots_.push_back(roots_of(file));
    } catch (const Failure& failure) {
      std::fprintf(stderr, "%s\n", escape(std::string_view(failure.what())).c_str());
    }
  }
  if (roots_.size() == before) {
    throw Failure(folder + ": no file of this folder holds a certificate");
  }
}

Trust::Trust(const std::vector<std::string>& paths) {
  const std::vector<std::string> chosen = paths.empty() ? paths_of_environment() : paths;
  if (chosen.empty()) {
    roots_.push_back(value_of(posix::Roots::system(), "the system's root certificates"));
    description_ = roots_.back().path();
  }
  for (const std::string& path : chosen) {
    if (std::filesystem::is_directory(path)) {
      add_folder(path);
    } else {
      roots_.push_back(roots_of(path));
    }
    description_ += (description_.empty() ? "" : ", ") + path;
  }
  for (const posix::Roots& roots : roots_) {
    const std::span<const x509::TrustAnchor> anchors = roots.anchors().all();
    anchors_.insert(anchors_.end(), anchors.begin(), anchors.end());
  }
  description_ = counted(anchors_.size(), "root") + " of " + description_;
  judge_ = std::make_unique<tls::TrustAnchors>(x509::AnchorIndex(anchors_), x509::RevocationCheck{},
                                               !paths.empty());
}

tls::Credential load_credential(const std::string& certificate_path, const std::string& key_path) {
  const posix::CertificateFile chain = load_certificates(certificate_path);
  std::size_t at_fault = 0;
  tls::CredentialParts parts;
  parts.chain = chain.certificates();
  parts.at_fault = &at_fault;
  auto made = tls::Credential::create(parts, load_private_key(key_path));
  if (!made && made.error() == ErrorCode::key_does_not_match) {
    throw Failure(key_path + " and " + certificate_path, made.error());
  }
  return value_of(std::move(made),
                  input_name(certificate_path) + ", certificate " + std::to_string(at_fault + 1));
}

}  // namespace ashlar::cli
