// SPDX-License-Identifier: Apache-2.0
// Ed448 (RFC 8410, RFC 8032 §5.2).
#include <ashlar/crypto/ed448.hpp>

#include "key_kinds/edwards.hpp"

namespace ashlar::x509 {
namespace {

struct Ed448 {
  using Public = crypto::Ed448PublicKey;
  using Private = crypto::Ed448PrivateKey;
  static constexpr std::size_t kKeySize = crypto::kEd448KeySize;
  static constexpr std::size_t kSignatureSize = crypto::kEd448SignatureSize;
  static constexpr std::size_t kBits = 448;
  static constexpr asn1::Oid kOid = oids::kEd448;
  static constexpr const KeyKind& kind() { return kEd448; }
  static constexpr const PrivateKeyKind& private_kind() { return kEd448Private; }
  static constexpr const SignatureAlgorithm& signature() { return kEd448Signature; }
};
constexpr KeySize kSizes[] = {{"ed448", Ed448::kBits}};

}  // namespace

constinit const SignatureAlgorithm kEd448Signature = edwards_signature<Ed448>("Ed448");
constinit const KeyKind kEd448 = edwards_key<Ed448>("Ed448");
constinit const PrivateKeyKind kEd448Private = edwards_private_key<Ed448>(kSizes);

}  // namespace ashlar::x509
