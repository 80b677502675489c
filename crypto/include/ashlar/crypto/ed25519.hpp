// SPDX-License-Identifier: Apache-2.0
// Ed25519 (RFC 8032 §5.1, FIPS 186-5 §7). Messages are given in parts, one after the other.
//
// A signature must fulfil the equation without the cofactor, S B = R + k A, compared as bytes: R must be the
// canonical encoding of S B - k A. S must be below the order L. A public key must be the canonical encoding
// of a point (y below p, no sign if x = 0). Points of small order are accepted, as the RFC says. If such a
// point is published as a key, one signature can be valid for many messages.
#pragma once

#include <ashlar/base/result.hpp>
#include <ashlar/base/secret.hpp>
#include <ashlar/crypto/cpu.hpp>
#include <ashlar/crypto/random.hpp>

namespace ashlar::crypto {

inline constexpr std::size_t kEd25519SignatureSize = 64;  // bytes

// One implementation of multiples of points. Scalars and encodings are 32 bytes, little-endian.
struct Ed25519Kernel {
  std::string_view name;
  cpu::Features required;
  // out = the encoding of k times the base point (RFC 8032 §5.1.2) for k < 2^255. Constant time.
  void (*base_multiple)(std::uint8_t* out, const std::uint8_t* k);
  // Decodes a point and negates it: x, then y, four words each, least significant first. Returns whether the
  // encoding has a point (RFC 8032 §5.1.3). Variable time.
  bool (*decode_negated)(std::uint64_t point[8], const std::uint8_t* bytes);
  // out = the encoding of s times the base point plus k times the point, for s, k < 2^253. Variable time.
  void (*sum)(std::uint8_t* out, const std::uint8_t* s, const std::uint8_t* k, const std::uint64_t point[8]);
};

// All implementations, best first; the last is portable.
std::span<const Ed25519Kernel> ed25519_kernels();

class Ed25519Group;  // ed25519_many.hpp

class Ed25519PublicKey {  // a public key of Ed25519 (RFC 8032 §5.1)
 public:
  // point_not_on_curve unless the bytes are the canonical encoding of a point. kernel: a row of the table
  // that this CPU can run, or null for the best.
  static Result<Ed25519PublicKey> create(BytesOf<32> encoded, const Ed25519Kernel* kernel = nullptr);

  BytesOf<32> bytes() const { return BytesOf<32>(bytes_); }
  // bad_signature unless the signature is one of the message. Variable time: all inputs are public.
  Result<void> verify(std::span<const Bytes> message, BytesOf<kEd25519SignatureSize> signature) const;

 private:
  friend class Ed25519Group;
  Ed25519PublicKey() = default;
  // Only this function of the kernel: a program that only verifies does not link what private keys need.
  void (*sum_)(std::uint8_t* out, const std::uint8_t* s, const std::uint8_t* k,
               const std::uint64_t point[8]) = nullptr;
  std::uint64_t negated_[8] = {};
  std::uint8_t bytes_[32] = {};
};

// Private operations run in constant time in the key and in the message; sizes are public.
class Ed25519PrivateKey {
 public:
  // Any 32 bytes are a private key (RFC 8032 §5.1.5).
  static Ed25519PrivateKey create(BytesOf<32> seed, const Ed25519Kernel* kernel = nullptr);
  static Result<Ed25519PrivateKey> generate(Random random,
                                            const Ed25519Kernel* kernel = nullptr);  // a new key

  // The 32 bytes of the public key.
  BytesOf<32> public_key() const { return BytesOf<32>(public_); }
  // The 32 bytes from which everything else is computed.
  BytesOf<32> reveal() const { return seed_.reveal(); }

  // Deterministic: the same signature for the same message.
  void sign(std::span<const Bytes> message, MutBytesOf<kEd25519SignatureSize> signature) const;

 private:
  friend class Ed25519Group;
  Ed25519PrivateKey() = default;
  const Ed25519Kernel* kernel_ = nullptr;
  Secret<32> seed_;
  Secret<64> expanded_;  // the clamped scalar, and the prefix of nonces
  std::uint8_t public_[32] = {};
};

}  // namespace ashlar::crypto
