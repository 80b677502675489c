// SPDX-License-Identifier: Apache-2.0
// Keccak-f[1600] (FIPS 202 §3): the rounds, once, for every kernel that works on single lanes.
#pragma once

#include <ashlar/crypto/sha3.hpp>

#include <bit>

#include "cpu/dead_stack.hpp"
#include "cpu/x86.hpp"

namespace ashlar::crypto::sha3 {

inline constexpr std::uint64_t kRoundConstants[24] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b,
    0x0000000080000001, 0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088,
    0x0000000080008009, 0x000000008000000a, 0x000000008000808b, 0x800000000000008b, 0x8000000000008089,
    0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
};

// How far rho rotates lane (x, y), at x + 5y.
inline constexpr int kRotations[25] = {0,  1,  62, 28, 27, 36, 44, 6,  55, 20, 3,  10, 43,
                                       25, 39, 41, 45, 15, 21, 8,  18, 2,  61, 56, 14};

// One round from `a` to `b`: theta's column parities, then for each plane of the result rho and pi (the
// source of each lane and its rotation) and chi. Lane (x, y) is a[x + 5y].
#define ASHLAR_KECCAK_ROUND(a, b, constant)                                                                  \
  do {                                                                                                       \
    const std::uint64_t c0 = a[0] ^ a[5] ^ a[10] ^ a[15] ^ a[20];                                            \
    const std::uint64_t c1 = a[1] ^ a[6] ^ a[11] ^ a[16] ^ a[21];                                            \
    const std::uint64_t c2 = a[2] ^ a[7] ^ a[12] ^ a[17] ^ a[22];                                            \
    const std::uint64_t c3 = a[3] ^ a[8] ^ a[13] ^ a[18] ^ a[23];                                            \
    const std::uint64_t c4 = a[4] ^ a[9] ^ a[14] ^ a[19] ^ a[24];                                            \
    const std::uint64_t d0 = c4 ^ std::rotl(c1, 1), d1 = c0 ^ std::rotl(c2, 1);                              \
    const std::uint64_t d2 = c1 ^ std::rotl(c3, 1), d3 = c2 ^ std::rotl(c4, 1);                              \
    const std::uint64_t d4 = c3 ^ std::rotl(c0, 1);                                                          \
    ASHLAR_KECCAK_PLANE(b, 0, a[0] ^ d0, 0, a[6] ^ d1, 44, a[12] ^ d2, 43, a[18] ^ d3, 21, a[24] ^ d4, 14);  \
    b[0] ^= constant;                                                                                        \
    ASHLAR_KECCAK_PLANE(b, 5, a[3] ^ d3, 28, a[9] ^ d4, 20, a[10] ^ d0, 3, a[16] ^ d1, 45, a[22] ^ d2, 61);  \
    ASHLAR_KECCAK_PLANE(b, 10, a[1] ^ d1, 1, a[7] ^ d2, 6, a[13] ^ d3, 25, a[19] ^ d4, 8, a[20] ^ d0, 18);   \
    ASHLAR_KECCAK_PLANE(b, 15, a[4] ^ d4, 27, a[5] ^ d0, 36, a[11] ^ d1, 10, a[17] ^ d2, 15, a[23] ^ d3,     \
                        56);                                                                                 \
    ASHLAR_KECCAK_PLANE(b, 20, a[2] ^ d2, 62, a[8] ^ d3, 55, a[14] ^ d4, 39, a[15] ^ d0, 41, a[21] ^ d1, 2); \
  } while (false)

#define ASHLAR_KECCAK_PLANE(b, at, l0, r0, l1, r1, l2, r2, l3, r3, l4, r4)                      \
  do {                                                                                          \
    const std::uint64_t e0 = std::rotl(l0, r0), e1 = std::rotl(l1, r1), e2 = std::rotl(l2, r2); \
    const std::uint64_t e3 = std::rotl(l3, r3), e4 = std::rotl(l4, r4);                         \
    b[at] = e0 ^ (~e1 & e2);                                                                    \
    b[at + 1] = e1 ^ (~e2 & e3);                                                                \
    b[at + 2] = e2 ^ (~e3 & e4);                                                                \
    b[at + 3] = e3 ^ (~e4 & e0);                                                                \
    b[at + 4] = e4 ^ (~e0 & e1);                                                                \
  } while (false)

// All 24 rounds, two at a time, so that no lanes are copied back.
#define ASHLAR_KECCAK_PERMUTE(lanes)                                 \
  do {                                                               \
    std::uint64_t other[25];                                         \
    for (int round = 0; round < 24; round += 2) {                    \
      ASHLAR_KECCAK_ROUND(lanes, other, kRoundConstants[round]);     \
      ASHLAR_KECCAK_ROUND(other, lanes, kRoundConstants[round + 1]); \
    }                                                                \
  } while (false)

void permute_portable(std::uint64_t lanes[25]);
#if ASHLAR_X86_KERNELS
void permute_bmi2(std::uint64_t lanes[25]);

// `rate` is in lanes of eight bytes. The last `size` bytes of a message are absorbed and padded as SHA-3's,
// and the digest is written; `state` stays.
void permute_avx512(std::uint64_t lanes[25]);
void absorb_avx512(void* state, const std::uint8_t* data, std::size_t blocks, std::size_t rate);
void finish_avx512(const void* state, const std::uint8_t* data, std::size_t size, std::size_t rate,
                   std::uint8_t* digest, std::size_t digest_size);

// Several messages side by side, as HashManyKernel::compress.
void absorb_avx512_8(void* states, const std::uint8_t* const* data, std::size_t blocks, std::size_t rate);
void absorb_avx512vl_4(void* states, const std::uint8_t* const* data, std::size_t blocks, std::size_t rate);
void absorb_avx2_4(void* states, const std::uint8_t* const* data, std::size_t blocks, std::size_t rate);
// The permutation of as many states, as KeccakMany::permute.
void permute_avx512_8(std::uint64_t* states);
void permute_avx512vl_4(std::uint64_t* states);
void permute_avx2_4(std::uint64_t* states);
#endif

}  // namespace ashlar::crypto::sha3
