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
#include "aes/bitslice.hpp"
#include "aes/bitslice_core.hpp"
#include "cpu/unroll.hpp"

#include <ashlar/base/bytes.hpp>
#include <ashlar/base/endian.hpp>

#include <bit>

namespace ashlar::crypto::aes {
namespace {

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
    sub_bytes<true>(s);
    mix_columns<true>(s);
    add_key(s, keys + 8 * r);
    sub_bytes<true>(s);
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
    inv_sub_bytes<true>(s);
    add_key(s, keys + 8 * r);
    inv_mix_columns<true>(s);
    inv_sub_bytes<true>(s);
    add_key(s, keys + 8 * (r - 1));
    if (r == 1) {
      break;
    }
    inv_mix_columns<false>(s);
  }
  state = s;
}

// FIPS 197 §5.2 with words as little-endian numbers, so RotWord rotates to the right.
std::uint32_t expand_key(std::uint8_t (&keys)[16 * kRoundKeyRoom], Bytes key) {
  const std::size_t key_words = key.size() / 4;
  const auto rounds = static_cast<std::uint32_t>(key_words + 6);
  std::uint32_t w[4 * kRoundKeyRoom] = {};
  for (std::size_t i = 0; i < key_words; ++i) {
    w[i] = load_le32(key.data() + 4 * i);
  }
  std::uint32_t rcon = 1;
  for (std::size_t i = key_words; i < 4 * (rounds + std::size_t{1}); ++i) {
    std::uint32_t t = w[i - 1];
    if (i % key_words == 0) {
      t = sub_word(std::rotr(t, 8)) ^ rcon;
      rcon = (rcon << 1) ^ ((rcon >> 7) * 0x11b);
    } else if (key_words == 8 && i % 8 == 4) {
      t = sub_word(t);
    }
    w[i] = w[i - key_words] ^ t;
  }
  for (std::size_t i = 0; i < sizeof w / 4; ++i) {
    store_le32(keys + 4 * i, w[i]);
  }
  wipe(w, sizeof w);
  return rounds;
}

std::uint32_t sub_word(std::uint32_t word) {
  // The word's bytes are in the first bytes of eight slices, which stay in registers.
  Sliced s = {{word, 0, 0, 0, 0, 0, 0, 0}};
  transpose(s);
  sub_bytes<true>(s);
  transpose(s);
  return static_cast<std::uint32_t>(s.w[0]);
}

}  // namespace ashlar::crypto::aes
