// SPDX-License-Identifier: Apache-2.0
// Trust anchors from the system or from a file.
#pragma once

#include <ashlar/posix/files.hpp>
#include <ashlar/x509/anchor.hpp>
#include <ashlar/x509/certificate.hpp>

#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ashlar::posix {

// The paths of the systems' bundles of root certificates: Debian and Alpine, Fedora, older Fedora, SUSE, the
// BSDs and macOS, FreeBSD's package.
inline constexpr const char* kSystemRootFiles[] = {
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/usr/local/share/certs/ca-root-nss.crt",
};

// Trust anchors from a file. Certificates in it that cannot be anchors (not well-formed) are skipped and
// counted.
class Roots {
 public:
  // If SSL_CERT_FILE or SSL_CERT_DIR (folders, separated by colons) is set: what they name, as in other
  // programs. Else the first existing file of kSystemRootFiles. no_roots if there is none.
  static Result<Roots> system() {
    const char* const file_path = environment("SSL_CERT_FILE");
    const char* const folders = environment("SSL_CERT_DIR");
    if (file_path != nullptr || folders != nullptr) {
      return named(file_path, folders);
    }
    for (const char* const path : kSystemRootFiles) {
      if (::access(path, R_OK) == 0) {
        return file(path);
      }
    }
    return ErrorCode::no_roots;
  }
  // `path` is kept by reference. no_roots if the file holds no readable certificate.
  static Result<Roots> file(const char* path) {
    ASHLAR_TRY(CertificateFile certificates, CertificateFile::load(path));
    ASHLAR_TRY(Roots roots, create(std::move(certificates)));
    roots.path_ = path;
    return roots;
  }
  static Result<Roots> create(CertificateFile certificates) {  // from loaded certificates
    Roots roots;
    roots.certificates_ = std::move(certificates);
    const std::span<const Bytes> all = roots.certificates_.certificates();
    ASHLAR_TRY(roots.anchors_, Block::allocate(all.size() * sizeof(x509::TrustAnchor)));
    auto* const first = reinterpret_cast<x509::TrustAnchor*>(roots.anchors_.bytes().data());
    for (const Bytes der : all) {
      if (const Result<x509::Certificate> root = x509::Certificate::parse(der)) {
        new (first + roots.count_++) x509::TrustAnchor(x509::TrustAnchor::from(*root));
      }
    }
    if (roots.count_ == 0) {
      return ErrorCode::no_roots;
    }
    roots.index_ = x509::AnchorIndex({first, roots.count_});
    return roots;
  }

  // Valid as long as this object lives, or the one that it was moved to.
  const x509::AnchorIndex& anchors() const { return index_; }
  // The file or the folders that they came from; null if they came from none.
  const char* path() const { return path_; }
  // How many certificates, and files of folders, could not be read and are not trusted.
  std::size_t passed_over() const {
    return certificates_.certificates().size() - count_ + files_passed_over_;
  }

 private:
  Roots() = default;

  // A variable that is set and not empty. A program with more rights than its caller gets null.
  static const char* environment(const char* name) {
#if defined(__GLIBC__)
    const char* const value = ::secure_getenv(name);
#else
    const char* const value = std::getenv(name);
#endif
    return value != nullptr && *value != '\0' ? value : nullptr;
  }

  // The texts of many files, concatenated.
  struct Collected {
    Block text;
    std::size_t used = 0, passed_over = 0;

    Result<void> add(const char* path) {
      const Result<Block> content = read_file(path);
      const Result<CertificateFile> found =
          content ? CertificateFile::parse(content->bytes()) : Result<CertificateFile>(content.error());
      if (!found || found->certificates().empty()) {
        ++passed_over;
        return {};
      }
      for (const Bytes der : found->certificates()) {
        constexpr std::string_view kLabel = "CERTIFICATE";
        const std::size_t size = asn1::pem_encoded_size(kLabel, der.size());
        if (text.bytes().size() - used < size) {
          ASHLAR_TRY(Block larger, Block::allocate(2 * (used + size)));
          copy_bytes(larger.bytes(), Bytes(text.bytes()).first(used));
          text = std::move(larger);
        }
        const MutBytes room = text.bytes().subspan(used);
        ASHLAR_TRY(const std::string_view pem,
                   asn1::write_pem(kLabel, der, {reinterpret_cast<char*>(room.data()), room.size()}));
        used += pem.size();
      }
      return {};
    }
  };

  static Result<void> add_folder(Collected& all, std::string_view folder) {
    char path[4096];
    if (folder.empty() || folder.size() + 2 > sizeof path) {
      return {};
    }
    std::memcpy(path, folder.data(), folder.size());
    path[folder.size()] = '\0';
    DIR* const entries = ::opendir(path);
    if (entries == nullptr) {
      return system_error();
    }
    Result<void> added;
    while (const dirent* const entry = added ? ::readdir(entries) : nullptr) {
      const std::size_t size = std::strlen(entry->d_name);
      if (entry->d_name[0] == '.' || folder.size() + 1 + size + 1 > sizeof path) {
        continue;
      }
      path[folder.size()] = '/';
      std::memcpy(path + folder.size() + 1, entry->d_name, size + 1);
      struct stat info {};
      if (::stat(path, &info) == 0 && S_ISREG(info.st_mode)) {
        added = all.add(path);
      }
    }
    ::closedir(entries);
    return added;
  }

  static Result<Roots> named(const char* file_path, const char* folders) {
    if (folders == nullptr) {
      return file(file_path);
    }
    Collected all;
    if (file_path != nullptr) {
      ASHLAR_CHECK(all.add(file_path));
    }
    for (std::string_view rest = folders; !rest.empty();) {
      const std::size_t colon = rest.find(':');
      const std::size_t size = colon == std::string_view::npos ? rest.size() : colon;
      ASHLAR_CHECK(add_folder(all, {rest.data(), size}));
      rest.remove_prefix(size == rest.size() ? size : size + 1);
    }
    if (all.used == 0) {
      return ErrorCode::no_roots;
    }
    ASHLAR_TRY(CertificateFile certificates, CertificateFile::parse(Bytes(all.text.bytes()).first(all.used)));
    ASHLAR_TRY(Roots roots, create(std::move(certificates)));
    roots.path_ = file_path != nullptr ? file_path : folders;
    roots.files_passed_over_ = all.passed_over;
    return roots;
  }

  CertificateFile certificates_;
  Block anchors_;
  x509::AnchorIndex index_;
  std::size_t count_ = 0, files_passed_over_ = 0;
  const char* path_ = nullptr;
};

}  // namespace ashlar::posix
