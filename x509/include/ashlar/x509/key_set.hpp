// SPDX-License-Identifier: Apache-2.0
// Which keys and signatures are allowed. Parsing and verifying take such a set, and only what it names is
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

// The kinds of keys that are read and the signature algorithms that are checked. All others are told as
// unsupported. The lists outlive the set, and the set outlives a verification that it is given to.
struct KeySet {
  std::span<const KeyKind* const> kinds;
  std::span<const SignatureAlgorithm* const> algorithms;
  // Of the keys on a path, the anchor's among them. Kinds without a row: whatever can be read.
  std::span<const MinimumSize> minimum_sizes = {};

  // key_too_small, with the bits found and wanted.
  Result<void> check_size(const PublicKey& key) const;

  // How an AlgorithmIdentifier in DER, header included, says that a signature is made: nothing if it is none
  // of the set, bad_algorithm_parameters if it is but has not the parameters that its standard fixes (X14).
  // base_offset: where it stands in the input that errors speak of.
  Result<std::optional<SignatureMethod>> method(Bytes identifier, std::uint32_t base_offset = 0) const;
};
// Everything that Ashlar has: for tools that show and judge whatever comes.
extern const KeySet kAllKeys;
extern const std::span<const PrivateKeyKind* const> kAllPrivateKeys;

}  // namespace ashlar::x509
