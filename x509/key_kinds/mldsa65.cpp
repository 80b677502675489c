// SPDX-License-Identifier: Apache-2.0
// ML-DSA-65 (RFC 9881, FIPS 204 §4).
#include "key_kinds/mldsa.hpp"

namespace ashlar::x509 {
namespace {

struct MlDsa65 {
  static constexpr const crypto::MlDsaSet& kSet = crypto::kMlDsa65;
  static constexpr std::size_t kBits = 8 * kSet.public_key_size();
  static constexpr asn1::Oid kOid = oids::kMlDsa65;
  static constexpr const KeyKind& kind() { return kMlDsa65; }
  static constexpr const PrivateKeyKind& private_kind() { return kMlDsa65Private; }
  static constexpr const SignatureAlgorithm& signature() { return kMlDsa65Signature; }
};
constexpr KeySize kSizes[] = {{"ml-dsa-65", MlDsa65::kBits}};

}  // namespace

constinit const SignatureAlgorithm kMlDsa65Signature = mldsa_signature<MlDsa65>();
constinit const KeyKind kMlDsa65 = mldsa_key<MlDsa65>();
constinit const PrivateKeyKind kMlDsa65Private = mldsa_private_key<MlDsa65>(kSizes);

}  // namespace ashlar::x509
