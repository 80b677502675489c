// SPDX-License-Identifier: Apache-2.0
// ECDSA and ECDH on P-256 (FIPS 186-5, SP 800-186 §3.2.1.3). Signatures here are r and s of 32 bytes each,
// one after the other; their DER form belongs to x509.
#pragma once

#include <ashlar/base/result.hpp>
#include <ashlar/base/secret.hpp>
#include <ashlar/crypto/cpu.hpp>
#include <ashlar/crypto/hash.hpp>
#include <ashlar/crypto/random.hpp>

namespace ashlar::crypto {

inline constexpr std::size_t kP256PointSize = 65;      // 04 || x || y
inline constexpr std::size_t kP256SignatureSize = 64;  // bytes: r, then s

// One implementation of scalars times points. Scalars are numbers of four limbs, least significant first;
// points are finite and affine: x, then y, four limbs each in Montgomery form (times 2^256 modulo p).
struct P256Kernel {
  std::string_view name;
  cpu::Features required;
  // out = k * G and out = k * point for 1 <= k < n. Constant time.
  void (*fixed_base)(std::uint64_t out[8], const std::uint64_t k[4]);
  void (*variable_base)(std::uint64_t out[8], const std::uint64_t k[4], const std::uint64_t point[8]);
  // Whether u * G + v * point is finite and its x, modulo n, is r, for u, v, r below n. Variable time.
  bool (*verify)(const std::uint64_t u[4], const std::uint64_t v[4], const std::uint64_t point[8],
                 const std::uint64_t r[4]);
};

// All implementations, best first; the last is portable.
std::span<const P256Kernel> p256_kernels();

class P256PublicKey {  // a point on P-256 that is a public key
 public:
  // An uncompressed point (SEC 1 §2.3.4): bad_point_encoding, point_not_on_curve. kernel: a row of the table
  // that this CPU can run, or null for the best.
  static Result<P256PublicKey> create(Bytes point, const P256Kernel* kernel = nullptr);

  // The 65 bytes of the uncompressed point.
  void point(MutBytesOf<kP256PointSize> out) const;
  // bad_signature unless r || s signs the digest; r and s outside [1, n-1] are refused. A digest longer than
  // 32 bytes is cut on the right (FIPS 186-5 §6.4.2). Variable time: all inputs are public.
  Result<void> verify(Bytes digest, BytesOf<kP256SignatureSize> signature) const;

 private:
  friend class P256PrivateKey;
  P256PublicKey() = default;
  // The kernel's, and nothing else of it: who only verifies does not link what private keys need.
  bool (*verify_)(const std::uint64_t u[4], const std::uint64_t v[4], const std::uint64_t point[8],
                  const std::uint64_t r[4]) = nullptr;
  std::uint64_t point_[8] = {};  // as the kernels take it
};

// Private operations run in constant time in the key.
class P256PrivateKey {
 public:
  // scalar_out_of_range unless 1 <= scalar < n.
  static Result<P256PrivateKey> create(BytesOf<32> scalar, const P256Kernel* kernel = nullptr);
  // By rejection (FIPS 186-5 §A.2.2).
  static Result<P256PrivateKey> generate(Random random, const P256Kernel* kernel = nullptr);

  P256PublicKey public_key() const;  // the point that belongs to it
  BytesOf<32> reveal() const { return scalar_.reveal(); }

  // Signs a digest; the nonce is RFC 6979's with SHA-256 and fresh random bytes mixed in (hedged, §3.6). A
  // null `random` leaves them out: deterministic signatures as the RFC's vectors have them.
  Result<void> sign(Bytes digest, const Random* random, MutBytesOf<kP256SignatureSize> signature,
                    const HashAlgorithm* nonce_hash = nullptr) const;
  // As sign, and the signature is verified before it leaves (signing_fault, with `signature` wiped): for
  // machines on which faults are a threat. Costs a verification and more.
  Result<void> sign_and_verify(Bytes digest, const Random* random,
                               MutBytesOf<kP256SignatureSize> signature) const;
  // The x coordinate of the shared point (SEC 1 §3.3.1).
  Result<void> agree(const P256PublicKey& peer, Secret<32>& shared) const;

 private:
  P256PrivateKey() = default;
  const P256Kernel* kernel_ = nullptr;
  Secret<32> scalar_;
};

}  // namespace ashlar::crypto
