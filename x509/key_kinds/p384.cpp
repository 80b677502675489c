// SPDX-License-Identifier: Apache-2.0
// P-384 (RFC 5480, SP 800-186 §3.2.1.4).
#include <ashlar/crypto/p384.hpp>

#include "key_kinds/ec.hpp"

namespace ashlar::x509 {
namespace {

struct P384 {
  using Public = crypto::P384PublicKey;
  using Private = crypto::P384PrivateKey;
  static constexpr std::size_t kBits = 384;
  static constexpr std::size_t kScalarSize = 48;
  static constexpr std::size_t kPointSize = crypto::kP384PointSize;
  static constexpr std::size_t kSignatureSize = crypto::kP384SignatureSize;
  static constexpr const KeyKind& kind() { return kP384; }
  static constexpr const PrivateKeyKind& private_kind() { return kP384Private; }
};

constexpr KeySize kSizes[] = {{"p384", 384}};

}  // namespace

constinit const KeyKind kP384 = ec_key<P384>("ECDSA P-384", oids::kP384, 24);  // secp384r1
constinit const PrivateKeyKind kP384Private = ec_private_key<P384>(kSizes, kEcdsaSha384);

}  // namespace ashlar::x509
