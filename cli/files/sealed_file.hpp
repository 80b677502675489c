// SPDX-License-Identifier: Apache-2.0
// The format of enc and dec: a header, then chunks of 64 KiB, each sealed by an AEAD. The nonce counts the
// chunks and marks the last, so a changed, moved, missing or cut-off chunk is noticed. docs/enc-format.md
// describes it byte by byte.
#pragma once

#include "files/files.hpp"

#include <ashlar/crypto/aead.hpp>
#include <ashlar/crypto/scrypt.hpp>

#include <functional>
#include <optional>

namespace ashlar::cli::sealed_file {

inline constexpr std::size_t kChunk = 65536;
inline constexpr std::size_t kTag = 16;
inline constexpr std::size_t kKeySize = 32;

enum class Cipher : std::uint8_t { aes_256_gcm = 1, chacha20_poly1305 = 2 };

// Where the key comes from: 32 bytes, or a passphrase.
struct KeySource {
  std::optional<FileBytes> key;
  std::optional<FileBytes> passphrase;
};

// The cost of a passphrase in files that Ashlar makes: 128 MiB, and a third of a second.
inline constexpr crypto::ScryptCost kCost = {1 << 17, 8, 1};

using Reader = std::function<void(const std::function<void(Bytes)>&)>;
using Writer = std::function<void(Bytes)>;

// Seals everything that `read` gives in pieces of any size. Failures name `name`.
void seal(Cipher cipher, const KeySource& source, const std::string& name, const Reader& read,
          const Writer& write);

// Opens in the same way. Every written chunk was intact and in its place. A Failure says what is wrong with
// the chunk at which it stops. ask: called for the key source when the header has said which kind it needs.
using Ask = std::function<KeySource(bool passphrase)>;
void open(const Ask& ask, const std::string& name, const Reader& read, const Writer& write);

}  // namespace ashlar::cli::sealed_file
