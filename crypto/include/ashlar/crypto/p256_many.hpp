// SPDX-License-Identifier: Apache-2.0
// Independent operations on P-256 side by side: for servers that have several handshakes at hand. Any number
// of operations may be given. Each gets the result and the bytes that the function for one gives; what is
// wrong with one stands in its result and does not touch the others. With AVX-512 IFMA eight cost as much as
// two to three one after the other; elsewhere they are done one after the other.
//
// kernel: a row that this CPU can run (else kernel_unavailable, and nothing is done), or null for the best.
// Each call takes less than 64 KiB of stack.
#pragma once

#include <ashlar/crypto/p256.hpp>

namespace ashlar::crypto {

inline constexpr std::size_t kMaxP256Lanes = 8;  // operations side by side

// One implementation of several operations at once. Each argument has a pointer for each lane; lanes may hold
// the same operands.
struct P256ManyKernel {
  std::string_view name;
  cpu::Features required;
  std::size_t lanes;  // how many at once, at most kMaxP256Lanes
  // As the functions of P256Kernel. Constant time. Null: one after the other.
  void (*fixed_base)(std::uint64_t* const* outs, const std::uint64_t* const* scalars);
  void (*variable_base)(std::uint64_t* const* outs, const std::uint64_t* const* scalars,
                        const std::uint64_t* const* points);
  // Bit l of the answer: what P256Kernel::verify answers for lane l. Variable time.
  unsigned (*verify)(const std::uint64_t* const* us, const std::uint64_t* const* vs,
                     const std::uint64_t* const* points, const std::uint64_t* const* rs);
  // From how many operations each of them is faster than one after the other.
  std::size_t fixed_base_from, variable_base_from, verify_from;
};

// All implementations, best first; the last is portable.
std::span<const P256ManyKernel> p256_many_kernels();

// A public key to compute: the bytes of P256PublicKey::point.
struct P256PublicPoint {
  const P256PrivateKey* key;
  MutBytesOf<kP256PointSize> point;
};

// Public keys of private keys. Constant time in the keys.
Result<void> p256_public_points_many(std::span<const P256PublicPoint> points,
                                     const P256ManyKernel* kernel = nullptr);

// One agreement. What P256PrivateKey::agree would return is put into `result`.
struct P256Agreement {
  const P256PrivateKey* key;
  const P256PublicKey* peer;
  Secret<32>* shared;
  Result<void> result = {};
};

// Constant time in the keys.
Result<void> p256_agree_many(std::span<P256Agreement> agreements, const P256ManyKernel* kernel = nullptr);

// One signature to make. What P256PrivateKey::sign would return is put into `result`.
struct P256Signing {
  const P256PrivateKey* key;
  Bytes digest;
  MutBytesOf<kP256SignatureSize> signature;
  Result<void> result = {};
};

// random: as for P256PrivateKey::sign; each signature takes fresh bytes, in order. Constant time in the keys
// and the nonces.
Result<void> p256_sign_many(std::span<P256Signing> signings, const Random* random,
                            const P256ManyKernel* kernel = nullptr);

// One signature to verify. What P256PublicKey::verify would return is put into `result`.
struct P256Verification {
  const P256PublicKey* key;
  Bytes digest;
  BytesOf<kP256SignatureSize> signature;
  Result<void> result = {};
};

// Variable time: all inputs are public.
Result<void> p256_verify_many(std::span<P256Verification> verifications,
                              const P256ManyKernel* kernel = nullptr);

}  // namespace ashlar::crypto
