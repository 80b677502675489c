// SPDX-License-Identifier: Apache-2.0
// Seeds expanded: ML-KEM's matrix and noise.
#pragma once

#include "mlkem/arithmetic.hpp"

namespace ashlar::crypto::mlkem {

// The k * k polynomials of the matrix, row by row (FIPS 203 Algorithm 13, steps 3 to 7), from the seed, the
// last 32 bytes of an encapsulation key. If `hash` is not null, it receives SHA3-256 of the whole key (§4.1,
// H), computed in a lane beside the matrix.
void expand_matrix(const Arithmetic& arithmetic, std::int16_t* matrix, unsigned k, Bytes key,
                   std::uint8_t* hash);

// `count` polynomials of noise from PRF(seed, first), PRF(seed, first + 1) ...: the first `with_eta1` of them
// with eta1, the others with 2.
void expand_noise(const Arithmetic& arithmetic, std::int16_t* out, BytesOf<32> seed, unsigned first,
                  unsigned count, unsigned with_eta1, unsigned eta1);

}  // namespace ashlar::crypto::mlkem
