// SPDX-License-Identifier: Apache-2.0
// Ed448 (RFC 8032 §5.2, FIPS 186-5 §7), without a context. Messages are given in parts, one after the other.
// One portable implementation.
//
// A signature must fulfil the equation without the cofactor, S B = R + k A, compared as bytes: R must be the
// canonical encoding of S B - k A. S must be below the order L. A public key must be the canonical encoding
// of a point. Points of small order are accepted, as with Ed25519.
#pragma once

#include <ashlar/base/result.hpp>
#include <ashlar/base/secret.hpp>
#include <ashlar/crypto/random.hpp>

namespace ashlar::crypto {

inline constexpr std::size_t kEd448KeySize = 57;         // bytes of public and private keys
inline constexpr std::size_t kEd448SignatureSize = 114;  // bytes

class Ed448PublicKey {  // a public key of Ed448
 public:
  // point_not_on_curve unless the bytes are the canonical encoding of a point.
  static Result<Ed448PublicKey> create(BytesOf<kEd448KeySize> encoded);

  BytesOf<kEd448KeySize> bytes() const { return BytesOf<kEd448KeySize>(bytes_); }
  // bad_signature unless the signature is one of the message. Variable time: all inputs are public.
  Result<void> verify(std::span<const Bytes> message, BytesOf<kEd448SignatureSize> signature) const;

 private:
  Ed448PublicKey() = default;
  std::uint64_t negated_[16] = {};  // the limbs of x and y of the opposite point
  std::uint8_t bytes_[kEd448KeySize] = {};
};

// Private operations run in constant time in the key and in the message; sizes are public.
class Ed448PrivateKey {
 public:
  // Any 57 bytes are a private key (§5.2.5).
  static Ed448PrivateKey create(BytesOf<kEd448KeySize> seed);
  static Result<Ed448PrivateKey> generate(Random random);  // a new key

  BytesOf<kEd448KeySize> public_key() const { return BytesOf<kEd448KeySize>(public_); }
  // The 57 bytes from which everything else is computed.
  BytesOf<kEd448KeySize> reveal() const { return seed_.reveal(); }

  // Deterministic: the same signature for the same message.
  void sign(std::span<const Bytes> message, MutBytesOf<kEd448SignatureSize> signature) const;

 private:
  Ed448PrivateKey() = default;
  Secret<kEd448KeySize> seed_;
  Secret<kEd448SignatureSize> expanded_;  // the clamped scalar, and the prefix of nonces
  std::uint8_t public_[kEd448KeySize] = {};
};

}  // namespace ashlar::crypto
