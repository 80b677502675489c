// SPDX-License-Identifier: Apache-2.0
// ML-DSA-44 (RFC 9881, FIPS 204 §4).
#include "key_kinds/mldsa.hpp"

namespace ashlar::x509 {
namespace {

struct MlDsa44 {
  static constexpr const crypto::MlDsaSet& kSet = crypto::kMlDsa44;
  static constexpr std::size_t kBits = 8 * kSet.public_key_size();
  static constexpr asn1::Oid kOid = oids::kMlDsa44;
  static constexpr const KeyKind& kind() { return kMlDsa44; }
  static constexpr const PrivateKeyKind& private_kind() { return kMlDsa44Private; }
  static constexpr const SignatureAlgorithm& signature() { return kMlDsa44Signature; }
};
constexpr KeySize kSizes[] = {{"ml-dsa-44", MlDsa44::kBits}};

}  // namespace

constinit const SignatureAlgorithm kMlDsa44Signature = mldsa_signature<MlDsa44>();
constinit const KeyKind kMlDsa44 = mldsa_key<MlDsa44>();
constinit const PrivateKeyKind kMlDsa44Private = mldsa_private_key<MlDsa44>(kSizes);

}  // namespace ashlar::x509
