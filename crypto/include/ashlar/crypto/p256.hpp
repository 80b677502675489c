// SPDX-License-Identifier: Apache-2.0
// ECDSA and ECDH on P-256 (FIPS 186-5, SP 800-186 §3.2.1.3). Signatures here are r and s of 32 bytes each,
// one after the other; their DER form belongs to x509.
#pragma once

#include <ashlar/base/result.hpp>
#include <ashlar/base/secret.hpp>
#include <ashlar/crypto/hash.hpp>
#include <ashlar/crypto/random.hpp>

namespace ashlar::crypto {

inline constexpr std::size_t kP256PointSize = 65;  // 04 || x || y
inline constexpr std::size_t kP256SignatureSize = 64;

class P256PublicKey {
 public:
  // An uncompressed point (SEC 1 §2.3.4): bad_point_encoding, point_not_on_curve.
  static Result<P256PublicKey> create(Bytes point);

  // The 65 bytes of the uncompressed point.
  void point(MutBytesOf<kP256PointSize> out) const;
  // bad_signature unless r || s signs the digest; r and s outside [1, n-1] are refused. A digest longer than
  // 32 bytes is cut on the right (FIPS 186-5 §6.4.2). Variable time: all inputs are public.
  Result<void> verify(Bytes digest, BytesOf<kP256SignatureSize> signature) const;

 private:
  friend class P256PrivateKey;
  P256PublicKey() = default;
  std::uint64_t x_[4] = {}, y_[4] = {};
};

// Private operations run in constant time in the key.
class P256PrivateKey {
 public:
  // scalar_out_of_range unless 1 <= scalar < n.
  static Result<P256PrivateKey> create(BytesOf<32> scalar);
  static Result<P256PrivateKey> generate(Random random);

  P256PublicKey public_key() const;
  BytesOf<32> reveal() const { return scalar_.reveal(); }

  // Signs a digest; the nonce is RFC 6979's with SHA-256 and fresh random bytes mixed in (hedged, §3.6). A
  // null `random` leaves them out: deterministic signatures as the RFC's vectors have them.
  Result<void> sign(Bytes digest, const Random* random, MutBytesOf<kP256SignatureSize> signature,
                    const HashAlgorithm* nonce_hash = nullptr) const;
  // The x coordinate of the shared point (SEC 1 §3.3.1).
  Result<void> agree(const P256PublicKey& peer, Secret<32>& shared) const;

 private:
  P256PrivateKey() = default;
  Secret<32> scalar_;
};

}  // namespace ashlar::crypto
