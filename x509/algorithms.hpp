// SPDX-License-Identifier: Apache-2.0
// AlgorithmIdentifiers (RFC 5280 §4.1.1.2), read and written.
#pragma once

#include <ashlar/asn1/der.hpp>
#include <ashlar/x509/key_set.hpp>

namespace ashlar::x509 {

struct AlgorithmIdentifier {
  Bytes oid;
  std::optional<asn1::Element> parameters;
  Bytes whole;           // header included
  std::uint32_t offset;  // of its content
};

// Reads one. Parameters of any type must be DER at every level.
Result<AlgorithmIdentifier> read_algorithm_identifier(asn1::DerReader& reader);

// Whether an identifier names this kind of key: explicit_curve_parameters, bad_algorithm_parameters.
Result<bool> names_kind(const AlgorithmIdentifier& identifier, const KeyKind& kind);
void write_key_algorithm(asn1::DerWriter& writer, const PublicKey& key);

// The digest of a message under the algorithm's hash; empty if it has none.
crypto::Digest digest_of(const SignatureAlgorithm& algorithm, std::span<const Bytes> message);
// invalid_argument unless the digest has the hash's size, or is empty if there is no hash.
Result<void> check_input(const SignatureAlgorithm& algorithm, const SigningInput& input);
void write_signature_algorithm(asn1::DerWriter& writer, const SignatureAlgorithm& algorithm);

// SignatureAlgorithm's functions where the standard has no parameters.
Result<bool> read_no_parameters(const AlgorithmIdentifier& identifier, SignatureMethod& method);
void write_no_parameters(asn1::DerWriter& writer, const SignatureAlgorithm& row);

}  // namespace ashlar::x509
