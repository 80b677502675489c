// SPDX-License-Identifier: Apache-2.0
// K-PKE (FIPS 203 §5) and the algorithms of §6 and §7, once for all parameter sets.
#pragma once

#include "mlkem/arithmetic.hpp"

namespace ashlar::crypto::mlkem {

// PublicParts of any size.
struct Public {
  std::int16_t* matrix;
  std::int16_t* vector;
  MutBytes encoded;
  MutBytesOf<32> hash;
};
struct ConstPublic {
  const std::int16_t* matrix;
  const std::int16_t* vector;
  BytesOf<32> hash;
};

// Fills `key` from its `encoded`: 0 if the key passes the check of §7.2, else all ones.
std::uint64_t read_public(const Arithmetic& arithmetic, const MlKemSet& set, const Public& key);

// KeyGen_internal (§6.1) from d, without z. `secret` gets the k polynomials of s.
void make_keys(const Arithmetic& arithmetic, const MlKemSet& set, BytesOf<32> d, const Public& key,
               std::int16_t* secret);

// Encaps_internal (§6.2).
void encapsulate(const Arithmetic& arithmetic, const MlKemSet& set, const ConstPublic& key,
                 BytesOf<32> message, MutBytes ciphertext, MutBytesOf<32> shared);

// Decaps_internal (§6.3). `ciphertext` has the right size.
void decapsulate(const Arithmetic& arithmetic, const MlKemSet& set, const ConstPublic& key,
                 const std::int16_t* secret, BytesOf<32> z, Bytes ciphertext, MutBytesOf<32> shared);

}  // namespace ashlar::crypto::mlkem
