// SPDX-License-Identifier: Apache-2.0
// Keys in certificates and files, and signatures made and checked with them.
#pragma once

#include <ashlar/x509/key_set.hpp>

namespace ashlar::x509 {

// Sizes for any kind; the rows say what one kind needs. The longest signature that Ashlar makes, in its X.509
// and TLS form, the longest SubjectPublicKeyInfo, and the longest private key in DER (seed, expanded form and
// public key together), all of ML-DSA-87.
inline constexpr std::size_t kMaxSignatureSize = 4627;
inline constexpr std::size_t kMaxSpkiSize = 2624;
inline constexpr std::size_t kMaxPrivateKeySize = 7680;

// A public key: the row of its kind, and the key itself in place. It keeps no reference to its input.
class PublicKey {
 public:
  // A SubjectPublicKeyInfo in DER (RFC 5280 §4.1.2.7) of one of these kinds (else unsupported_key). Named
  // curves only; RSA keys with NULL parameters, those of RSASSA-PSS with theirs or none (RFC 4055 §1.2).
  static Result<PublicKey> parse_spki(Bytes der, std::span<const KeyKind* const> kinds);
  PublicKey(const PublicKey& other) { *this = other; }
  PublicKey& operator=(const PublicKey& other);

  const KeyKind& kind() const { return *kind_; }
  // Size of the modulus or of the field, in bits; of the whole key for ML-DSA.
  std::size_t bits() const { return kind_->bits(*this); }

  // Whether it may be used so: the algorithm fits its kind, and the key itself allows it.
  bool allows(const SignatureMethod& method) const;

  // Checks a signature over `message`, given in parts, in its X.509 and TLS form: a DER ECDSA-Sig-Value for
  // ECDSA, bytes for the others. bad_signature, or signature_algorithm_mismatch if the key does not allow the
  // method.
  Result<void> verify(const SignatureMethod& method, std::span<const Bytes> message, Bytes signature) const;
  // The same with a given digest, if the algorithm has a hash; invalid_argument if the digest has the wrong
  // size.
  Result<void> verify(const SignatureMethod& method, const SigningInput& input, Bytes signature) const;
  Result<void> verify_digest(const SignatureMethod& method, Bytes digest, Bytes signature) const {
    return verify(method, SigningInput{{}, digest}, signature);
  }

  // Write the SubjectPublicKeyInfo, or only the content of its BIT STRING, into `out`. Return the part that
  // was written.
  Result<Bytes> write_spki(MutBytes out) const;
  Result<Bytes> write_bits(MutBytes out) const { return kind_->write(*this, out); }
  // Whether both are the same key. Public data: variable time.
  bool equals(const PublicKey& other) const;

 private:
  friend struct KeyStorage;
  static constexpr std::size_t kCapacity = 2600;  // ML-DSA-87
  PublicKey() = default;

  const KeyKind* kind_ = nullptr;
  alignas(8) unsigned char storage_[kCapacity];
};

// A private key: the row of its kind, and the key itself in place. It is wiped when it moves and when it
// dies. It keeps no reference to its input.
class PrivateKey {
 public:
  // PKCS#8 (RFC 5958), PKCS#1 (RFC 8017 §A.1.2) or SEC 1 (RFC 5915), told apart by their structure, of one of
  // these kinds (else unsupported_key).
  static Result<PrivateKey> parse_der(Bytes der,
                                      std::span<const PrivateKeyKind* const> kinds = kAllPrivateKeys);
  // The first private key of a PEM text ("PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"). Certificates
  // and parameters before it are ignored. Keys under a passphrase are key_encrypted (encrypted_key.hpp opens
  // them); in the old form with headers, unsupported_key_encryption.
  static Result<PrivateKey> parse_pem(std::string_view text,
                                      std::span<const PrivateKeyKind* const> kinds = kAllPrivateKeys);
  // A new key. bits: one of the kind's sizes.
  static Result<PrivateKey> generate(const PrivateKeyKind& kind, std::size_t bits, crypto::Random random,
                                     const KeyProgress* progress = nullptr);
  PrivateKey(PrivateKey&& other) noexcept { take(other); }
  PrivateKey& operator=(PrivateKey&& other) noexcept;
  ~PrivateKey() { clear(); }

  const KeyKind& kind() const { return kind_->kind; }
  const PrivateKeyKind& private_kind() const { return *kind_; }
  PublicKey public_key() const;  // the public half
  // The signature algorithm for issuing certificates: the kind's, or the one that the key is limited to.
  const SignatureAlgorithm& issues_with() const;

  // Signs in the X.509 and TLS form, into `out` (kind().max_signature_size bytes hold any), and returns the
  // signature.
  Result<Bytes> sign(const SignatureAlgorithm& algorithm, std::span<const Bytes> message,
                     crypto::Random random, MutBytes out) const;
  // The same with a given digest, as in PublicKey::verify.
  Result<Bytes> sign(const SignatureAlgorithm& algorithm, const SigningInput& input, crypto::Random random,
                     MutBytes out) const;
  // The same with only the digest.
  Result<Bytes> sign_digest(const SignatureAlgorithm& algorithm, Bytes digest, crypto::Random random,
                            MutBytes out) const {
    return sign(algorithm, SigningInput{{}, digest}, random, out);
  }
  // The premaster secret of RSA key transport (crypto::RsaPrivateKey::decrypt_premaster); unsupported_key for
  // kinds without it.
  Result<void> decrypt_premaster(crypto::Random random, Bytes ciphertext, std::uint16_t client_version,
                                 Secret<48>& premaster) const;

  // PKCS#8 in DER, written into `out`. kMaxPrivateKeySize bytes hold any.
  Result<MutBytes> write_pkcs8(MutBytes out) const;

 private:
  friend struct KeyStorage;
  static constexpr std::size_t kCapacity = 12288;  // RSA-8192
  PrivateKey() = default;
  void take(PrivateKey& other);
  void clear();

  const PrivateKeyKind* kind_ = nullptr;
  alignas(8) unsigned char storage_[kCapacity];
};

}  // namespace ashlar::x509
