// SPDX-License-Identifier: Apache-2.0
// The rows that describe a kind of key or a signature algorithm completely. A program links only the rows
// that it names: its own sets, or kAllKeys and kAllPrivateKeys (key_set.hpp).
//
// Keys and methods point to their rows. Ashlar's rows live as long as the program. A caller's own row must
// outlive everything that uses it. Arguments of a function are valid during the call only. A span that it
// returns is the part of `out` that it wrote.
#pragma once

#include <ashlar/asn1/der_writer.hpp>
#include <ashlar/asn1/oid.hpp>
#include <ashlar/base/bytes.hpp>
#include <ashlar/base/result.hpp>
#include <ashlar/base/secret.hpp>
#include <ashlar/crypto/hash.hpp>
#include <ashlar/crypto/random.hpp>

namespace ashlar::x509 {

class PublicKey;
class PrivateKey;
struct AlgorithmIdentifier;
struct KeyKind;
struct KeyParameters;
struct SignatureAlgorithm;

// A signature algorithm in use: the row, and what else an AlgorithmIdentifier says.
struct SignatureMethod {
  static constexpr std::size_t kSaltAsLongAsDigest = ~std::size_t{0};

  // A row only: RSASSA-PSS then has a salt as long as the digest.
  SignatureMethod(const SignatureAlgorithm& row) : algorithm(&row) {}

  const SignatureAlgorithm* algorithm;
  std::size_t salt_size = kSaltAsLongAsDigest;  // RSASSA-PSS alone
};

// How a signature is made and checked: padding and hash together.
struct SignatureAlgorithm {
  std::string_view name;  // "sha256WithRSAEncryption", "ecdsa-with-SHA256", …
  asn1::Oid oid;
  asn1::Oid key_algorithm;            // of the kinds of keys that can use it: KeyKind::algorithm
  const crypto::HashAlgorithm* hash;  // null: the message itself is signed
  asn1::Oid hash_oid;                 // empty if there is none
  // Whether an identifier with this OID names this row. Parameters that the standard does not allow are
  // bad_algorithm_parameters. May set open fields of the method.
  Result<bool> (*read_parameters)(const AlgorithmIdentifier& identifier, SignatureMethod& method);
  // Writes the parameters, or nothing if the standard has them absent.
  void (*write_parameters)(asn1::DerWriter& writer, const SignatureAlgorithm& row);

