// SPDX-License-Identifier: Apache-2.0
// The parts of a signature and of its verification before and after the multiple of a point (RFC 8032 §5.1.6,
// §5.1.7).
#pragma once

#include "ed25519/scalar.hpp"

#include <ashlar/base/ct.hpp>
#include <ashlar/crypto/ed25519.hpp>
#include <ashlar/crypto/sha2.hpp>

namespace ashlar::crypto::ed25519 {

// Secrets of a signature under way. The caller wipes them.
struct SigningScalars {
  std::uint8_t digest[64];
  Scalar a, r, s;
};

// nonce = r, the hash of the prefix and the message, below L. Constant time.
inline void make_nonce(std::uint8_t* nonce, SigningScalars& secret, BytesOf<64> expanded,
                       std::span<const Bytes> message) {
  Hash hash(kSha512);
  hash.update(expanded.last<32>());
  for (const Bytes part : message) {
    hash.update(part);
  }
  hash.finish(secret.digest);
  reduce_wide(secret.r, secret.digest);
  ec::FieldTools<Scalars>::leave(secret.r, secret.r);
  store_scalar(nonce, secret.r);
}

// The signature's second half, for R in its first. Constant time.
inline void finish_signature(MutBytesOf<kEd25519SignatureSize> signature, SigningScalars& secret,
                             BytesOf<64> expanded, Bytes public_key, std::span<const Bytes> message) {
  // R is public: it is a part of the signature.
  ct::declassify(signature.first<32>());
  Hash hash(kSha512);
  hash.update(signature.first<32>()).update(public_key);
  for (const Bytes part : message) {
    hash.update(part);
  }
  hash.finish(secret.digest);
  // S = r + k a: k in Montgomery form times the plain a.
  reduce_wide(secret.s, secret.digest);
  secret.a = load_scalar(expanded.data());
  Scalars::multiply(secret.s, secret.a, secret.s);
  Scalars::add(secret.s, secret.s, secret.r);
  store_scalar(signature.data() + 32, secret.s);
  // A signature is public.
  ct::declassify(signature);
}

// k, the hash of R, the key and the message, below L; whether S is below L. Variable time.
inline bool challenge(std::uint8_t* k, BytesOf<kEd25519SignatureSize> signature, Bytes public_key,
                      std::span<const Bytes> message) {
  // Public, like everything here.
  if (!ec::less(load_scalar(signature.data() + 32), Order::kValue).declassify()) {
    return false;
  }
  std::uint8_t digest[64];
  Hash hash(kSha512);
  hash.update(signature.first<32>()).update(public_key);
  for (const Bytes part : message) {
    hash.update(part);
  }
  hash.finish(digest);
  Scalar number;
  reduce_wide(number, digest);
  ec::FieldTools<Scalars>::leave(number, number);
  store_scalar(k, number);
  return true;
}

}  // namespace ashlar::crypto::ed25519
