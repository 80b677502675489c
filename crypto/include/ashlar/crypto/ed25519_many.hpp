// SPDX-License-Identifier: Apache-2.0
// Independent operations of Ed25519 side by side: for servers that have several handshakes at hand. Any
// number of operations may be given. Each gets the result and the bytes that the function for one gives; what
// is wrong with one stands in its result and does not touch the others. With AVX-512 IFMA eight cost as much
// as three to four one after the other; elsewhere they are done one after the other.
//
// kernel: a row that this CPU can run (else kernel_unavailable, and nothing is done), or null for the best.
// Each call takes less than 64 KiB of stack.
#pragma once

#include <ashlar/crypto/ed25519.hpp>

namespace ashlar::crypto {

inline constexpr std::size_t kMaxEd25519Lanes = 8;  // operations side by side

// One implementation of several operations at once. Each argument has a pointer for each lane; lanes may hold
// the same operands.
struct Ed25519ManyKernel {
  std::string_view name;
  cpu::Features required;
  std::size_t lanes;  // how many at once, at most kMaxEd25519Lanes
  // As the functions of Ed25519Kernel; bit l of an answer is that of lane l. Null: one after the other.
  void (*base_multiple)(std::uint8_t* const* outs, const std::uint8_t* const* scalars);
  unsigned (*decode_negated)(std::uint64_t* const* points, const std::uint8_t* const* bytes);
  void (*sum)(std::uint8_t* const* outs, const std::uint8_t* const* ss, const std::uint8_t* const* ks,
              const std::uint64_t* const* points);
  // From how many operations each of them is faster than one after the other.
  std::size_t base_multiple_from, decode_from, sum_from;
};

// All implementations, best first; the last is portable.
std::span<const Ed25519ManyKernel> ed25519_many_kernels();

// One signature to make: what Ed25519PrivateKey::sign gives.
struct Ed25519Signing {
  const Ed25519PrivateKey* key;
  std::span<const Bytes> message;
  MutBytesOf<kEd25519SignatureSize> signature;
};

// Constant time in the keys and the messages.
Result<void> ed25519_sign_many(std::span<const Ed25519Signing> signings,
                               const Ed25519ManyKernel* kernel = nullptr);

// One public key to decode. What Ed25519PublicKey::create would return is put into `key`.
struct Ed25519Decoding {
  BytesOf<32> encoded;
  Result<Ed25519PublicKey> key = ErrorCode::point_not_on_curve;
};

// Variable time: all inputs are public.
Result<void> ed25519_public_keys_many(std::span<Ed25519Decoding> keys,
                                      const Ed25519ManyKernel* kernel = nullptr);

// One signature to verify. What Ed25519PublicKey::verify would return is put into `result`.
struct Ed25519Verification {
  const Ed25519PublicKey* key;
  std::span<const Bytes> message;
  BytesOf<kEd25519SignatureSize> signature;
  Result<void> result = {};
};

// Each signature is checked by itself, with the equation of Ed25519PublicKey::verify. Variable time: all
// inputs are public.
Result<void> ed25519_verify_many(std::span<Ed25519Verification> verifications,
                                 const Ed25519ManyKernel* kernel = nullptr);

}  // namespace ashlar::crypto
