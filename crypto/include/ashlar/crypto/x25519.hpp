// SPDX-License-Identifier: Apache-2.0
// X25519 (RFC 7748). Constant time in the scalar.
#pragma once

#include <ashlar/base/result.hpp>
#include <ashlar/base/secret.hpp>
#include <ashlar/crypto/random.hpp>

namespace ashlar::crypto {

class X25519PrivateKey {
 public:
  static Result<X25519PrivateKey> generate(Random random);
  explicit X25519PrivateKey(BytesOf<32> scalar) : scalar_(scalar) {}

  void public_key(MutBytesOf<32> out) const;
  // The shared secret with a peer's public key, whose top bit is ignored and which need not be canonical
  // (RFC 7748 §5). all_zero_shared_secret for points of small order (§6.1).
  Result<void> agree(BytesOf<32> peer, Secret<32>& shared) const;

 private:
  Secret<32> scalar_;
};

}  // namespace ashlar::crypto
