// SPDX-License-Identifier: Apache-2.0
// The functions of a row of mlkem_kernels(), on polynomials of Z_q[X]/(X^256 + 1), q = 3329.
//
// A polynomial is 256 coefficients of 16 bits on 64 bytes, any representatives modulo q within the bounds
// stated at each function. Values are plain everywhere, never times a power of two. In the domain of the
// number-theoretic transform (FIPS 203 §4.3) each row keeps the coefficients in its own order, which
// arrange() makes. Pairs of coefficients 2 i and 2 i + 1 stay side by side.
#pragma once

#include <ashlar/crypto/mlkem.hpp>

#include "cpu/x86.hpp"
#include "sha3/sponges.hpp"

#include <cstdint>

namespace ashlar::crypto::mlkem {

inline constexpr int kQ = 3329;
inline constexpr std::size_t kN = 256;
inline constexpr unsigned kMaxK = 4;
// Space for what sample_uniform writes past the last coefficient, and reads past the last byte.
inline constexpr std::size_t kSampleSpace = kN + 32;
inline constexpr std::size_t kSampleSlack = 64;

struct Arithmetic {
  // In: |c| <= q. Out: |c| < q, in the row's order.
  void (*ntt)(std::int16_t* p);
  // In: |c| <= 2 q, in the row's order. Out: |c| < q.
  void (*inverse_ntt)(std::int16_t* p);
  // A polynomial of the domain as the right factor of inner_product: 512 numbers. In: |c| <= 8 q.
  void (*prepare)(std::int16_t* prepared, const std::int16_t* p);
  // The sum of k products in the domain (FIPS 203 §4.3.1): of polynomials at a, a + stride ... and of
  // prepared ones at intervals of 512. In: |c| <= 2 q. Out: |c| <= 2 q.
  void (*inner_product)(std::int16_t* out, const std::int16_t* a, std::size_t stride,
                        const std::int16_t* prepared, unsigned k);
  // The canonical coefficients of a polynomial of the domain in the standard's order, 12 bits each: 384
  // bytes (ByteEncode_12). In: |c| <= 4 q.
  void (*pack)(std::uint8_t* out, const std::int16_t* p);
  // The inverse. Returns 0 if all coefficients are below q, else all ones.
  std::uint64_t (*unpack)(std::int16_t* p, const std::uint8_t* in);
  // Compress_d and ByteEncode_d to 32 d bytes, d of 1, 4, 5, 10, 11 (FIPS 203 §4.2.1). In: |c| <= 4 q.
  void (*compress)(std::uint8_t* out, const std::int16_t* p, unsigned d);
  // ByteDecode_d and Decompress_d. Out: 0 <= c < q.
  void (*decompress)(std::int16_t* p, const std::uint8_t* in, unsigned d);
  // SamplePolyCBD_eta from 64 eta bytes (FIPS 203 Algorithm 8), eta of 2 or 3. Out: |c| <= eta.
  void (*sample_noise)(std::int16_t* p, const std::uint8_t* bytes, unsigned eta);
  // SampleNTT's rejection (Algorithm 7) on `size` bytes, a multiple of 24: appends the numbers below q to the
  // `have` in p, until there are 256 or more, and returns how many there are. Public: variable time. p has
  // kSampleSpace, and kSampleSlack bytes after `size` may be read.
  unsigned (*sample_uniform)(std::int16_t* p, unsigned have, const std::uint8_t* bytes, std::size_t size);
  // The coefficients of the domain from the standard's order to the row's.
  void (*arrange)(std::int16_t* out, const std::int16_t* in);
  // Keccak for use beside a hash, which takes one lane, and as wide as possible.
  sha3::KeccakMany few, many;
};

extern const Arithmetic kPortable;
#if ASHLAR_X86_KERNELS
extern const Arithmetic kAvx2;
// With Keccak on AVX-512's instructions, 256 bits wide.
extern const Arithmetic kAvx2TernaryKeccak;
// 512 bits wide.
extern const Arithmetic kAvx512;
#endif

}  // namespace ashlar::crypto::mlkem