  // Whether a key of this kind makes such signatures: a kind of key_algorithm, or of this algorithm alone, as
  // the keys of RSASSA-PSS are.
  bool fits(const KeyKind& kind) const;
};

extern const SignatureAlgorithm kRsaPkcs1Sha256, kRsaPkcs1Sha384, kRsaPkcs1Sha512;        // RFC 8017 §8.2
extern const SignatureAlgorithm kRsaPssSha256, kRsaPssSha384, kRsaPssSha512;              // RFC 8017 §8.1
extern const SignatureAlgorithm kEcdsaSha256, kEcdsaSha384, kEcdsaSha512;                 // FIPS 186-5 §6
extern const SignatureAlgorithm kEd25519Signature, kEd448Signature;                       // RFC 8410 §3
extern const SignatureAlgorithm kMlDsa44Signature, kMlDsa65Signature, kMlDsa87Signature;  // RFC 9881 §2

// What a signature covers: the message, in parts, and its digest if the algorithm has a hash. A caller that
// has only the digest leaves the message empty.
struct SigningInput {
  std::span<const Bytes> message;
  Bytes digest;
};

// The public half of a kind of key.
struct KeyKind {
  std::string_view name;    // "RSA", "ECDSA P-256", …
  asn1::Oid algorithm;      // of SubjectPublicKeyInfo and PKCS#8
  asn1::Oid curve;          // named by the parameters; empty: these are NULL
  bool no_parameters;       // or they are absent
  std::size_t object_size;  // of the key in memory
  // The longest signature in its X.509 and TLS form.
  std::size_t max_signature_size;
  // Of the modulus or of the field; of the whole public key for ML-DSA.
  std::size_t (*bits)(const PublicKey& key);
  // Reads and writes the content of subjectPublicKey's BIT STRING.
  Result<PublicKey> (*read)(asn1::DerReader bits);
  Result<Bytes> (*write)(const PublicKey& key, MutBytes out);
  // Checks a signature in its X.509 and TLS form. The method must fit the kind, and the digest its hash.
  Result<void> (*verify)(const PublicKey& key, const SignatureMethod& method, const SigningInput& input,
                         Bytes signature);
  // Key transport (RFC 5246 §7.4.7.1): null if the kind has none.
  Result<MutBytes> (*encrypt)(const PublicKey& key, crypto::Random random, Bytes message, MutBytes out);
  // Null if there is none.
  std::uint64_t (*public_exponent)(const PublicKey& key);
  // Its numbers in TLS 1.2: the ClientCertificateType (RFC 5246 §7.4.4, RFC 8422 §5.5; 0: TLS 1.2 does not
  // have it), and the NamedCurve that a peer must have offered (0: none).
  std::uint8_t tls_certificate_type;
  std::uint16_t tls_curve;
  // Whether TLS 1.3 has a scheme for it although TLS 1.2 does not have it.
  bool tls13_alone = false;
  // Of a kind whose keys limit their own use. Null: `curve` and `no_parameters` say what the parameters are.
  const KeyParameters* parameters = nullptr;
};

// How a key limits what it signs, in the parameters of its AlgorithmIdentifier (RFC 4055 §1.2). The limits
// are kept in the key.
struct KeyParameters {
  // Read the parameters into a key that the kind's `read` has made.
  Result<void> (*read)(const AlgorithmIdentifier& identifier, PublicKey& key);
  Result<void> (*read_private)(const AlgorithmIdentifier& identifier, PrivateKey& key);
  void (*write)(const PublicKey& key, asn1::DerWriter& writer);
  // Whether the key may be used so. The method fits the kind.
  bool (*allows)(const PublicKey& key, const SignatureMethod& method);
  // The only algorithm that it may be used with; null: any.
  const SignatureAlgorithm* (*only)(const PublicKey& key);
};

// The public halves.
extern const KeyKind kRsa, kRsaPss, kP256, kP384, kP521, kEd25519, kEd448, kMlDsa44, kMlDsa65, kMlDsa87;

// Progress, for a person who waits for a key.
struct KeyProgress {
  void (*candidate)(void* context, unsigned prime, unsigned candidates);
  void* context;
};

// A key that can be generated: "rsa:2048", "p256".
struct KeySize {
  std::string_view name;
  std::size_t bits;
};

// The private half of a kind of key.
struct PrivateKeyKind {
  const KeyKind& kind;
  std::size_t object_size;  // of the key in memory
  std::span<const KeySize> sizes;
  // The signature algorithm for issuing certificates.
  const SignatureAlgorithm& issues_with;
  // The error if the parts of a key do not belong together.
  ErrorCode inconsistent;
  // The form without PKCS#8 (PKCS#1, SEC 1): whether the fields of a SEQUENCE are a key of this kind.
  Result<bool> (*is_bare)(asn1::DerReader fields);
  // The type in PKCS#8's privateKey: a SEQUENCE, or the OCTET STRING of RFC 8410. Tag{}: a choice of types,
  // which `read` gets whole.
  asn1::Tag content;
  // Reads the content of that, or of the bare form. The place is for errors.
  Result<PrivateKey> (*read)(asn1::DerReader fields);
  Place place;
  void (*write)(const PrivateKey& key, asn1::DerWriter& writer);
  PublicKey (*public_key)(const PrivateKey& key);
  Result<PrivateKey> (*generate)(std::size_t bits, crypto::Random random, const KeyProgress* progress);
  // Signs in the X.509 and TLS form. The algorithm must fit the kind, and the digest its hash.
  Result<Bytes> (*sign)(const PrivateKey& key, const SignatureAlgorithm& algorithm, const SigningInput& input,
                        crypto::Random random, MutBytes out);
  // The premaster secret of key transport: null if the kind has none.
  Result<void> (*decrypt_premaster)(const PrivateKey& key, crypto::Random random, Bytes ciphertext,
                                    std::uint16_t client_version, Secret<48>& premaster);
  // Moves the key to other memory and destroys the old one.
  void (*relocate)(void* to, void* from);
  void (*destroy)(void* key);
};

// The private halves.
extern const PrivateKeyKind kRsaPrivate, kRsaPssPrivate, kP256Private, kP384Private, kP521Private,
    kEd25519Private, kEd448Private, kMlDsa44Private, kMlDsa65Private, kMlDsa87Private;

}  // namespace ashlar::x509
