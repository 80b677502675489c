// SPDX-License-Identifier: Apache-2.0
// RSA (RFC 8017): keys of 2048 to 8192 bits. Private operations run in
// constant time in the key and the data; the size of the modulus and the public exponent are public. Numbers
// are big-endian bytes.
#pragma once

#include <ashlar/base/bytes.hpp>
#include <ashlar/base/result.hpp>
#include <ashlar/base/secret.hpp>
#include <ashlar/crypto/bignum.hpp>
#include <ashlar/crypto/hash.hpp>
#include <ashlar/crypto/random.hpp>

#include <atomic>

namespace ashlar::crypto {

namespace bignum {
struct Montgomery;
}

inline constexpr std::size_t kRsaMinBits = 2048;  // smaller moduli are refused
inline constexpr std::size_t kRsaMaxBits = 8192;  // certificates in use have moduli up to this size
inline constexpr std::size_t kRsaMaxSize = kRsaMaxBits / 8;  // the same in bytes

// How a signature with PSS was made (RFC 8017 §9.1): the hash of the message, that of MGF1 (null: the same),
// and the size of the salt.
inline constexpr std::size_t kAnySaltSize = ~std::size_t{0};
struct RsaPssParameters {  // both sides of RSASSA-PSS must use the same
  const HashAlgorithm* hash;
  const HashAlgorithm* mask_hash = nullptr;
  std::size_t salt_size = kAnySaltSize;
};

// The hashes of OAEP (RFC 8017 §7.1): of the label, and of MGF1 (null: the same hash).
struct RsaOaepParameters {
  const HashAlgorithm* hash;
  const HashAlgorithm* mask_hash = nullptr;
  Bytes label = {};
};

class RsaPublicKey {  // a modulus and an exponent
 public:
  // Leading zero bytes are allowed. bad_rsa_modulus (even, or size outside 2048..8192 bits), bad_rsa_exponent
  // (even, below 3 or not below 2^33). kernel: a row that this CPU can run (else kernel_unavailable), or null
  // for the best.
  static Result<RsaPublicKey> create(Bytes modulus, Bytes exponent, const BignumKernel* kernel = nullptr);

  std::size_t bits() const { return bits_; }
  // Bytes of the modulus, and so of each signature and ciphertext.
  std::size_t size() const { return (bits_ + 7) / 8; }
  std::uint64_t exponent() const { return exponent_; }
  // Writes the size() bytes of the modulus and returns them.
  MutBytes modulus(MutBytes out) const;

  // RSASSA-PKCS1-v1_5 (RFC 8017 §8.2.2) of a message digest made with `hash`: the encoding is rebuilt and
  // compared whole. bad_signature. Variable time: all inputs are public.
  Result<void> verify_pkcs1(const HashAlgorithm& hash, Bytes digest, Bytes signature) const;
  // RSASSA-PSS (§8.1.2), MGF1 with the same hash. The salt has exactly this many bytes.
  Result<void> verify_pss(const HashAlgorithm& hash, Bytes digest, Bytes signature,
                          std::size_t salt_size) const {
    return verify_pss(RsaPssParameters{&hash, &hash, salt_size}, digest, signature);
  }
  // With a salt as long as the digest.
  Result<void> verify_pss(const HashAlgorithm& hash, Bytes digest, Bytes signature) const {
    return verify_pss(hash, digest, signature, hash.digest_size);
  }
  // The same with given parameters: a salt of the size in them, or of any size.
  Result<void> verify_pss(const RsaPssParameters& parameters, Bytes digest, Bytes signature) const;
  // RSAES-OAEP (§7.1.1): at most size() - 2 - 2 * digest size bytes (else rsa_message_too_long) into the
  // first size() bytes of `out`. Constant time in the message.
  Result<MutBytes> encrypt_oaep(const RsaOaepParameters& parameters, Random random, Bytes message,
                                MutBytes out) const;
  // RSAES-PKCS1-v1_5 (§7.2.1): at most size() - 11 bytes (else rsa_message_too_long) into the first size()
  // bytes of `out`. Constant time in the message.
  Result<MutBytes> encrypt_pkcs1(Random random, Bytes message, MutBytes out) const;

 private:
  friend class RsaPrivateKey;
  friend class RsaSigningGroup;
  friend class RsaVerificationGroup;
  friend struct RsaTestAccess;
  RsaPublicKey() = default;
  Result<void> set_up(const BignumKernel* kernel);
  Result<void> signature_number(std::uint64_t* number, Bytes signature) const;
  Result<void> open_signature(Bytes signature, MutBytes encoded) const;
  Result<void> check_pkcs1(const HashAlgorithm& hash, Bytes digest, Bytes encoded) const;
  Result<void> check_pss(const RsaPssParameters& parameters, Bytes digest, MutBytes encoded) const;
  MutBytes encrypt_encoded(Bytes encoded, MutBytes out) const;
  void power(std::uint64_t* result, const std::uint64_t* number) const;

