// SPDX-License-Identifier: Apache-2.0
// ML-DSA's internal algorithms (FIPS 204 §6), once for all parameter sets.
#pragma once

#include "mldsa/arithmetic.hpp"

#include <ashlar/base/result.hpp>

namespace ashlar::crypto::mldsa {

// The parts of a private key in its encoding (Algorithm 24).
inline constexpr std::size_t kAtKey = 32, kAtHash = 64, kAtVectors = 128;

struct Private {
  std::int32_t* matrix;
  std::int32_t* vectors;  // s1, s2, t0, in the domain
  MutBytes public_key;
  MutBytes encoded;
};
struct ConstPrivate {
  const std::int32_t* matrix;
  const std::int32_t* vectors;
  Bytes encoded;
};

// KeyGen_internal (Algorithm 6): fills everything.
void make_keys(const Arithmetic& arithmetic, const MlDsaSet& set, BytesOf<32> seed, const Private& key);

// Fills the rest from `encoded`; 0 if its parts fit each other, all ones if not.
std::uint64_t read_private(const Arithmetic& arithmetic, const MlDsaSet& set, const Private& key);

// mu (Algorithm 7, step 6) of pure ML-DSA: H(tr || 0 || size of context || context || message).
void representative(MutBytesOf<64> mu, Bytes hash_of_key, Bytes context, Bytes message);

// Sign_internal (Algorithm 7) from mu on: signing_fault when too many attempts were thrown away.
Result<void> sign(const Arithmetic& arithmetic, const MlDsaSet& set, const ConstPrivate& key, BytesOf<64> mu,
                  BytesOf<32> random, MutBytes signature);

// Verify_internal (Algorithm 8). `mu` is given, or null, and then made of context and message. `matrix`: room
// for k * l polynomials.
struct Message {
  const std::uint8_t* mu;
  Bytes context, message;
};
bool verify(const Arithmetic& arithmetic, const MlDsaSet& set, std::int32_t* matrix, Bytes key,
            const Message& message, Bytes signature);

}  // namespace ashlar::crypto::mldsa
