// SPDX-License-Identifier: Apache-2.0
// The functions of a row of mldsa_kernels(), on polynomials of Z_q[X]/(X^256 + 1), q = 8380417.
//
// A polynomial is 256 coefficients of 32 bits on 64 bytes, any representatives modulo q within the bounds
// stated at each function. In the domain of the number-theoretic transform (FIPS 204 §7.5) each row keeps the
// coefficients in its own order. arrange() makes that order.
#pragma once

#include <ashlar/crypto/mldsa.hpp>

#include "cpu/x86.hpp"
#include "sha3/sponges.hpp"

#include <cstdint>

namespace ashlar::crypto::mldsa {

inline constexpr std::int32_t kQ = 8380417;
inline constexpr std::size_t kN = 256;
inline constexpr unsigned kMaxK = 8;
inline constexpr unsigned kMaxL = 7;
inline constexpr unsigned kD = 13;  // bits that a public key leaves out of t

struct Arithmetic {
  // In: |c| <= q. Out: |c| < 9 q.
  void (*ntt)(std::int32_t* p);
  // In: |c| < q, with the factor 2^-32 that products have. Out: |c| < q, without it.
  void (*inverse_ntt)(std::int32_t* p);
  // The sum of `count` products in the domain, times 2^-32: of polynomials at a, a + 256 ... and b, b + 256
  // ... In: |c| < 9 q. Out: |c| < q.
  void (*inner_product)(std::int32_t* out, const std::int32_t* a, const std::int32_t* b, unsigned count);
  // The coefficients of the domain from the standard's order to the row's.
  void (*arrange)(std::int32_t* out, const std::int32_t* in);
  // Decompose (Algorithm 36) for gamma2: high in [0, m), low in [-gamma2, gamma2]. In: |c| < q. Constant
  // time.
  void (*decompose)(std::int32_t* high, std::int32_t* low, const std::int32_t* p, std::int32_t gamma2);
  // 0 if all |c| < bound, else all ones. In: |c| < 2^30. Constant time.
  std::uint64_t (*reaches)(const std::int32_t* p, std::int32_t bound);
  // RejNTTPoly's rejection (Algorithm 30) on `size` bytes, a multiple of 24: appends to the `have` numbers in
  // p until there are 256, and returns how many there are. Public: variable time.
  unsigned (*sample_uniform)(std::int32_t* p, unsigned have, const std::uint8_t* bytes, std::size_t size);
  // Keccak for use beside a hash, which takes one lane, and as wide as possible.
  sha3::KeccakMany few, many;
};

// c modulo q, |result| <= 6283008. In: any c below 2^31 - 2^22.
inline std::int32_t reduced(std::int32_t c) {
  return c - ((c + (1 << 22)) >> 23) * kQ;
}
// 0 <= result < q. In: as reduced().
inline std::int32_t canonical(std::int32_t c) {
  const std::int32_t r = reduced(c);
  return r + ((r >> 31) & kQ);
}
// a += b and a -= b, reduced.
inline void add(std::int32_t* a, const std::int32_t* b) {
  for (std::size_t i = 0; i < kN; ++i) {
    a[i] = reduced(a[i] + b[i]);
  }
}
inline void subtract(std::int32_t* a, const std::int32_t* b) {
  for (std::size_t i = 0; i < kN; ++i) {
    a[i] = reduced(a[i] - b[i]);
  }
}

extern const Arithmetic kPortable;
#if ASHLAR_X86_KERNELS
extern const Arithmetic kAvx2;
// With Keccak on AVX-512's instructions, 256 bits wide.
extern const Arithmetic kAvx2TernaryKeccak;
// 512 bits wide.
extern const Arithmetic kAvx512;
#endif

}  // namespace ashlar::crypto::mldsa
