// SPDX-License-Identifier: Apache-2.0
#include "certificates/credentials.hpp"

#include "certificates/contents.hpp"
#include "certificates/describe.hpp"
#include "output/terminal.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <set>
#include <sstream>

#include <unistd.h>

namespace ashlar::cli {

posix::CertificateFile load_certificates(const std::string& path) {
  const FileBytes content = read_whole(path);
  const std::string name = input_name(path);
  auto file = posix::CertificateFile::parse(content.bytes());
  // A broken certificate is reported with its own error.
  if (!holds_certificate(content.bytes())) {
    throw Failure(no_certificate(path, content.bytes()));
  }
  return value_of(std::move(file), name);
}

x509::Certificate parse_certificate(Bytes der, const std::string& path, std::size_t index) {
  return value_of(x509::Certificate::parse(der), path + ", certificate " + std::to_string(index + 1));
}

namespace {

// Each file of a folder once, with links followed and without hidden files, in the order of their names.
std::vector<std::string> files_of(const std::string& folder) {
  std::set<std::filesystem::path> seen, names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().filename().string()[0] != '.') {
      names.insert(entry.path());
    }
  }
  if (error) {
    throw Failure(system_words(folder, error.value(), "a folder that can be read"));
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

// Says which certificates of a file of roots are not trusted, and why. Nothing is dropped in silence.
void tell_dropped(const std::string& path, Bytes content, std::span<const Bytes> certificates) {
  constexpr std::size_t kMostTold = 8;
  std::size_t dropped = 0;
  for (std::size_t i = 0; i < certificates.size(); ++i) {
    const auto root = x509::Certificate::parse(certificates[i]);
    if (!root && ++dropped <= kMostTold) {
      std::fprintf(stderr, "Warning: %s: certificate %zu of %zu is not trusted: %s\n", quoted(path).c_str(),
                   i + 1, certificates.size(), sentence(root.error()).c_str());
    }
  }
  if (dropped > kMostTold) {
    std::fprintf(stderr, "Warning: %s: %s more are not trusted\n", quoted(path).c_str(),
                 std::to_string(dropped - kMostTold).c_str());
  }
  if (const std::string others = other_blocks(content); !others.empty()) {
    std::fprintf(stderr, "Warning: %s: not trusted, since it is no plain certificate: %s\n",
                 quoted(path).c_str(), others.c_str());
  }
}

posix::Roots roots_of(const std::string& path) {
  const FileBytes content = read_whole(path);
  posix::CertificateFile file = load_certificates(path);
  tell_dropped(path, content.bytes(), file.certificates());
  auto roots = posix::Roots::create(std::move(file));
  if (!roots) {
    Words words = words_of(path, roots.error());
    words.found = "certificates that cannot be read: each is told above";
    words.wanted = "at least one certificate that can be a root";
    throw Failure(words);
  }
  return std::move(*roots);
}

// The bundle of roots that this system has.
std::string system_bundle() {
  std::string tried;
  for (const char* const path : posix::kSystemRootFiles) {
    if (::access(path, R_OK) == 0) {
      return path;
    }
    tried += std::string(tried.empty() ? "" : ", ") + path;
  }
  throw Failure(Words{.cause = "this system's root certificates are not where they usually are",
                      .usual = "The package ca-certificates is not installed.",
                      .found = "none of " + tried,
                      .wanted = "one of these files",
                      .next = "install ca-certificates, set SSL_CERT_FILE, or name roots by --trust FILE"});
}

// A file or a folder with roots.
struct Named {
  std::string path;
  std::string variable;  // of the environment, which names it; empty: the user does
};

// What SSL_CERT_FILE and SSL_CERT_DIR name: a file, and folders separated by colons.
std::vector<Named> paths_of_environment() {
  std::vector<Named> paths;
  if (const char* const file = std::getenv("SSL_CERT_FILE"); file != nullptr && *file != '\0') {
    paths.push_back({file, "SSL_CERT_FILE"});
  }
  if (const char* const folders = std::getenv("SSL_CERT_DIR"); folders != nullptr) {
    std::istringstream list(folders);
    for (std::string folder; std::getline(list, folder, ':');) {
      if (!folder.empty()) {
        paths.push_back({folder, "SSL_CERT_DIR"});
      }
    }
  }
  return paths;
}

}  // namespace

void Trust::add_folder(const std::string& folder) {
  const std::size_t before = roots_.size();
  const std::vector<std::string> files = files_of(folder);
  for (const std::string& file : files) {
    try {
      roots_.push_back(roots_of(file));
    } catch (const Failure& failure) {
      const std::string_view words = failure.what();
      std::fprintf(stderr, "Warning: not trusted: %s\n",
                   std::string(words.substr(0, words.find('\n'))).c_str());
    }
  }
  if (roots_.size() == before) {
    throw Failure(
        Words{.cause = folder + ": no file of this folder holds a certificate",
              .found = counted(files.size(), "file") + ", none with a certificate that could be read",
              .wanted = "certificates, PEM or DER, one or more in a file",
              .next = "ls " + quoted(folder) + "; give another folder or a file: --trust FILE"});
  }
}

Trust::Trust(const std::vector<std::string>& paths) {
  std::vector<Named> chosen;
  for (const std::string& path : paths) {
    chosen.push_back({path, ""});
  }
  if (paths.empty()) {
    chosen = paths_of_environment();
  }
  if (chosen.empty()) {
    description_ = system_bundle();
    roots_.push_back(roots_of(description_));
  }
  for (const auto& [path, variable] : chosen) {
    try {
      if (std::filesystem::is_directory(path)) {
        add_folder(path);
      } else {
        roots_.push_back(roots_of(path));
      }
    } catch (const Failure& failure) {
      throw Failure((variable.empty() ? "" : "the environment's " + variable + ": ") + failure.what(),
                    failure.code());
    }
    description_ += (description_.empty() ? "" : ", ") + path;
  }
  // A certificate in several files counts once.
  std::set<std::string_view> seen;
  for (const posix::Roots& roots : roots_) {
    for (const x509::TrustAnchor& anchor : roots.anchors().all()) {
      if (seen.insert(text_of(anchor.certificate())).second) {
        anchors_.push_back(anchor);
      }
    }
  }
  description_ = counted(anchors_.size(), "root") + " of " + description_;
  if (paths.empty() && !chosen.empty()) {
    description_ += ", which the environment names (SSL_CERT_FILE, SSL_CERT_DIR)";
  }
  judge_ = std::make_unique<tls::TrustAnchors>(x509::AnchorIndex(anchors_), x509::RevocationCheck{},
                                               !paths.empty());
}

Words mismatch_words(const std::string& key_path, const std::string& certificate_path) {
  Words words = words_of(key_path + " and " + certificate_path, Error{ErrorCode::key_does_not_match});
  words.found = "two different public keys";
  words.wanted = "the key that the certificate was issued for";
  words.next = "compare the lines \"Public key SHA-256\": ashlar key show " + quoted(key_path) +
               "; ashlar cert show " + quoted(certificate_path);
  return words;
}

namespace {

// The place of the certificate that has this key, counted from 0, if the file has one.
std::optional<std::size_t> place_of_key(Bytes spki, const posix::CertificateFile& file) {
  for (std::size_t i = 0; i < file.certificates().size(); ++i) {
    const auto certificate = x509::Certificate::parse(file.certificates()[i]);
    if (certificate && equal_public(certificate->spki(), spki)) {
      return i;
    }
  }
  return std::nullopt;
}

// The words for a key that is not that of the chain's first certificate: whose it is, if that can be said.
Words stray_key_words(Bytes spki, const std::string& certificate_path, const posix::CertificateFile& chain,
                      const std::string& key_path, std::span<const std::string> others) {
  Words words = mismatch_words(key_path, certificate_path);
  if (const auto place = place_of_key(spki, chain)) {
    words.usual = {};
    words.found = "the key of certificate " + std::to_string(*place + 1) + " of " + certificate_path +
                  ", and another certificate before it";
    words.wanted = "the key's own certificate first, then each that issued the one before it";
    words.next = "put that certificate at the beginning of " + quoted(certificate_path);
    return words;
  }
  for (const std::string& other : others) {
    if (other != certificate_path && place_of_key(spki, load_certificates(other)) == 0U) {
      words.found = "the key of the certificate in " + other;
      words.wanted = "keys in the order of their certificates";
      words.next = "give them in pairs: --cert " + quoted(other) + " --key " + quoted(key_path);
      return words;
    }
  }
  return words;
}

// Fails if each of the two files holds what the other one should.
void check_swapped(const std::string& certificate_path, const std::string& key_path) {
  if (!file_size(certificate_path) || !file_size(key_path)) {
    return;  // a pipe can be read only once
  }
  const FileBytes certificate = read_whole(certificate_path), key = read_whole(key_path);
  if (holds_certificate(certificate.bytes()) || holds_private_key(key.bytes()) ||
      !holds_private_key(certificate.bytes()) || !holds_certificate(key.bytes())) {
    return;
  }
  throw Failure(Words{.cause = "the certificate's file and the key's are swapped",
                      .found = "a private key in " + certificate_path + ", and a certificate in " + key_path,
                      .wanted = "the certificate by --cert and its private key by --key",
                      .next = "write --cert " + quoted(key_path) + " --key " + quoted(certificate_path)});
}

// Judges a response by the issuer's certificate, if the chain has it.
void tell_bad_staple(const std::string& path, Bytes response, std::span<const Bytes> chain) {
  const auto issuer = chain.size() > 1 ? x509::Certificate::parse(chain[1]) : ErrorCode::unknown_issuer;
  if (!issuer) {
    return;
  }
  const auto judged =
      x509::check_ocsp_response({response, chain[0], issuer->spki(), posix::now(), &x509::kAllKeys});
  if (!judged) {
    std::fprintf(stderr, "Warning: %s: clients that judge it will refuse it: %s\n", quoted(path).c_str(),
                 sentence(judged.error()).c_str());
  }
}

}  // namespace

tls::Credential load_credential(const std::string& certificate_path, const std::string& key_path,
                                KeyPassphrases& passphrases, std::span<const std::string> others,
                                const std::string& ocsp_path) {
  check_swapped(certificate_path, key_path);
  const posix::CertificateFile chain = load_certificates(certificate_path);
  std::size_t at_fault = 0;
  tls::CredentialParts parts;
  parts.chain = chain.certificates();
  parts.at_fault = &at_fault;
  FileBytes response;
  if (!ocsp_path.empty()) {
    response = read_whole(ocsp_path);
    parts.ocsp_staple = response.bytes();
    tell_bad_staple(ocsp_path, response.bytes(), chain.certificates());
  }
  x509::PrivateKey key = load_private_key(key_path, passphrases);
  std::uint8_t storage[x509::kMaxSpkiSize];
  const Bytes spki = value_of(key.public_key().write_spki(storage), input_name(key_path));
  auto made = tls::Credential::create(parts, std::move(key));
  const bool late =
      !made && made.error() == ErrorCode::chain_out_of_order && place_of_key(spki, chain).value_or(0) > 0;
  if (late || (!made && made.error() == ErrorCode::key_does_not_match)) {
    throw Failure(stray_key_words(spki, certificate_path, chain, key_path, others));
  }
  return value_of(std::move(made),
                  input_name(certificate_path) + ", certificate " + std::to_string(at_fault + 1));
}

tls::Credential load_raw_key(const std::string& key_path, KeyPassphrases& passphrases) {
  x509::PrivateKey key = load_private_key(key_path, passphrases);
  std::uint8_t storage[x509::kMaxSpkiSize];
  tls::CredentialParts parts;
  parts.raw_public_key = value_of(key.public_key().write_spki(storage), input_name(key_path));
  return value_of(tls::Credential::create(parts, std::move(key)), input_name(key_path));
}

namespace {

constexpr std::string_view kPinPrefix = "sha256:";

std::optional<tls::KeyPin> pin_of_hex(std::string_view text) {
  tls::KeyPin pin;
  std::size_t digits = 0;
  for (const char c : text) {
    const bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (c == ':' && digits % 2 == 0) {
      continue;
    }
    if (!digit || digits == 2 * sizeof pin.sha256) {
      return std::nullopt;
    }
    const auto value = static_cast<std::uint8_t>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    std::uint8_t& byte = pin.sha256[digits / 2];
    byte = static_cast<std::uint8_t>(digits % 2 == 0 ? value << 4 : byte | value);
    ++digits;
  }
  return digits == 2 * sizeof pin.sha256 ? std::optional(pin) : std::nullopt;
}

}  // namespace

tls::KeyPin pin_of_text(const std::string& text) {
  if (text.starts_with(kPinPrefix)) {
    if (const auto pin = pin_of_hex(std::string_view(text).substr(kPinPrefix.size()))) {
      return *pin;
    }
    throw Failure(
        Words{.cause = "--pin-key does not take this value",
              .found = "\"" + escape(std::string_view(text)) + "\"",
              .wanted = "sha256: and 64 hexadecimal digits, or a file with a certificate",
              .next = "ask the key's owner for the line \"Public key SHA-256\" of: ashlar key show FILE"},
        ExitCode::usage);
  }
  const posix::CertificateFile file = load_certificates(text);
  return tls::pin_of(parse_certificate(file.certificates()[0], text, 0).spki());
}

}  // namespace ashlar::cli
