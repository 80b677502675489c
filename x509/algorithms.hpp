// SPDX-License-Identifier: Apache-2.0
// AlgorithmIdentifiers (RFC 5280 §4.1.1.2) and the registry of signature algorithms.
#pragma once

#include <ashlar/asn1/der.hpp>
#include <ashlar/asn1/der_writer.hpp>
#include <ashlar/asn1/oid.hpp>
#include <ashlar/x509/keys.hpp>

namespace ashlar::x509 {

struct AlgorithmIdentifier {
  Bytes oid;
  std::optional<asn1::Element> parameters;
  Bytes whole;           // header included
  std::uint32_t offset;  // of its content
};

// Reads one; parameters of any type must be DER all the way down.
Result<AlgorithmIdentifier> read_algorithm_identifier(asn1::DerReader& reader);

// One signature algorithm: everything about it.
struct SignatureAlgorithmRow {
  enum class Parameters : std::uint8_t { null, absent, pss };
  SignatureAlgorithm algorithm;
  asn1::Oid oid;
  Parameters parameters;
  bool rsa;  // else ECDSA
  const crypto::HashAlgorithm& hash;
  asn1::Oid hash_oid;
  std::string_view name;
};
const SignatureAlgorithmRow& row_of(SignatureAlgorithm algorithm);

// Which algorithm an identifier names; nothing for one that is not ours. bad_algorithm_parameters for one of
// ours whose parameters are not exactly what its standard fixes (X14).
Result<std::optional<SignatureAlgorithm>> signature_algorithm_of(const AlgorithmIdentifier& identifier);
// Writes the identifier.
void write_signature_algorithm(asn1::DerWriter& writer, SignatureAlgorithm algorithm);

}  // namespace ashlar::x509
