// SPDX-License-Identifier: Apache-2.0
#include "files/sealed_file.hpp"

#include "failure/failure.hpp"
#include "output/terminal.hpp"

#include <ashlar/base/ct.hpp>
#include <ashlar/crypto/chacha20poly1305.hpp>
#include <ashlar/crypto/gcm.hpp>
#include <ashlar/crypto/hkdf.hpp>
#include <ashlar/crypto/random.hpp>
#include <ashlar/crypto/sha2.hpp>

#include <algorithm>
#include <array>
#include <bit>

namespace ashlar::cli::sealed_file {
namespace {

constexpr std::string_view kMagic = "ashlar-enc-1";

// The offsets of the header's fields (docs/enc-format.md).
constexpr std::size_t kCipherAt = 12;
constexpr std::size_t kSourceAt = 13;
constexpr std::size_t kCostAt = 14;
constexpr std::size_t kSaltAt = 20;
constexpr std::size_t kSaltSize = 32;
constexpr std::size_t kCheckAt = kSaltAt + kSaltSize;
constexpr std::size_t kCheckSize = 16;
constexpr std::size_t kHeaderSize = kCheckAt + kCheckSize;

constexpr std::uint8_t kFromKey = 1;
constexpr std::uint8_t kFromPassphrase = 2;

using Header = std::array<std::uint8_t, kHeaderSize>;

const crypto::AeadAlgorithm& aead_of(Cipher cipher) {
  return cipher == Cipher::aes_256_gcm ? crypto::kAes256Gcm : crypto::kChaCha20Poly1305;
}

// From the header and its key source: the key of the chunks, and a value that shows whether it is correct.
struct Derived {
  Secret<kKeySize> key;
  std::uint8_t check[kCheckSize];
};

Derived derive(const Header& header, const crypto::ScryptCost& cost, const KeySource& source,
               const std::string& name) {
  const Bytes salt = Bytes(header).subspan(kSaltAt, kSaltSize);
  Secret<kKeySize> master;
  if (header[kSourceAt] == kFromKey) {
    copy_bytes(master.reveal_mut(), source.key->bytes());
  } else {
    const std::size_t size =
        value_of(crypto::scrypt_workspace_size(cost), name + ": the header's scrypt cost");
    std::vector<std::uint8_t> workspace(size);
    check(crypto::scrypt(source.passphrase->bytes(), salt, cost, workspace, master.reveal_mut()), name);
  }
  const Bytes info[] = {Bytes(header).first(kCheckAt)};
  Secret<kKeySize + kCheckSize> both;
  check(crypto::hkdf(crypto::kSha256, salt, master.reveal(), info, both.reveal_mut()), name);
  Derived derived;
  copy_bytes(derived.key.reveal_mut(), both.reveal().first(kKeySize));
  copy_bytes(derived.check, both.reveal().subspan(kKeySize));
  return derived;
}

// The nonce of a chunk: its number, eleven bytes big-endian, and whether it is the last.
std::array<std::uint8_t, 12> nonce_of(std::uint64_t number, bool last) {
  std::array<std::uint8_t, 12> nonce{};
  for (std::size_t i = 0; i < 8; ++i) {
    nonce[10 - i] = static_cast<std::uint8_t>(number >> (8 * i));
  }
  nonce[11] = last ? 1 : 0;
  return nonce;
}

// Cuts its input into pieces of `size` bytes. A piece is passed on when more input follows it. finish()
// passes on the last one, which may be empty.
class Cutter {
 public:
  Cutter(std::size_t size, std::function<void(MutBytes, bool last)> use) : size_(size), use_(std::move(use)) {
    held_.reserve(size);
  }
  Cutter(const Cutter&) = delete;
  Cutter& operator=(const Cutter&) = delete;
  ~Cutter() { wipe(held_.data(), held_.size()); }

