// SPDX-License-Identifier: Apache-2.0
// ECDSA and ECDH on P-384 (FIPS 186-5, SP 800-186 §3.2.1.4). Signatures here are r and s of 48 bytes each,
// one after the other; their DER form belongs to x509.
#pragma once

#include <ashlar/base/result.hpp>
#include <ashlar/base/secret.hpp>
#include <ashlar/crypto/hash.hpp>
#include <ashlar/crypto/random.hpp>

namespace ashlar::crypto {

inline constexpr std::size_t kP384PointSize = 97;      // 04 || x || y
inline constexpr std::size_t kP384SignatureSize = 96;  // bytes: r, then s

class P384PublicKey {  // a point on P-384 that is a public key
 public:
  // An uncompressed point (SEC 1 §2.3.4): bad_point_encoding, point_not_on_curve.
  static Result<P384PublicKey> create(Bytes point);

  // The 97 bytes of the uncompressed point.
  void point(MutBytesOf<kP384PointSize> out) const;
  // bad_signature unless r || s signs the digest; r and s outside [1, n-1] are refused. A digest longer than
  // 48 bytes is cut on the right (FIPS 186-5 §6.4.2). Variable time: all inputs are public.
  Result<void> verify(Bytes digest, BytesOf<kP384SignatureSize> signature) const;

 private:
  friend class P384PrivateKey;
  P384PublicKey() = default;
  std::uint64_t x_[6] = {}, y_[6] = {};  // Montgomery form
};

// Private operations run in constant time in the key.
class P384PrivateKey {
 public:
  // scalar_out_of_range unless 1 <= scalar < n.
  static Result<P384PrivateKey> create(BytesOf<48> scalar);
  // By rejection (FIPS 186-5 §A.2.2).
  static Result<P384PrivateKey> generate(Random random);

  P384PublicKey public_key() const;  // the point that belongs to it
  BytesOf<48> reveal() const { return scalar_.reveal(); }

  // Signs a digest; the nonce is RFC 6979's with SHA-384 and fresh random bytes mixed in (hedged, §3.6). A
  // null `random` leaves them out: deterministic signatures as the RFC's vectors have them.
  Result<void> sign(Bytes digest, const Random* random, MutBytesOf<kP384SignatureSize> signature,
                    const HashAlgorithm* nonce_hash = nullptr) const;
  // As sign, and the signature is verified before it leaves (signing_fault, with `signature` wiped): for
  // machines on which faults are a threat. Costs a verification and more.
  Result<void> sign_and_verify(Bytes digest, const Random* random,
                               MutBytesOf<kP384SignatureSize> signature) const;
  // The x coordinate of the shared point (SEC 1 §3.3.1).
  Result<void> agree(const P384PublicKey& peer, Secret<48>& shared) const;

 private:
  P384PrivateKey() = default;
  Secret<48> scalar_;
};

}  // namespace ashlar::crypto
