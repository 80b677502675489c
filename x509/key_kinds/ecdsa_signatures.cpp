// SPDX-License-Identifier: Apache-2.0
// The signature algorithms of ECDSA (RFC 5758 §3.2): one per hash, for any curve, without parameters.
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/x509/oids.hpp>

#include "algorithms.hpp"

namespace ashlar::x509 {
namespace {

// RFC 5758 §3.2: parameters MUST be absent. Some write NULL, which means the same. The parser of certificates
// notes it (Deviation::null_parameters).
Result<bool> read_absent(const AlgorithmIdentifier& identifier, SignatureMethod&) {
  if (identifier.parameters && identifier.parameters->tag != asn1::Tag::null) {
    return asn1::DerReader::fail_at(ErrorCode::bad_algorithm_parameters, identifier.offset);
  }
  return true;
}

constexpr SignatureAlgorithm ecdsa(std::string_view name, const asn1::Oid& oid,
                                   const crypto::HashAlgorithm& hash, const asn1::Oid& hash_oid) {
  return {name, oid, oids::kEcPublicKey, &hash, hash_oid, read_absent, write_no_parameters};
}

}  // namespace

constinit const SignatureAlgorithm kEcdsaSha256 =
    ecdsa("ecdsa-with-SHA256", oids::kEcdsaWithSha256, crypto::kSha256, oids::kSha256);
constinit const SignatureAlgorithm kEcdsaSha384 =
    ecdsa("ecdsa-with-SHA384", oids::kEcdsaWithSha384, crypto::kSha384, oids::kSha384);
constinit const SignatureAlgorithm kEcdsaSha512 =
    ecdsa("ecdsa-with-SHA512", oids::kEcdsaWithSha512, crypto::kSha512, oids::kSha512);

}  // namespace ashlar::x509
