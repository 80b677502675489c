// SPDX-License-Identifier: Apache-2.0
// Keys as certificates and files hold them, and signatures made and checked with them.
#pragma once

#include <ashlar/base/bounded.hpp>
#include <ashlar/base/bytes.hpp>
#include <ashlar/base/one_of.hpp>
#include <ashlar/base/result.hpp>
#include <ashlar/crypto/p256.hpp>
#include <ashlar/crypto/p384.hpp>
#include <ashlar/crypto/random.hpp>
#include <ashlar/crypto/rsa.hpp>

#include <variant>

namespace ashlar::x509 {

enum class KeyType : std::uint8_t { rsa, p256, p384 };
std::string_view name(KeyType type);  // "RSA", "ECDSA P-256", "ECDSA P-384"

// How a signature is made: key type, padding and hash together.
enum class SignatureAlgorithm : std::uint8_t {
  rsa_pkcs1_sha256,
  rsa_pkcs1_sha384,
  rsa_pkcs1_sha512,
  rsa_pss_sha256,
  rsa_pss_sha384,
  rsa_pss_sha512,
  ecdsa_sha256,
  ecdsa_sha384,
  ecdsa_sha512,
};
std::string_view name(SignatureAlgorithm algorithm);  // "sha256WithRSAEncryption", "ecdsa-with-SHA256", …
const crypto::HashAlgorithm& hash_of(SignatureAlgorithm algorithm);
// Whether a key of this type can make or check such a signature.
bool fits(SignatureAlgorithm algorithm, KeyType type);

// The longest signature made here, in its X.509 and TLS form (RSA-4096).
inline constexpr std::size_t kMaxSignatureSize = 512;

// The longest SubjectPublicKeyInfo that is read (RSA-8192), and the longest private key in DER (RSA-4096).
inline constexpr std::size_t kMaxSpkiSize = 1088;
inline constexpr std::size_t kMaxPrivateKeySize = 4096;

class PublicKey {
 public:
  // A SubjectPublicKeyInfo in DER (RFC 5280 §4.1.2.7). Named curves only; RSA keys with NULL parameters.
  static Result<PublicKey> parse_spki(Bytes der);
  explicit PublicKey(crypto::RsaPublicKey key) : key_(key) {}
  explicit PublicKey(crypto::P256PublicKey key) : key_(key) {}
  explicit PublicKey(crypto::P384PublicKey key) : key_(key) {}

  KeyType type() const { return static_cast<KeyType>(key_.index()); }
  // Size of the modulus or of the field, in bits.
  std::size_t bits() const;
  const crypto::RsaPublicKey* rsa() const { return std::get_if<crypto::RsaPublicKey>(&key_); }
  const crypto::P256PublicKey* p256() const { return std::get_if<crypto::P256PublicKey>(&key_); }
  const crypto::P384PublicKey* p384() const { return std::get_if<crypto::P384PublicKey>(&key_); }

  // Checks a signature over `message`, given in parts, in its X.509 and TLS form: bytes for RSA, a DER
  // ECDSA-Sig-Value for ECDSA. bad_signature, or signature_algorithm_mismatch if the key is of another type.
  Result<void> verify(SignatureAlgorithm algorithm, std::span<const Bytes> message, Bytes signature) const;
  Result<void> verify_digest(SignatureAlgorithm algorithm, Bytes digest, Bytes signature) const;

  // The SubjectPublicKeyInfo, written into `out`.
  Result<Bytes> write_spki(MutBytes out) const;
  // Whether both are the same key. Public data: variable time.
  bool equals(const PublicKey& other) const;

 private:
  std::variant<crypto::RsaPublicKey, crypto::P256PublicKey, crypto::P384PublicKey> key_;
};

class PrivateKey {
 public:
  // PKCS#8 (RFC 5958), PKCS#1 (RFC 8017 §A.1.2) or SEC 1 (RFC 5915), told apart by their structure.
  static Result<PrivateKey> parse_der(Bytes der);
  // The first private key of a PEM text ("PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"). Certificates
  // and parameters before it are passed over. Encrypted keys: an error that says so.
  static Result<PrivateKey> parse_pem(std::string_view text);
  explicit PrivateKey(crypto::RsaPrivateKey key) : key_(std::move(key)) {}
  explicit PrivateKey(crypto::P256PrivateKey key) : key_(std::move(key)) {}

  KeyType type() const { return static_cast<KeyType>(key_.index()); }
  PublicKey public_key() const;
  const crypto::RsaPrivateKey* rsa() const { return key_.get_if<crypto::RsaPrivateKey>(); }
  const crypto::P256PrivateKey* p256() const { return key_.get_if<crypto::P256PrivateKey>(); }

  // Signs in the X.509 and TLS form, into `out` (kMaxSignatureSize holds any), and returns the signature.
  Result<Bytes> sign(SignatureAlgorithm algorithm, std::span<const Bytes> message, crypto::Random random,
                     MutBytes out) const;
  Result<Bytes> sign_digest(SignatureAlgorithm algorithm, Bytes digest, crypto::Random random,
                            MutBytes out) const;

  // PKCS#8 in DER, written into `out`. 2560 bytes hold any.
  Result<MutBytes> write_pkcs8(MutBytes out) const;

 private:
  OneOf<crypto::RsaPrivateKey, crypto::P256PrivateKey> key_;
};

}  // namespace ashlar::x509
