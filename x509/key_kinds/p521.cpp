// SPDX-License-Identifier: Apache-2.0
// P-521 (RFC 5480, SP 800-186 §3.2.1.5).
#include <ashlar/crypto/p521.hpp>

#include "key_kinds/ec.hpp"

namespace ashlar::x509 {
namespace {

struct P521 {
  using Public = crypto::P521PublicKey;
  using Private = crypto::P521PrivateKey;
  static constexpr std::size_t kBits = 521;
  static constexpr std::size_t kScalarSize = 66;
  static constexpr std::size_t kPointSize = crypto::kP521PointSize;
  static constexpr std::size_t kSignatureSize = crypto::kP521SignatureSize;
  static constexpr const KeyKind& kind() { return kP521; }
  static constexpr const PrivateKeyKind& private_kind() { return kP521Private; }
};

constexpr KeySize kSizes[] = {{"p521", 521}};

}  // namespace

constinit const KeyKind kP521 = ec_key<P521>("ECDSA P-521", oids::kP521, 25);  // secp521r1
constinit const PrivateKeyKind kP521Private = ec_private_key<P521>(kSizes, kEcdsaSha512);

}  // namespace ashlar::x509
