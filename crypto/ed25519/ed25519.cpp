// SPDX-License-Identifier: Apache-2.0
// Ed25519's public keys. Private keys are in private.cpp: a program that only verifies does not link them.
#include <ashlar/crypto/ed25519.hpp>

#include "ed25519/kernels.hpp"
#include "ed25519/signing.hpp"

#include <ashlar/crypto/sha2.hpp>

namespace ashlar::crypto {

Result<Ed25519PublicKey> Ed25519PublicKey::create(BytesOf<32> encoded, const Ed25519Kernel* kernel) {
  Ed25519PublicKey key;
  const auto* row = kernel == nullptr ? &cpu::best(ed25519::verifiers()) : nullptr;
  key.sum_ = kernel != nullptr ? kernel->sum : row->sum;
  const auto decode = kernel != nullptr ? kernel->decode_negated : row->decode_negated;
  if (!decode(key.negated_, encoded.data())) {
    return ErrorCode::point_not_on_curve;
  }
  std::memcpy(key.bytes_, encoded.data(), 32);
  return key;
}

Result<void> Ed25519PublicKey::verify(std::span<const Bytes> message,
                                      BytesOf<kEd25519SignatureSize> signature) const {
  std::uint8_t k[32], r[32];
  if (!ed25519::challenge(k, signature, bytes_, message)) {
    return ErrorCode::bad_signature;
  }
  sum_(r, signature.data() + 32, k, negated_);
  if (!equal_public(r, signature.first<32>())) {
    return ErrorCode::bad_signature;
  }
  return {};
}

}  // namespace ashlar::crypto
