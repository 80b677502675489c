// SPDX-License-Identifier: Apache-2.0
// ECDSA verification on P-384 (FIPS 186-5, SP 800-186 §3.2.1.4).
#pragma once

#include <ashlar/base/bytes.hpp>
#include <ashlar/base/result.hpp>

namespace ashlar::crypto {

inline constexpr std::size_t kP384PointSize = 97;
inline constexpr std::size_t kP384SignatureSize = 96;

class P384PublicKey {
 public:
  static Result<P384PublicKey> create(Bytes point);
  void point(MutBytesOf<kP384PointSize> out) const;
  // As P256PublicKey::verify.
  Result<void> verify(Bytes digest, BytesOf<kP384SignatureSize> signature) const;

 private:
  P384PublicKey() = default;
  std::uint64_t x_[6] = {}, y_[6] = {};  // Montgomery form
};

}  // namespace ashlar::crypto