  void add(Bytes data) {
    while (!data.empty()) {
      if (held_.size() == size_) {
        use_(held_, false);
        held_.clear();
      }
      const std::size_t now = std::min(size_ - held_.size(), data.size());
      held_.insert(held_.end(), data.begin(), data.begin() + static_cast<std::ptrdiff_t>(now));
      data = data.subspan(now);
    }
  }
  void finish() { use_(held_, true); }

 private:
  std::size_t size_;
  std::function<void(MutBytes, bool last)> use_;
  std::vector<std::uint8_t> held_;
};

Words bad_header(const std::string& name, const std::string& found) {
  return {.cause = name + ": the header of this sealed file asks for something that is not known here",
          .usual = "The file was damaged, or a newer ashlar made it.",
          .found = found,
          .wanted = "what docs/enc-format.md lists",
          .next = "open it with the ashlar that made it, or fetch the file again"};
}

Words damaged(const std::string& name, const std::string& cause) {
  return {.cause = name + ": " + cause,
          .usual = "The file was damaged or changed on its way.",
          .found = "a chunk whose authentication failed",
          .wanted = "every chunk as it was sealed",
          .next = "fetch the file again; use nothing of what was opened"};
}

Words cut_short(const std::string& name, const std::string& cause) {
  return {.cause = name + ": " + cause,
          .usual = "The file was not copied whole.",
          .found = "an end before the last chunk",
          .wanted = "every chunk up to the last one",
          .next = "fetch the file again; take what was opened for a part"};
}

// The costs that a header states; two to the power of byte 0, then r and p.
crypto::ScryptCost cost_of(const Header& header, const std::string& name) {
  const std::uint8_t* const at = header.data() + kCostAt;
  if (header[kSourceAt] == kFromKey) {
    return {};
  }
  if (at[0] == 0 || at[0] > 40) {
    throw Failure(bad_header(name, "a scrypt cost of 2^" + std::to_string(at[0])));
  }
  return {std::uint64_t{1} << at[0], at[1], at[2]};
}

void check_header(const Header& header, const std::string& name) {
  if (text_of(Bytes(header).first(kMagic.size())) != kMagic) {
    throw Failure(
        Words{.cause = name + ": not a file that ashlar enc made",
              .found = "another beginning than that of a sealed file",
              .wanted = "a file that begins with \"" + std::string(kMagic) + "\"",
              .next = "check that it is the right file, and that nothing was taken off its beginning"});
  }
  const std::uint8_t cipher = header[kCipherAt];
  if (cipher != static_cast<std::uint8_t>(Cipher::aes_256_gcm) &&
      cipher != static_cast<std::uint8_t>(Cipher::chacha20_poly1305)) {
    throw Failure(bad_header(name, "a cipher with the number " + std::to_string(cipher)));
  }
  if (header[kSourceAt] != kFromKey && header[kSourceAt] != kFromPassphrase) {
    throw Failure(
        bad_header(name, "a source of the key with the number " + std::to_string(header[kSourceAt])));
  }
}

// Opens the chunks that follow a header.
class Opener {
 public:
  Opener(crypto::Aead aead, std::string name, const Writer& write)
      : aead_(std::move(aead)), name_(std::move(name)), write_(write) {}

  void chunk(MutBytes sealed, bool last) {
    if (sealed.size() < kTag) {
      throw Failure(cut_short(name_, cut_after(number_)));
    }
    const MutBytes plain = plain_.room().first(sealed.size() - kTag);
    if (!opens(sealed, last, plain)) {
      // Opening the same chunk under the other flag shows what happened.
      if (opens(sealed, !last, plain)) {
        throw Failure(last ? cut_short(name_, cut_after(number_ + 1))
                           : damaged(name_, "more follows what was its last chunk, number " +
                                                std::to_string(number_ + 1)));
      }
      throw Failure(damaged(name_, "chunk " + std::to_string(number_ + 1) +
                                       " was changed, is not in its place, or is cut short"));
    }
    write_(plain);
    ++number_;
  }

 private:
  bool opens(Bytes sealed, bool last, MutBytes plain) const {
    return aead_.open(nonce_of(number_, last), {}, sealed.first(plain.size()), sealed.last(kTag), plain).ok();
  }
  static std::string cut_after(std::uint64_t chunks) {
    return "it was cut off after " + counted(chunks, "whole chunk") + ", and more belongs to it";
  }