  std::uint64_t modulus_[kRsaMaxBits / 64] = {};
  std::uint64_t exponent_ = 0;
  std::size_t bits_ = 0;
  std::size_t limbs_ = 0;
  const BignumKernel* kernel_ = nullptr;
};

// The numbers of a private key (RFC 8017 §3.2, two primes), with any number of leading zeros.
struct RsaComponents {
  Bytes modulus, public_exponent, private_exponent, prime1, prime2, exponent1, exponent2, coefficient;
};

struct RsaSigning;  // rsa_many.hpp

class RsaPrivateKey {  // a private key, with precomputed values
 public:
  // inconsistent_rsa_key unless n = pq, both factors are odd with at least a quarter of the bits of n and
  // at most 4096, the exponents fit e, and the coefficient inverts q. bad_rsa_modulus outside 2048..8192
  // bits. It is not tested whether p and q are prime. Constant time in the secret numbers; their sizes are
  // public.
  static Result<RsaPrivateKey> create(const RsaComponents& components, const BignumKernel* kernel = nullptr);
  RsaPrivateKey(RsaPrivateKey&&) noexcept;
  RsaPrivateKey& operator=(RsaPrivateKey&&) noexcept;
  ~RsaPrivateKey();

  // Progress, for a person who waits for a key.
  struct Progress {
    void (*candidate)(void* context, unsigned prime, unsigned candidates);
    void* context;
  };
  // A new key with exponent 65537 (FIPS 186-5 §A.1.3). bits: 2048, 3072, 4096 or 8192.
  static Result<RsaPrivateKey> generate(std::size_t bits, Random random, const Progress* progress = nullptr,
                                        const BignumKernel* kernel = nullptr);

  const RsaPublicKey& public_key() const { return public_; }
  std::size_t size() const { return public_.size(); }

  // Signs a message digest made with `hash` into the first size() bytes of `signature` and returns them.
  // Blinded by `random`; checked with the public key before it is returned (signing_fault).
  Result<MutBytes> sign_pkcs1(const HashAlgorithm& hash, Bytes digest, Random random,
                              MutBytes signature) const;
  // The same by RSASSA-PSS, with a salt as long as the digest.
  Result<MutBytes> sign_pss(const HashAlgorithm& hash, Bytes digest, Random random, MutBytes signature) const;

  // RSAES-PKCS1-v1_5 decryption for callers that may learn whether it failed. Not for TLS.
  Result<MutBytes> decrypt_pkcs1(Random random, Bytes ciphertext, MutBytes out) const;
  // RSAES-OAEP decryption (§7.1.2). decryption_failed for every fault. The time does not show either which
  // part of the padding is wrong.
  Result<MutBytes> decrypt_oaep(const RsaOaepParameters& parameters, Random random, Bytes ciphertext,
                                MutBytes out) const;
  // The premaster secret of RSA key transport (RFC 5246 §7.4.7.1). Every ciphertext gives 48 bytes. They are
  // random if padding, length or version is wrong, and constant time hides whether they are the peer's. Fails
  // only for a ciphertext of the wrong size or when `random` fails.
  Result<void> decrypt_premaster(Random random, Bytes ciphertext, std::uint16_t client_version,
                                 Secret<48>& premaster) const;

  // The components, to write the key to a file: spans into `storage`, which needs 5 * size() + 8 bytes.
  RsaComponents components(MutBytes storage) const;

 private:
  friend struct RsaTestAccess;
  friend class RsaSigningGroup;
  static constexpr std::size_t kHalfLimbs = kRsaMaxBits / 128;
  struct Prime {
    std::uint64_t modulus[kHalfLimbs];
    std::uint64_t montgomery_square[kHalfLimbs];  // R^2 modulo it
    std::uint64_t convert[kHalfLimbs];            // R^3
    std::uint64_t exponent[kHalfLimbs];
    std::uint64_t montgomery_factor;
    std::size_t bits;
  };
  struct Workspace;

  RsaPrivateKey() = default;
  static Result<RsaPrivateKey> make(std::size_t bits, Random random, const Progress* progress,
                                    const BignumKernel& kernel);
  void take(RsaPrivateKey& other);
  void wipe_secrets();
  bool set_up_primes();
  bool consistent();
  std::size_t longer_prime() const { return p_.bits > q_.bits ? p_.bits : q_.bits; }
  bignum::Montgomery under(const Prime& prime) const;
  bignum::Montgomery under_modulus() const;
  Result<void> draw_blinding(Random random, Workspace& work) const;
  bool reuse_blinding(Workspace& work) const;
  bool new_blinding(Workspace& work) const;
  void prime_power(const Prime& prime, std::uint64_t* result, Workspace& work) const;
  void reduce_masked(Workspace& work) const;
  void prime_powers(Workspace& work) const;
  Result<void> private_operation(Random random, Workspace& work) const;
  Result<void> begin_operation(Random random, Workspace& work) const;
  Result<void> finish_operation(Workspace& work) const;
  Result<void> encode(const HashAlgorithm& hash, Bytes digest, bool pss, Random random,
                      Workspace& work) const;
  Result<MutBytes> sign_encoded(Random random, Workspace& work, MutBytes signature) const;
  MutBytes write_signature(const Workspace& work, MutBytes signature) const;
  Result<void> decrypt_encoded(Random random, Bytes ciphertext, Workspace& work) const;

  RsaPublicKey public_;
  Prime p_{}, q_{};
  std::uint64_t coefficient_[kHalfLimbs] = {};
  std::uint64_t private_exponent_[kRsaMaxBits / 64] = {};
  std::uint64_t pair_[kPairWords] = {};  // the row's constants for both halves
  bool has_pair_ = false;
  // The last blinding: r^e and 1 / r in Montgomery form modulo n. Its square blinds the next operation. Then:
  // how often it was squared, or that a thread is using it.
  mutable std::uint64_t blinding_[2][kRsaMaxBits / 64] = {};
  mutable std::atomic<std::uint32_t> blinding_uses_ = 0;
  std::size_t half_limbs_ = 0;
};

}  // namespace ashlar::crypto
