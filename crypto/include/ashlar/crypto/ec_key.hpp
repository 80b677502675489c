// SPDX-License-Identifier: Apache-2.0
// Keys of ECDSA and ECDH on a curve y^2 = x^3 - 3x + b (FIPS 186-5 §6, SP 800-186 §3.2.1). p256.hpp, p384.hpp
// and p521.hpp name them. Numbers are big-endian, kBytes of the curve long. Signatures are r followed by s.
// Their DER form belongs to x509.
#pragma once

#include <ashlar/base/result.hpp>
#include <ashlar/base/secret.hpp>
#include <ashlar/crypto/cpu.hpp>
#include <ashlar/crypto/hash.hpp>
#include <ashlar/crypto/random.hpp>

namespace ashlar::crypto {

// A curve by its size: Bits of the field and of the order.
template <std::size_t Bits>
struct CurveOfSize {
  static constexpr std::size_t kBits = Bits;
  static constexpr std::size_t kBytes = (Bits + 7) / 8;
  static constexpr std::size_t kLimbs = (Bits + 63) / 64;
  static constexpr std::size_t kPointSize = 1 + 2 * kBytes;   // 04 || x || y
  static constexpr std::size_t kCompressedSize = 1 + kBytes;  // 02 or 03 || x
  static constexpr std::size_t kSignatureSize = 2 * kBytes;
};

// One implementation of multiplying points by scalars. Scalars are numbers of kLimbs limbs, least significant
// first; points are finite and affine: x, then y, each in Montgomery form (times 2^(64 kLimbs) modulo p).
template <class Curve>
struct EcKernel {
  std::string_view name;
  cpu::Features required;
  // out = k * G and out = k * point for 1 <= k < n. Constant time.
  void (*fixed_base)(std::uint64_t* out, const std::uint64_t* k);
  void (*variable_base)(std::uint64_t* out, const std::uint64_t* k, const std::uint64_t* point);
  // Whether u * G + v * point is finite and its x, modulo n, is r, for u, v, r below n. Variable time.
  bool (*verify)(const std::uint64_t* u, const std::uint64_t* v, const std::uint64_t* point,
                 const std::uint64_t* r);
};

template <class Curve>
class EcPrivateKey;
class P256Group;  // p256_many.hpp

// A public key: a point of the curve.
template <class Curve>
class EcPublicKey {
 public:
  // A point, uncompressed or compressed (SEC 1 §2.3.4): bad_point_encoding, point_not_on_curve. kernel: a row
  // of the table that this CPU can run, or null for the best.
  static Result<EcPublicKey> create(Bytes point, const EcKernel<Curve>* kernel = nullptr);

  // The bytes of the uncompressed point.
  void point(MutBytesOf<Curve::kPointSize> out) const;
  // bad_signature unless r || s signs the digest; r and s outside [1, n-1] are refused. If a digest is longer
  // than n, its leftmost bits are used (FIPS 186-5 §6.4.2). Variable time: all inputs are public.
  Result<void> verify(Bytes digest, BytesOf<Curve::kSignatureSize> signature) const;

 private:
  friend class EcPrivateKey<Curve>;
  friend class P256Group;
  EcPublicKey() = default;
  // Only this function of the kernel: a program that only verifies does not link what private keys need.
  bool (*verify_)(const std::uint64_t* u, const std::uint64_t* v, const std::uint64_t* point,
                  const std::uint64_t* r) = nullptr;
  std::uint64_t point_[2 * Curve::kLimbs] = {};  // as the kernels take it
};

// A private key. Its operations run in constant time in the key.
template <class Curve>
class EcPrivateKey {
 public:
  // scalar_out_of_range unless 1 <= scalar < n.
  static Result<EcPrivateKey> create(BytesOf<Curve::kBytes> scalar, const EcKernel<Curve>* kernel = nullptr);
  // By rejection (FIPS 186-5 §A.2.2).
  static Result<EcPrivateKey> generate(Random random, const EcKernel<Curve>* kernel = nullptr);

  EcPublicKey<Curve> public_key() const;
  BytesOf<Curve::kBytes> reveal() const { return scalar_.reveal(); }

  // Signs a digest. The nonce is that of RFC 6979 with a hash of the curve's size (SHA-256, SHA-384, SHA-512)
  // and fresh random bytes mixed in (hedged, §3.6). A null `random` leaves them out: signatures are then
  // deterministic as in the RFC's vectors.
  Result<void> sign(Bytes digest, const Random* random, MutBytesOf<Curve::kSignatureSize> signature,
                    const HashAlgorithm* nonce_hash = nullptr) const;
  // As sign, but verifies the signature before returning it (signing_fault, with `signature` wiped). For
  // machines on which faults are a threat. Costs more than a verification in addition.
  Result<void> sign_and_verify(Bytes digest, const Random* random,
                               MutBytesOf<Curve::kSignatureSize> signature) const;
  // The x coordinate of the shared point (SEC 1 §3.3.1).
  Result<void> agree(const EcPublicKey<Curve>& peer, Secret<Curve::kBytes>& shared) const;

 private:
  friend class P256Group;
  EcPrivateKey() = default;
  const EcKernel<Curve>* kernel_ = nullptr;
  Secret<Curve::kBytes> scalar_;
};

}  // namespace ashlar::crypto
