// SPDX-License-Identifier: Apache-2.0
// The nonces of deterministic and hedged ECDSA (RFC 6979 §3.2 and §3.6).
#pragma once

#include "ec/curves.hpp"

#include <ashlar/base/secret.hpp>
#include <ashlar/crypto/hash.hpp>

namespace ashlar::crypto::ec {

// A sequence of candidates k, each in [1, n - 1] and, over its inputs, uniform there: those outside are
// thrown away, never reduced. Constant time in the scalar and the extra bytes, except for the number of
// rejected candidates. That number says nothing about the one that is used.
class NonceGenerator {
 public:
  // scalar: the private key. digest: of the message, as an integer below n. extra: k' of §3.6, empty for
  // deterministic nonces.
  NonceGenerator(const HashAlgorithm& hash, Bytes scalar, Bytes digest, Bytes extra);
  // Each call gives the next candidate below the order of the curve.
  template <class Curve>
  void next(Limbs<Curve::kLimbs>& k) {
    Secret<Curve::kBytes> candidate;
    do {
      fill(candidate.reveal_mut());
      k = load_leftmost_bits<Curve>(candidate.reveal().data());
      // Reveals only that a candidate was out of range, and such a candidate is not used.
    } while (!in_scalar_range<Curve>(k).declassify());
  }

 private:
  // The next bytes of the sequence. The first call gives those of step h.2, later ones those after step h.3.
  void fill(MutBytes candidate);
  // K = HMAC_K(V || separator || parts), V = HMAC_K(V).
  void update(std::uint8_t separator, std::span<const Bytes> parts);

  const HashAlgorithm* hash_;
  SecretBuffer<kMaxDigestSize> key_;    // K
  SecretBuffer<kMaxDigestSize> value_;  // V
  bool used_ = false;
};

}  // namespace ashlar::crypto::ec
