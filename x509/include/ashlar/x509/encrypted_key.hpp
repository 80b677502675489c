// SPDX-License-Identifier: Apache-2.0
// Private keys under a passphrase: EncryptedPrivateKeyInfo (RFC 5958 §3) by PBES2 (RFC 8018 §6.2), with
// PBKDF2 or scrypt (RFC 7914 §7) and AES-CBC.
#pragma once

#include <ashlar/crypto/scrypt.hpp>
#include <ashlar/x509/keys.hpp>

namespace ashlar::x509 {

// The longest EncryptedPrivateKeyInfo that is read or written.
inline constexpr std::size_t kMaxEncryptedKeySize = kMaxPrivateKeySize + 512;

// The limits for a file (A16). Reading it must not cost more than a few seconds or this much memory.
inline constexpr std::uint32_t kMaxKeyIterations = 10'000'000;                // of PBKDF2
inline constexpr std::uint64_t kMaxKeyScryptMemory = std::uint64_t{1} << 28;  // 128 * n * r bytes
inline constexpr std::uint64_t kMaxKeyScryptBlocks = std::uint64_t{1} << 20;  // 128 * r * p bytes beside them
inline constexpr std::uint64_t kMaxKeyScryptWork = std::uint64_t{1} << 23;    // n * r * p

// How a key is encrypted under a passphrase. Other programs can read the default.
struct KeyEncryption {
  // PBKDF2 with HMAC-SHA-256, unless scrypt is given.
  std::uint32_t iterations = 600'000;
  std::optional<crypto::ScryptCost> scrypt = {};
};

// An encrypted key that has been read, but not opened. Its spans point into the DER that it was read from.
class EncryptedKey {
 public:
  // An EncryptedPrivateKeyInfo in DER. unsupported_key_encryption for other schemes and ciphers;
  // key_encryption_too_costly above the limits; errors with their place for malformed input.
  static Result<EncryptedKey> parse_der(Bytes der);
  // The first private key of a PEM text, if it is encrypted ("ENCRYPTED PRIVATE KEY"), decoded into `der`
  // (kMaxEncryptedKeySize bytes hold any). key_not_encrypted if it is in the clear, no_private_key if there
  // is none, unsupported_key_encryption for the old form with headers.
  static Result<EncryptedKey> parse_pem(std::string_view text, MutBytes der);

  // The bytes of workspace that opening takes: 0 with PBKDF2.
  std::size_t workspace_size() const { return workspace_size_; }
  // The key, of one of these kinds. wrong_passphrase if the result is not a private key: a wrong passphrase
  // and a damaged file look the same. workspace: workspace_size() bytes (else buffer_too_small), wiped before
  // the call returns. Constant time in the passphrase, except for scrypt's memory accesses.
  Result<PrivateKey> open(Bytes passphrase, MutBytes workspace,
                          std::span<const PrivateKeyKind* const> kinds = kAllPrivateKeys) const;

 private:
  EncryptedKey() = default;

  const crypto::HashAlgorithm* prf_ = nullptr;  // null: scrypt
  std::uint32_t iterations_ = 0;
  crypto::ScryptCost cost_ = {};
  std::size_t workspace_size_ = 0;
  std::size_t key_size_ = 0;
  Bytes salt_, iv_, ciphertext_;
};

// The bytes of workspace that encrypting takes; invalid_argument for costs outside the limits above.
Result<std::size_t> key_encryption_workspace_size(const KeyEncryption& how);

// Writes a key as an EncryptedPrivateKeyInfo in DER into `out` (kMaxEncryptedKeySize bytes hold any), with a
// salt of 16 random bytes, AES-256-CBC, and the key derivation of `how`. An empty passphrase is
// invalid_argument.
Result<Bytes> write_encrypted_key(const PrivateKey& key, Bytes passphrase, const KeyEncryption& how,
                                  crypto::Random random, MutBytes workspace, MutBytes out);

}  // namespace ashlar::x509
