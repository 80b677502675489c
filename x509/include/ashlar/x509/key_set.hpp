// SPDX-License-Identifier: Apache-2.0
// Which keys and signatures are allowed. Parsing and verifying take such a set. Only what it names is
// linked.
#pragma once

#include <ashlar/x509/key_kinds.hpp>

#include <optional>

namespace ashlar::x509 {

// Keys of this kind that are smaller are refused.
struct MinimumSize {
  const KeyKind* kind;
  std::size_t bits;  // of the modulus or of the field
};

// The kinds of keys that are read and the signature algorithms that are checked. All others are reported as
// unsupported. The lists must outlive the set. The set must outlive every verification that uses it.
struct KeySet {
  std::span<const KeyKind* const> kinds;
  std::span<const SignatureAlgorithm* const> algorithms;
  // For all keys on a path, also the anchor's. Kinds without a row: any size that can be read.
  std::span<const MinimumSize> minimum_sizes = {};

  // key_too_small, with the bits found and wanted.
  Result<void> check_size(const PublicKey& key) const;

  // The signature method of an AlgorithmIdentifier in DER, header included. Nothing if it is not in the set;
  // bad_algorithm_parameters if it does not have the parameters that its standard fixes (X14). base_offset:
  // its offset in the input that errors speak of.
  Result<std::optional<SignatureMethod>> method(Bytes identifier, std::uint32_t base_offset = 0) const;
};
// RSA, ECDSA on P-256, P-384 and P-521, and Ed25519: what the named policies of tls take in chains.
extern const KeySet kUsualKeys;
// Everything that Ashlar has, for tools that show and judge any certificate: Ed448 and ML-DSA too.
extern const KeySet kAllKeys;
extern const std::span<const PrivateKeyKind* const> kAllPrivateKeys;

}  // namespace ashlar::x509
