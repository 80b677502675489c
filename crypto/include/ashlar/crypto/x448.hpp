// SPDX-License-Identifier: Apache-2.0
// X448 (RFC 7748 §5). Constant time in the scalar and in the shared secret. One portable implementation.
#pragma once

#include <ashlar/base/result.hpp>
#include <ashlar/base/secret.hpp>
#include <ashlar/crypto/random.hpp>

namespace ashlar::crypto {

inline constexpr std::size_t kX448Size = 56;  // bytes of keys and secrets

class X448PrivateKey {  // a private key of X448
 public:
  // A random one.
  static Result<X448PrivateKey> generate(Random random);
  // Any 56 bytes; they are clamped when used (§5).
  explicit X448PrivateKey(BytesOf<kX448Size> scalar) : scalar_(scalar) {}

  void public_key(MutBytesOf<kX448Size> out) const;  // its u-coordinate
  // The shared secret with a peer's public key, which need not be canonical (§5). all_zero_shared_secret for
  // points of small order (§6.2).
  Result<void> agree(BytesOf<kX448Size> peer, Secret<kX448Size>& shared) const;

 private:
  Secret<kX448Size> scalar_;
};

}  // namespace ashlar::crypto
