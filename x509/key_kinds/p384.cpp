// SPDX-License-Identifier: Apache-2.0
// P-384 (RFC 5480, SP 800-186 §3.2.1.4).
#include <ashlar/crypto/p384.hpp>

#include "key_kinds/ec.hpp"

namespace ashlar::x509 {
namespace {

struct P384 {
  using Public = crypto::P384PublicKey;
  static constexpr std::size_t kBits = 384;
  static constexpr std::size_t kPointSize = crypto::kP384PointSize;
  static constexpr std::size_t kSignatureSize = crypto::kP384SignatureSize;
  static constexpr const KeyKind& kind() { return kP384; }
};

}  // namespace

constinit const KeyKind kP384 = ec_key<P384>("ECDSA P-384", oids::kP384, 24);  // secp384r1

}  // namespace ashlar::x509
