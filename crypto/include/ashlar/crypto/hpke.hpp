// SPDX-License-Identifier: Apache-2.0
// Hybrid public-key encryption (RFC 9180) in base mode: messages to the holder of a private key, from a
// sender who is not authenticated. Constant time in keys, secrets and plaintexts; lengths are public.
#pragma once

#include <ashlar/crypto/aead.hpp>
#include <ashlar/crypto/hkdf.hpp>
#include <ashlar/crypto/random.hpp>

namespace ashlar::crypto {

// A KEM of §4.1, as a row. Sizes are in bytes. Each function writes all of its outputs, which have these
// sizes.
struct HpkeKem {
  std::uint16_t id;  // of IANA's registry
  std::string_view name;
  std::size_t private_size;
  std::size_t public_size;  // of public keys and of what a sender encapsulates
  std::size_t shared_size;  // of what agree gives
  // DeriveKeyPair (§7.1.3) from secret bytes, at least private_size of them.
  Result<void> (*derive)(Bytes input_key, MutBytes private_key, MutBytes public_key);
  Result<void> (*public_key)(Bytes private_key, MutBytes public_key);
  // Refuses what is no public key, as ECDH and X25519 do.
  Result<void> (*agree)(Bytes private_key, Bytes public_key, MutBytes shared);
};
extern const HpkeKem kDhkemX25519HkdfSha256;  // 0020
extern const HpkeKem kDhkemP256HkdfSha256;    // 0010

inline constexpr std::size_t kHpkeMaxPublicSize = 65;   // bytes of the largest public key
inline constexpr std::size_t kHpkeMaxPrivateSize = 32;  // and of the largest private key

struct HpkeKdf {  // §7.2
  std::uint16_t id;
  const HashAlgorithm* hash;
};
extern const HpkeKdf kHpkeHkdfSha256;  // 0001
extern const HpkeKdf kHpkeHkdfSha384;  // 0002
extern const HpkeKdf kHpkeHkdfSha512;  // 0003

struct HpkeAead {  // §7.3
  std::uint16_t id;
  const AeadAlgorithm* algorithm;
};
extern const HpkeAead kHpkeAes128Gcm;         // 0001
extern const HpkeAead kHpkeAes256Gcm;         // 0002
extern const HpkeAead kHpkeChaCha20Poly1305;  // 0003

struct HpkeSuite {  // what both sides agree on
  const HpkeKem* kem;
  const HpkeKdf* kdf;
  const HpkeAead* aead;
};

// A key pair of a KEM from fresh random bytes.
Result<void> hpke_generate(const HpkeKem& kem, Random random, MutBytes private_key, MutBytes public_key);

// What both sides keep (§5.1): a key, a nonce and a count of messages, and a secret to export others from.
class HpkeContext {
 public:
  // A secret of any length up to 255 digests (length_overflow), bound to `context` (§5.3).
  Result<void> export_secret(Bytes context, MutBytes out) const;
  std::size_t tag_size() const { return aead_.algorithm().tag_size; }  // bytes that a message grows by

 private:
  friend class HpkeSender;
  friend class HpkeReceiver;
  HpkeContext(Aead aead, const HpkeSuite& suite) : suite_(suite), aead_(std::move(aead)) {}
  static Result<HpkeContext> create(const HpkeSuite& suite, Bytes shared, Bytes info);
  Result<void> next_nonce(MutBytes nonce) const;

  HpkeSuite suite_;
  Aead aead_;
  Secret<12> base_nonce_;
  SecretBuffer<kMaxDigestSize> exporter_secret_;
  std::uint64_t messages_ = 0;
};

// The side that encrypts.
class HpkeSender {
 public:
  // To this public key. `encapsulated`, of the KEM's public_size bytes (else invalid_argument), goes to the
  // recipient. Errors are those of the KEM for the key, and random_unavailable.
  static Result<HpkeSender> create(const HpkeSuite& suite, Bytes recipient_public_key, Bytes info,
                                   Random random, MutBytes encapsulated);
  // Writes ciphertext and tag to the first plaintext.size() + tag_size() bytes of `out` and returns them
  // (buffer_too_small). Messages are opened in the order in which they were sealed. In place or apart.
  Result<MutBytes> seal(Bytes additional_data, Bytes plaintext, MutBytes out);
  const HpkeContext& context() const { return context_; }

 private:
  explicit HpkeSender(HpkeContext context) : context_(std::move(context)) {}
  HpkeContext context_;
};

// The side that decrypts.
class HpkeReceiver {
 public:
  // From the private key and what the sender encapsulated. Errors are those of the KEM; bad_key_size.
  static Result<HpkeReceiver> create(const HpkeSuite& suite, Bytes private_key, Bytes encapsulated,
                                     Bytes info);
  // Writes the plaintext to the first bytes of `out` and returns it. bad_tag, also for a message that is
  // shorter than a tag. Then `out` is wiped, and the next call tries the same place in the order again
  // (§5.2).
  Result<MutBytes> open(Bytes additional_data, Bytes message, MutBytes out);
  const HpkeContext& context() const { return context_; }

 private:
  explicit HpkeReceiver(HpkeContext context) : context_(std::move(context)) {}
  HpkeContext context_;
};

}  // namespace ashlar::crypto
