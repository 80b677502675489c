// SPDX-License-Identifier: Apache-2.0
// Ed25519 (RFC 8410, RFC 8032 §5.1).
#include <ashlar/crypto/ed25519.hpp>

#include "key_kinds/edwards.hpp"

namespace ashlar::x509 {
namespace {

struct Ed25519 {
  using Public = crypto::Ed25519PublicKey;
  using Private = crypto::Ed25519PrivateKey;
  static constexpr std::size_t kKeySize = 32;
  static constexpr std::size_t kSignatureSize = crypto::kEd25519SignatureSize;
  static constexpr std::size_t kBits = 255;
  static constexpr asn1::Oid kOid = oids::kEd25519;
  static constexpr const KeyKind& kind() { return kEd25519; }
  static constexpr const PrivateKeyKind& private_kind() { return kEd25519Private; }
  static constexpr const SignatureAlgorithm& signature() { return kEd25519Signature; }
};
constexpr KeySize kSizes[] = {{"ed25519", Ed25519::kBits}};

}  // namespace

constinit const SignatureAlgorithm kEd25519Signature = edwards_signature<Ed25519>("Ed25519");
constinit const KeyKind kEd25519 = edwards_key<Ed25519>("Ed25519");
constinit const PrivateKeyKind kEd25519Private = edwards_private_key<Ed25519>(kSizes);

}  // namespace ashlar::x509
