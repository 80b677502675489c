// SPDX-License-Identifier: Apache-2.0
// Seeds expanded: ML-DSA's matrix, secret vectors, masks and challenge.
#pragma once

#include "mldsa/arithmetic.hpp"

namespace ashlar::crypto::mldsa {

// ExpandA (FIPS 204 Algorithm 32), row by row, from the first 32 bytes of a public key. If `hash` is not
// null, it receives 64 bytes of SHAKE256 of the whole key (tr), computed in a lane beside the matrix.
void expand_matrix(const Arithmetic& arithmetic, std::int32_t* matrix, const MlDsaSet& set, Bytes key,
                   std::uint8_t* hash);

// ExpandS (Algorithm 33): `count` polynomials of coefficients in [-eta, eta] from the seed.
void expand_secret(const Arithmetic& arithmetic, std::int32_t* out, const MlDsaSet& set, BytesOf<64> seed,
                   unsigned count);

// ExpandMask (Algorithm 34): l polynomials from the seed and kappa.
void expand_mask(const Arithmetic& arithmetic, std::int32_t* out, const MlDsaSet& set, BytesOf<64> seed,
                 unsigned kappa);

// SampleInBall (Algorithm 29): tau coefficients of 1 or -1. Variable time: the challenge is public.
void sample_in_ball(std::int32_t* out, const MlDsaSet& set, Bytes seed);

}  // namespace ashlar::crypto::mldsa
