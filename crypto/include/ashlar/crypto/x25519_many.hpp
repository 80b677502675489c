// SPDX-License-Identifier: Apache-2.0
// Independent operations of X25519 side by side: for servers that have several handshakes at hand.
#pragma once

#include <ashlar/crypto/x25519.hpp>

namespace ashlar::crypto {

// One agreement. What X25519PrivateKey::agree would return is put into `result`.
struct X25519Agreement {
  const X25519PrivateKey* key;
  BytesOf<32> peer;
  Secret<32>* shared;
  Result<void> result = {};
};

inline constexpr std::size_t kMaxX25519Lanes = 8;  // agreements side by side

// One implementation of several multiplications at once.
struct X25519ManyKernel {
  std::string_view name;
  cpu::Features required;
  std::size_t lanes;  // how many at once, at most kMaxX25519Lanes
  std::size_t from;   // agreements from which this is faster than one after the other
  // As X25519Kernel::multiply, in every lane. Lanes may hold the same operands. Null: one after the other.
  void (*multiply)(std::uint8_t* const* outs, const std::uint8_t* const* scalars,
                   const std::uint8_t* const* points);
  // As X25519Kernel::multiply_base, likewise, and from how many it is faster.
  void (*multiply_base)(std::uint8_t* const* outs, const std::uint8_t* const* scalars);
  std::size_t base_from;
};

// All implementations, best first; the last is portable.
std::span<const X25519ManyKernel> x25519_many_kernels();

// Any number of agreements. Each gets the secret and the result that X25519PrivateKey::agree gives; what is
// wrong with one does not touch the others. Constant time in the keys. kernel: a row that this CPU can run
// (else kernel_unavailable, and nothing is done), or null for the best. With AVX-512 IFMA eight cost as much
// as four one after the other. Takes less than 24 KiB of stack.
Result<void> x25519_agree_many(std::span<X25519Agreement> agreements,
                               const X25519ManyKernel* kernel = nullptr);

// A public key to compute: the bytes of X25519PrivateKey::public_key.
struct X25519PublicKeyBytes {
  const X25519PrivateKey* key;
  MutBytesOf<32> bytes;
};

// Any number of public keys, as x25519_agree_many. With AVX-512 IFMA eight cost as much as four one after the
// other.
Result<void> x25519_public_keys_many(std::span<const X25519PublicKeyBytes> keys,
                                     const X25519ManyKernel* kernel = nullptr);

}  // namespace ashlar::crypto
