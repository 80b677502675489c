// SPDX-License-Identifier: Apache-2.0
// Files, and the certificates in them.
#pragma once

#include <ashlar/asn1/pem.hpp>
#include <ashlar/posix/system.hpp>

#include <cerrno>
#include <cstdlib>
#include <new>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ashlar::posix {

// Memory from malloc. It can be moved, and is wiped when it dies because it may hold a private key.
class Block {
 public:
  Block() = default;
  Block(Block&& other) noexcept : data_(other.data_), size_(other.size_) { other.data_ = nullptr; }
  Block& operator=(Block&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~Block() {
    if (data_ != nullptr) {
      wipe(data_, size_);
      std::free(data_);
    }
  }
  static Result<Block> allocate(std::size_t size) {  // out_of_memory
    Block block;
    block.data_ = static_cast<std::uint8_t*>(std::malloc(size == 0 ? 1 : size));
    if (block.data_ == nullptr) {
      return Error{ErrorCode::out_of_memory, Place::none, static_cast<std::uint32_t>(size)};
    }
    block.size_ = size;
    return block;
  }
  MutBytes bytes() const { return {data_, size_}; }
  // Keeps the first `size` bytes. There must be at least that many.
  void shorten(std::size_t size) { size_ = size; }

 private:
  std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

// A whole regular file of at most `limit` bytes. If it becomes shorter meanwhile: what is left of it.
inline Result<Block> read_file(const char* path, std::size_t limit = 16U << 20) {
  const int file = ::open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return system_error();
  }
  const auto read_all = [file, limit]() -> Result<Block> {
    struct stat info {};
    if (::fstat(file, &info) != 0) {
      return system_error();
    }
    const auto size = static_cast<std::size_t>(info.st_size);
    if (!S_ISREG(info.st_mode) || size > limit) {
      return ErrorCode::invalid_argument;
    }
    ASHLAR_TRY(Block block, Block::allocate(size));
    for (MutBytes rest = block.bytes(); !rest.empty();) {
      const ssize_t count = ::read(file, rest.data(), rest.size());
      if (count < 0 && errno == EINTR) {
        continue;
      }
      if (count < 0) {
        return system_error();
      }
      if (count == 0) {
        block.shorten(size - rest.size());
        break;
      }
      rest = rest.subspan(static_cast<std::size_t>(count));
    }
    return block;
  };
  Result<Block> result = read_all();
  ::close(file);
  return result;
}

// Decodes the certificates of a PEM text (or a single one in DER) into `storage`
// (asn1::pem_decoded_capacity(text.size()) bytes hold any) and lists them in `out`. Returns how many there
// are: capacity_exceeded beyond out.size().
inline Result<std::size_t> decode_certificates(Bytes text, MutBytes storage, std::span<Bytes> out) {
  std::size_t count = 0;
  const auto add = [&](Bytes der) -> Result<void> {
    if (count == out.size()) {
      return Error{ErrorCode::capacity_exceeded, Place::none, static_cast<std::uint32_t>(count)};
    }
    out[count++] = der;
    return {};
  };
  if (!text.empty() && text[0] == 0x30 && text.size() <= storage.size()) {
    copy_bytes(storage, text);
    ASHLAR_CHECK(add(storage.first(text.size())));
    return count;
  }
  asn1::PemReader reader(text_of(text));
  for (;;) {
    ASHLAR_TRY(const asn1::PemText block, reader.next_text());
    if (block.label.empty()) {
      return count;
    }
    // Keys and other blocks are not decoded.
    if (block.label == "CERTIFICATE" || block.label == "X509 CERTIFICATE") {
      ASHLAR_TRY(const MutBytes der, block.decode(storage));
      ASHLAR_CHECK(add(der));
      storage = storage.subspan(der.size());
    }
  }
}

// The certificates of a file, PEM or DER, in its order: a server's chain, a CA bundle.
class CertificateFile {
 public:
  static Result<CertificateFile> load(const char* path) {  // of a file
    ASHLAR_TRY(const Block text, read_file(path));
    return parse(text.bytes());
  }
  static Result<CertificateFile> parse(Bytes text) {  // of a text, which is copied
    std::size_t most = 1;
    constexpr std::string_view kBegin = "-----BEGIN ";
    for (std::string_view rest = text_of(text); rest.size() >= kBegin.size(); rest.remove_prefix(1)) {
      const std::size_t at = rest.find(kBegin);
      if (at == std::string_view::npos) {
        break;
      }
      rest.remove_prefix(at);
      ++most;
    }
    CertificateFile file;
    ASHLAR_TRY(file.index_, Block::allocate(most * sizeof(Bytes)));
    ASHLAR_TRY(file.storage_, Block::allocate(asn1::pem_decoded_capacity(text.size()) + text.size()));
    auto* const first = reinterpret_cast<Bytes*>(file.index_.bytes().data());
    for (std::size_t i = 0; i < most; ++i) {
      new (first + i) Bytes();
    }
    ASHLAR_TRY(file.count_, decode_certificates(text, file.storage_.bytes(), {first, most}));
    return file;
  }

  std::span<const Bytes> certificates() const {  // in DER, in the order of the file
    return {reinterpret_cast<const Bytes*>(index_.bytes().data()), count_};
  }

 private:
  friend class Roots;
  CertificateFile() = default;
  Block index_, storage_;
  std::size_t count_ = 0;
};

}  // namespace ashlar::posix