  crypto::Aead aead_;
  std::string name_;
  const Writer& write_;
  std::uint64_t number_ = 0;
  FileBytes plain_{std::vector<std::uint8_t>(kChunk)};
};

}  // namespace

void seal(Cipher cipher, const KeySource& source, const std::string& name, const Reader& read,
          const Writer& write) {
  Header header{};
  copy_bytes(header, bytes_of(kMagic));
  header[kCipherAt] = static_cast<std::uint8_t>(cipher);
  header[kSourceAt] = source.key ? kFromKey : kFromPassphrase;
  if (!source.key) {
    header[kCostAt] = static_cast<std::uint8_t>(std::countr_zero(kCost.n));
    header[kCostAt + 1] = static_cast<std::uint8_t>(kCost.r);
    header[kCostAt + 2] = static_cast<std::uint8_t>(kCost.p);
  }
  check(crypto::fresh_random().fill(MutBytes(header).subspan(kSaltAt, kSaltSize)), name);
  const Derived derived = derive(header, kCost, source, name);
  copy_bytes(MutBytes(header).subspan(kCheckAt), derived.check);
  write(header);

  const crypto::Aead aead = value_of(crypto::Aead::create(aead_of(cipher), derived.key.reveal()), name);
  std::uint64_t number = 0;
  std::vector<std::uint8_t> sealed(kChunk + kTag);
  Cutter cutter(kChunk, [&](MutBytes chunk, bool last) {
    const MutBytes text = MutBytes(sealed).first(chunk.size());
    const MutBytes tag = MutBytes(sealed).subspan(chunk.size(), kTag);
    check(aead.seal(nonce_of(number++, last), {}, chunk, text, tag), name);
    write(Bytes(sealed).first(chunk.size() + kTag));
  });
  read([&](Bytes piece) { cutter.add(piece); });
  cutter.finish();
}

void open(const Ask& ask, const std::string& name, const Reader& read, const Writer& write) {
  Header header{};
  std::size_t header_bytes = 0;
  std::optional<Opener> opener;
  Cutter cutter(kChunk + kTag, [&](MutBytes chunk, bool last) { opener->chunk(chunk, last); });
  read([&](Bytes piece) {
    if (header_bytes < kHeaderSize) {
      const std::size_t now = std::min(kHeaderSize - header_bytes, piece.size());
      copy_bytes(MutBytes(header).subspan(header_bytes), piece.first(now));
      header_bytes += now;
      piece = piece.subspan(now);
      if (header_bytes < kHeaderSize) {
        return;
      }
      check_header(header, name);
      const auto cipher = static_cast<Cipher>(header[kCipherAt]);
      const crypto::ScryptCost cost = cost_of(header, name);
      const bool passphrase = header[kSourceAt] == kFromPassphrase;
      const Derived derived = derive(header, cost, ask(passphrase), name);
      if (!ct::equal(Bytes(derived.check), Bytes(header).subspan(kCheckAt)).declassify()) {
        const std::string what = passphrase ? "passphrase" : "key";
        throw Failure(Words{.cause = name + ": not the right " + what + ", or the header was changed",
                            .found = "another " + what + ", most likely",
                            .wanted = "the " + what + " that the file was sealed with",
                            .next = "try again with the right one; nothing was opened"});
      }
      opener.emplace(value_of(crypto::Aead::create(aead_of(cipher), derived.key.reveal()), name), name,
                     write);
    }
    cutter.add(piece);
  });
  if (!opener) {
    throw Failure(Words{.cause = name + ": the file ends in the header of a sealed file",
                        .found = counted(header_bytes, "byte"),
                        .wanted = "a header of " + std::to_string(kHeaderSize) + " bytes, and what it seals",
                        .next = "fetch the file again, or check that it is the right one"});
  }
  cutter.finish();
}

}  // namespace ashlar::cli::sealed_file
