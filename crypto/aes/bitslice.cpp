// SPDX-License-Identifier: Apache-2.0
// The bitsliced cipher.
//
// Bit p of word i is bit i of the byte in row r, column c of block b, where p = 16 r + 4 c + b (rows and
// columns as in FIPS 197 §3.4). So ShiftRows rotates each 16-bit quarter of a word by a multiple of 4.
// MixColumns needs the next row, which is a rotation of the whole word by 16.
//
// ShiftRows costs half as much as the rest, so odd rounds leave it out. Row r then stays r columns off its
// place, as does the round's key, and MixColumns finds the next row one column further on. Even rounds do two
// ShiftRows at once, which move only two rows (Adomnicai and Peyrin, "Fixslicing AES-like ciphers", 2021).
//
// The S-box is the circuit of Boyar and Peralta ("A depth-16 circuit for the AES S-box", 2011; 32 AND, 81
// XOR and XNOR), whose inputs and outputs count from the most significant bit. The inverse S-box is made of
// the S-box: with S = A after inversion, A affine, it is A^-1 S A^-1.
#include "aes/bitslice.hpp"
#include "cpu/unroll.hpp"

#include <ashlar/base/bytes.hpp>
#include <ashlar/base/endian.hpp>

#include <bit>

namespace ashlar::crypto::aes {
namespace {

// At -O2 too: the slices are to stay in registers.
#define ASHLAR_INLINE [[gnu::always_inline]] inline

// Swaps the bits of a under `mask << shift` with those of b under `mask`.
ASHLAR_INLINE void swap_bits(std::uint64_t& a, std::uint64_t& b, std::uint64_t mask, int shift) {
  const std::uint64_t t = ((a >> shift) ^ b) & mask;
  b ^= t;
  a ^= t << shift;
}

// Transposes the eight 8x8 bit matrices that lie across the words. Its own inverse.
ASHLAR_INLINE void transpose(Sliced& s) {
  ASHLAR_UNROLL
  for (int i = 0; i < 8; i += 2) {
    swap_bits(s.w[i], s.w[i + 1], 0x5555555555555555, 1);
  }
  ASHLAR_UNROLL
  for (const int i : {0, 1, 4, 5}) {
    swap_bits(s.w[i], s.w[i + 2], 0x3333333333333333, 2);
  }
  ASHLAR_UNROLL
  for (int i = 0; i < 4; ++i) {
    swap_bits(s.w[i], s.w[i + 4], 0x0f0f0f0f0f0f0f0f, 4);
  }
}

// The four bytes of a column into the even bytes of a word, and back.
std::uint64_t spread(std::uint32_t column) {
  std::uint64_t x = column;
  x = (x | x << 16) & 0x0000ffff0000ffff;
  return (x | x << 8) & 0x00ff00ff00ff00ff;
}
std::uint32_t gather(std::uint64_t x) {
  x &= 0x00ff00ff00ff00ff;
  x = (x | x >> 8) & 0x0000ffff0000ffff;
  return static_cast<std::uint32_t>(x | x >> 16);
}

ASHLAR_INLINE void add_key(Sliced& s, const std::uint64_t* key) {
  ASHLAR_UNROLL
  for (int i = 0; i < 8; ++i) {
    s.w[i] ^= key[i];
  }
}

ASHLAR_INLINE void sub_bytes(Sliced& s) {
  using W = std::uint64_t;
  const W x0 = s.w[7], x1 = s.w[6], x2 = s.w[5], x3 = s.w[4];
  const W x4 = s.w[3], x5 = s.w[2], x6 = s.w[1], x7 = s.w[0];

  // The linear layer on top.
  const W y14 = x3 ^ x5, y13 = x0 ^ x6, y9 = x0 ^ x3, y8 = x0 ^ x5;
  const W t0 = x1 ^ x2;
  const W y1 = t0 ^ x7, y4 = y1 ^ x3, y12 = y13 ^ y14, y2 = y1 ^ x0, y5 = y1 ^ x6, y3 = y5 ^ y8;
  const W t1 = x4 ^ y12;
  const W y15 = t1 ^ x5, y20 = t1 ^ x1, y6 = y15 ^ x7, y10 = y15 ^ t0, y11 = y20 ^ y9, y7 = x7 ^ y11;
  const W y17 = y10 ^ y11, y19 = y10 ^ y8, y16 = t0 ^ y11, y21 = y13 ^ y16, y18 = x0 ^ y16;

  // Inversion in GF(2^8) through GF(2^4).
  const W t2 = y12 & y15, t3 = y3 & y6, t4 = t3 ^ t2, t5 = y4 & x7, t6 = t5 ^ t2;
  const W t7 = y13 & y16, t8 = y5 & y1, t9 = t8 ^ t7, t10 = y2 & y7, t11 = t10 ^ t7;
  const W t12 = y9 & y11, t13 = y14 & y17, t14 = t13 ^ t12, t15 = y8 & y10, t16 = t15 ^ t12;
  const W t17 = t4 ^ t14, t18 = t6 ^ t16, t19 = t9 ^ t14, t20 = t11 ^ t16;
  const W t21 = t17 ^ y20, t22 = t18 ^ y19, t23 = t19 ^ y21, t24 = t20 ^ y18;
  const W t25 = t21 ^ t22, t26 = t21 & t23, t27 = t24 ^ t26, t28 = t25 & t27, t29 = t28 ^ t22;
  const W t30 = t23 ^ t24, t31 = t22 ^ t26, t32 = t31 & t30, t33 = t32 ^ t24, t34 = t23 ^ t33;
  const W t35 = t27 ^ t33, t36 = t24 & t35, t37 = t36 ^ t34, t38 = t27 ^ t36, t39 = t29 & t38;
  const W t40 = t25 ^ t39, t41 = t40 ^ t37, t42 = t29 ^ t33, t43 = t29 ^ t40, t44 = t33 ^ t37;
  const W t45 = t42 ^ t41;
  const W z0 = t44 & y15, z1 = t37 & y6, z2 = t33 & x7, z3 = t43 & y16, z4 = t40 & y1, z5 = t29 & y7;
  const W z6 = t42 & y11, z7 = t45 & y17, z8 = t41 & y10, z9 = t44 & y12, z10 = t37 & y3, z11 = t33 & y4;
  const W z12 = t43 & y13, z13 = t40 & y5, z14 = t29 & y2, z15 = t42 & y9, z16 = t45 & y14, z17 = t41 & y8;

  // The linear layer below, with the constant 0x63 as four complements.
  const W t46 = z15 ^ z16, t47 = z10 ^ z11, t48 = z5 ^ z13, t49 = z9 ^ z10, t50 = z2 ^ z12, t51 = z2 ^ z5;
  const W t52 = z7 ^ z8, t53 = z0 ^ z3, t54 = z6 ^ z7, t55 = z16 ^ z17, t56 = z12 ^ t48, t57 = t50 ^ t53;
  const W t58 = z4 ^ t46, t59 = z3 ^ t54, t60 = t46 ^ t57, t61 = z14 ^ t57, t62 = t52 ^ t58, t63 = t49 ^ t58;
  const W t64 = z4 ^ t59, t65 = t61 ^ t62, t66 = z1 ^ t63, t67 = t64 ^ t65;
  const W s3 = t53 ^ t66;
  s.w[7] = t59 ^ t63;
  s.w[6] = t64 ^ ~s3;
  s.w[5] = t55 ^ ~t67;
  s.w[4] = s3;
  s.w[3] = t51 ^ t66;
  s.w[2] = t47 ^ t65;
  s.w[1] = t56 ^ ~t62;
  s.w[0] = t48 ^ ~t60;
}

// The inverse of the affine map of SubBytes (FIPS 197 §5.3.2).
ASHLAR_INLINE void inverse_affine(Sliced& s) {
  const Sliced y = s;
  ASHLAR_UNROLL
  for (unsigned i = 0; i < 8; ++i) {
    s.w[i] = y.w[(i + 2) & 7] ^ y.w[(i + 5) & 7] ^ y.w[(i + 7) & 7];
  }
  s.w[0] = ~s.w[0];
  s.w[2] = ~s.w[2];
}

ASHLAR_INLINE void inv_sub_bytes(Sliced& s) {
  inverse_affine(s);
  sub_bytes(s);
  inverse_affine(s);
}

// ShiftRows undone.
void inv_shift_rows(Sliced& s) {
  ASHLAR_UNROLL
  for (std::uint64_t& w : s.w) {
    w = (w & 0x000000000000ffff) | ((w << 4) & 0x00000000fff00000) | ((w >> 12) & 0x00000000000f0000) |
        ((w >> 8) & 0x000000ff00000000) | ((w << 8) & 0x0000ff0000000000) | ((w << 12) & 0xf000000000000000) |
        ((w >> 4) & 0x0fff000000000000);
  }
}

// ShiftRows twice, which is its own inverse: the halves of rows 1 and 3 change places.
ASHLAR_INLINE void shift_rows_twice(Sliced& s) {
  ASHLAR_UNROLL
  for (std::uint64_t& w : s.w) {
    w = (w & 0x0000ffff0000ffff) | ((w >> 8) & 0x00ff000000ff0000) | ((w << 8) & 0xff000000ff000000);
  }
}

// The rows that follow by Distance, where row r is off by r columns or, if not Off, none.
template <bool Off, int Distance>
ASHLAR_INLINE std::uint64_t next_row(std::uint64_t w) {
  w = std::rotr(w, 16 * Distance);
  if (Off && Distance == 1) {
    w = ((w >> 4) & 0x0fff0fff0fff0fff) | ((w << 12) & 0xf000f000f000f000);
  } else if (Off) {
    w = ((w >> 8) & 0x00ff00ff00ff00ff) | ((w << 8) & 0xff00ff00ff00ff00);
  }
  return w;
}

// Multiplies every byte by x in GF(2^8).
ASHLAR_INLINE Sliced times_x(const Sliced& s) {
  const std::uint64_t* const w = s.w;
  return {{w[7], w[0] ^ w[7], w[1], w[2] ^ w[7], w[3] ^ w[7], w[4], w[5], w[6]}};
}

// Row r becomes 2 s[r] + 3 s[r+1] + s[r+2] + s[r+3] = 2 t[r] + s[r+1] + t[r+2] with t[r] = s[r] + s[r+1].
template <bool Off>
ASHLAR_INLINE void mix_columns(Sliced& s) {
  Sliced next;
  Sliced t;
  ASHLAR_UNROLL
  for (int i = 0; i < 8; ++i) {
    next.w[i] = next_row<Off, 1>(s.w[i]);
    t.w[i] = s.w[i] ^ next.w[i];
  }
  const Sliced doubled = times_x(t);
  ASHLAR_UNROLL
  for (int i = 0; i < 8; ++i) {
    s.w[i] = doubled.w[i] ^ next.w[i] ^ next_row<Off, 2>(t.w[i]);
  }
}

// The inverse matrix is the matrix times circ(5, 0, 4, 0): s[r] + 4 (s[r] + s[r+2]), then MixColumns.
template <bool Off>
ASHLAR_INLINE void inv_mix_columns(Sliced& s) {
  Sliced t;
  ASHLAR_UNROLL
  for (int i = 0; i < 8; ++i) {
    t.w[i] = s.w[i] ^ next_row<Off, 2>(s.w[i]);
  }
  t = times_x(times_x(t));
  ASHLAR_UNROLL
  for (int i = 0; i < 8; ++i) {
    s.w[i] ^= t.w[i];
  }
  mix_columns<Off>(s);
}

}  // namespace

// Local slices stay in registers, which the caller's cannot.
void pack(Sliced& out, const std::uint8_t* in) {
  Sliced s;
  ASHLAR_UNROLL
  for (std::size_t j = 0; j < 8; ++j) {
    const std::uint8_t* const column = in + 16 * (j & 3) + 4 * (j >> 2);
    s.w[j] = spread(load_le32(column)) | spread(load_le32(column + 8)) << 8;
  }
  transpose(s);
  out = s;
}
void unpack(const Sliced& in, std::uint8_t* out) {
  Sliced s = in;
  transpose(s);
  ASHLAR_UNROLL
  for (std::size_t j = 0; j < 8; ++j) {
    std::uint8_t* const column = out + 16 * (j & 3) + 4 * (j >> 2);
    store_le32(column, gather(s.w[j]));
    store_le32(column + 8, gather(s.w[j] >> 8));
  }
}

void slice_round_keys(std::uint64_t* out, const std::uint8_t* keys, std::uint32_t rounds) {
  constexpr std::uint64_t kOneBlock = 0x1111111111111111;
  Sliced four;
  Sliced one;
  for (std::uint32_t r = 0; r <= rounds; ++r) {
    if (r % kSlicedBlocks == 0) {
      pack(four, keys + 16 * r);
    }
    for (int i = 0; i < 8; ++i) {
      // The bits of one block, in the places of all four.
      one.w[i] = (four.w[i] >> (r % kSlicedBlocks) & kOneBlock) * 15;
    }
    if (r % 2 == 1) {
      inv_shift_rows(one);
    }
    std::memcpy(out + 8 * r, one.w, sizeof one.w);
  }
  wipe(&four, sizeof four);
  wipe(&one, sizeof one);
}

// Two rounds a turn; their number is even.
void encrypt(Sliced& state, const std::uint64_t* keys, std::uint32_t rounds) {
  Sliced s = state;
  add_key(s, keys);
  for (std::uint32_t r = 1;; r += 2) {
    sub_bytes(s);
    mix_columns<true>(s);
    add_key(s, keys + 8 * r);
    sub_bytes(s);
    shift_rows_twice(s);
    if (r + 1 == rounds) {
      break;
    }
    mix_columns<false>(s);
    add_key(s, keys + 8 * (r + 1));
  }
  add_key(s, keys + 8 * rounds);
  state = s;
}

void encrypt_blocks(std::uint8_t (&blocks)[16 * kSlicedBlocks], const std::uint64_t* keys,
                    std::uint32_t rounds) {
  Sliced s;
  pack(s, blocks);
  encrypt(s, keys, rounds);
  unpack(s, blocks);
  wipe(&s, sizeof s);
}

void decrypt(Sliced& state, const std::uint64_t* keys, std::uint32_t rounds) {
  Sliced s = state;
  add_key(s, keys + 8 * rounds);
  for (std::uint32_t r = rounds - 1;; r -= 2) {
    shift_rows_twice(s);
    inv_sub_bytes(s);
    add_key(s, keys + 8 * r);
    inv_mix_columns<true>(s);
    inv_sub_bytes(s);
    add_key(s, keys + 8 * (r - 1));
    if (r == 1) {
      break;
    }
    inv_mix_columns<false>(s);
  }
  state = s;
}

std::uint32_t sub_word(std::uint32_t word) {
  // The word's bytes are in the first bytes of eight slices, which stay in registers.
  Sliced s = {{word, 0, 0, 0, 0, 0, 0, 0}};
  transpose(s);
  sub_bytes(s);
  transpose(s);
  return static_cast<std::uint32_t>(s.w[0]);
}

}  // namespace ashlar::crypto::aes
