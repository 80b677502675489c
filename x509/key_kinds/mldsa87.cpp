// SPDX-License-Identifier: Apache-2.0
// ML-DSA-87 (RFC 9881, FIPS 204 §4).
#include "key_kinds/mldsa.hpp"

namespace ashlar::x509 {
namespace {

struct MlDsa87 {
  static constexpr const crypto::MlDsaSet& kSet = crypto::kMlDsa87;
  static constexpr std::size_t kBits = 8 * kSet.public_key_size();
  static constexpr asn1::Oid kOid = oids::kMlDsa87;
  static constexpr const KeyKind& kind() { return kMlDsa87; }
  static constexpr const PrivateKeyKind& private_kind() { return kMlDsa87Private; }
  static constexpr const SignatureAlgorithm& signature() { return kMlDsa87Signature; }
};
constexpr KeySize kSizes[] = {{"ml-dsa-87", MlDsa87::kBits}};

}  // namespace

constinit const SignatureAlgorithm kMlDsa87Signature = mldsa_signature<MlDsa87>();
constinit const KeyKind kMlDsa87 = mldsa_key<MlDsa87>();
constinit const PrivateKeyKind kMlDsa87Private = mldsa_private_key<MlDsa87>(kSizes);

}  // namespace ashlar::x509
