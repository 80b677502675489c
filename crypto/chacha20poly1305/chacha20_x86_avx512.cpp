// SPDX-License-Identifier: Apache-2.0
// ChaCha20 on AVX-512, alone and with Poly1305 between its rounds.
//
// Long input: sixteen blocks at once, one word of all of them per register, so that the state fills sixteen
// of the 32 zmm registers. A quarter round is four additions, XORs and rotations (vprold): 960 operations per
// kilobyte at two zmm operations per cycle, of which the 320 rotations go down one pipe only; the
// transposition (64 shuffles down the other pipe), feed-forward and XOR add 96: 528 cycles, 0.52 cycles per
// byte. Poly1305 takes 64 blocks meanwhile, a part of a step (poly1305_x86_ifma.hpp) after each double round:
// its 250 operations bring the bound to 0.64 cycles per byte. Sealing hashes what the batches before wrote;
// opening hashes ahead of the decryption, so that in place nothing is overwritten before it is hashed.
//
// Short input and the first blocks of a long one: groups of four blocks, a row (four words) of all four per
// register. For the diagonal rounds the rows a, c and d are rotated and b stays: the chain of dependent
// operations runs through b, and the others' shuffles are off it. 240 cycles for one group, which leave room
// for a second; three take 450, four 600.
#include "chacha20poly1305/poly1305_x86_ifma.hpp"
#include "cpu/dead_stack.hpp"

#if ASHLAR_X86_KERNELS

#define ASHLAR_AVX512 ASHLAR_IFMA

namespace ashlar::crypto::chacha {
namespace {

// One step of `Columns` quarter rounds: a += b, d = (d ^ a) <<< Count.
template <int Count, std::size_t Columns>
ASHLAR_TARGET_INLINE(ASHLAR_AVX512)
void step(__m512i* a, const __m512i* b, __m512i* d) {
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < Columns; ++i) {
    a[i] = _mm512_add_epi32(a[i], b[i]);
  }
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < Columns; ++i) {
    d[i] = _mm512_rol_epi32(_mm512_xor_si512(d[i], a[i]), Count);
  }
}

template <std::size_t Columns>
ASHLAR_TARGET_INLINE(ASHLAR_AVX512)
void quarter_rounds(__m512i* a, __m512i* b, __m512i* c, __m512i* d) {
  step<16, Columns>(a, b, d);
  step<12, Columns>(c, d, b);
  step<8, Columns>(a, b, d);
  step<7, Columns>(c, d, b);
}

// Transposes row[n], n < 4. Before, element 4k+j (128-bit part k, word j) is word n of block 4k+j. Afterwards
// row[j] holds words 0-3 of blocks j, 4+j, 8+j and 12+j.
ASHLAR_TARGET_INLINE(ASHLAR_AVX512) void transpose_words(__m512i* row) {
  const __m512i t0 = _mm512_unpacklo_epi32(row[0], row[1]);
  const __m512i t1 = _mm512_unpackhi_epi32(row[0], row[1]);
  const __m512i t2 = _mm512_unpacklo_epi32(row[2], row[3]);
  const __m512i t3 = _mm512_unpackhi_epi32(row[2], row[3]);
  row[0] = _mm512_unpacklo_epi64(t0, t2);
  row[1] = _mm512_unpackhi_epi64(t0, t2);
  row[2] = _mm512_unpacklo_epi64(t1, t3);
  row[3] = _mm512_unpackhi_epi64(t1, t3);
}

// Gathers block 4k+j for k = 0..3 out of a, b, c, d: their words 0-3, 4-7, 8-11, 12-15 of blocks j, 4+j, 8+j,
// 12+j.
ASHLAR_TARGET_INLINE(ASHLAR_AVX512)
void transpose_parts(__m512i a, __m512i b, __m512i c, __m512i d, __m512i out[4]) {
  const __m512i ab_low = _mm512_shuffle_i32x4(a, b, 0x44);
  const __m512i ab_high = _mm512_shuffle_i32x4(a, b, 0xee);
  const __m512i cd_low = _mm512_shuffle_i32x4(c, d, 0x44);
  const __m512i cd_high = _mm512_shuffle_i32x4(c, d, 0xee);
  out[0] = _mm512_shuffle_i32x4(ab_low, cd_low, 0x88);
  out[1] = _mm512_shuffle_i32x4(ab_low, cd_low, 0xdd);
  out[2] = _mm512_shuffle_i32x4(ab_high, cd_high, 0x88);
  out[3] = _mm512_shuffle_i32x4(ab_high, cd_high, 0xdd);
}

ASHLAR_TARGET_INLINE(ASHLAR_AVX512)
void double_round(__m512i x[16]) {
  quarter_rounds<4>(x, x + 4, x + 8, x + 12);
  __m512i b[4] = {x[5], x[6], x[7], x[4]};
  __m512i c[4] = {x[10], x[11], x[8], x[9]};
  __m512i d[4] = {x[15], x[12], x[13], x[14]};
  quarter_rounds<4>(x, b, c, d);
  x[5] = b[0], x[6] = b[1], x[7] = b[2], x[4] = b[3];
  x[10] = c[0], x[11] = c[1], x[8] = c[2], x[9] = c[3];
  x[15] = d[0], x[12] = d[1], x[13] = d[2], x[14] = d[3];
}

ASHLAR_TARGET_INLINE(ASHLAR_AVX512) __m512i sixteen_counters(std::uint32_t counter) {
  return _mm512_add_epi32(_mm512_set1_epi32(static_cast<int>(counter)),
                          _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
}

// The same pointer, hidden from the compiler. It then loads the words into all lanes for each batch, which
// costs nothing, instead of keeping sixteen registers of copies.
inline const std::uint32_t* afresh(const std::uint32_t* words) {
  __asm__ volatile("" : "+r"(words) : : "memory");
  return words;
}

ASHLAR_TARGET_INLINE(ASHLAR_AVX512)
void begin_sixteen(__m512i x[16], const std::uint32_t words[16], std::uint32_t counter) {
  words = afresh(words);
  ASHLAR_UNROLL
  for (int i = 0; i < 16; ++i) {
    x[i] = i == 12 ? sixteen_counters(counter) : _mm512_set1_epi32(static_cast<int>(words[i]));
  }
}

ASHLAR_TARGET_INLINE(ASHLAR_AVX512)
void xor_short(__m512i block, const std::uint8_t* in, std::uint8_t* out, std::size_t size) {
  const __mmask64 mask = _bzhi_u64(~std::uint64_t{0}, static_cast<unsigned>(size));
  _mm512_mask_storeu_epi8(out, mask, _mm512_xor_si512(block, _mm512_maskz_loadu_epi8(mask, in)));
}

// Makes sixteen blocks of key stream from the result of the rounds and XORs them with the input. Of the last
// block it uses only the first `last` bytes, 1 to 64.
ASHLAR_TARGET_INLINE(ASHLAR_AVX512)
void finish_sixteen(__m512i x[16], const std::uint32_t words[16], std::uint32_t counter,
                    const std::uint8_t* in, std::uint8_t* out, std::size_t last) {
  words = afresh(words);
  ASHLAR_UNROLL
  for (int i = 0; i < 16; ++i) {
    x[i] = _mm512_add_epi32(
        x[i], i == 12 ? sixteen_counters(counter) : _mm512_set1_epi32(static_cast<int>(words[i])));
  }
  ASHLAR_UNROLL
  for (int i = 0; i < 16; i += 4) {
    transpose_words(x + i);
  }
  ASHLAR_UNROLL
  for (int j = 0; j < 4; ++j) {
    __m512i block[4];
    transpose_parts(x[j], x[4 + j], x[8 + j], x[12 + j], block);
    ASHLAR_UNROLL
    for (int k = 0; k < 4; ++k) {
      const int at = 64 * (4 * k + j);
      if (at == 960 && last != 64) {
        xor_short(block[k], in + at, out + at, last);
      } else {
        _mm512_storeu_si512(out + at, _mm512_xor_si512(block[k], _mm512_loadu_si512(in + at)));
      }
    }
  }
}

// Five double rounds, with a step of Poly1305 between them if asked for.
template <bool kStep>
ASHLAR_TARGET_INLINE(ASHLAR_AVX512)
void ten_rounds(__m512i x[16], const WidePowers& powers, Lanes& h, const std::uint8_t* data) {
  Product p;
  double_round(x);
  if constexpr (kStep) {
    step_part<0>(powers, h, p, data);
  }
  double_round(x);
  if constexpr (kStep) {
    step_part<1>(powers, h, p, data);
  }
  double_round(x);
  if constexpr (kStep) {
    step_part<2>(powers, h, p, data);
  }
  double_round(x);
  if constexpr (kStep) {
    step_part<3>(powers, h, p, data);
  }
  double_round(x);
  if constexpr (kStep) {
    step_part<4>(powers, h, p, data);
  }
}

// Row 3 of a message's blocks, with counter 0.
ASHLAR_TARGET_INLINE(ASHLAR_AVX512) __m128i nonce_row(const std::uint8_t nonce[12]) {
  const __m128i low = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(nonce));
  return _mm_slli_si128(_mm_insert_epi32(low, static_cast<int>(load_le32(nonce + 8)), 2), 4);
}

// 4 Groups blocks from `counter` on: block[4g+k] is block 4g+k.
template <std::size_t Groups>
ASHLAR_TARGET_INLINE(ASHLAR_AVX512)
void row_blocks(const std::uint32_t key[8], const std::uint8_t nonce[12], std::uint32_t counter,
                __m512i* block) {
  const __m512i start_a = _mm512_broadcast_i32x4(_mm_loadu_si128(reinterpret_cast<const __m128i*>(kSigma)));
  const __m512i start_b = _mm512_broadcast_i32x4(_mm_loadu_si128(reinterpret_cast<const __m128i*>(key)));
  const __m512i start_c = _mm512_broadcast_i32x4(_mm_loadu_si128(reinterpret_cast<const __m128i*>(key + 4)));
  const __m512i counters = _mm512_maskz_set1_epi32(0x1111, static_cast<int>(counter));
  const __m512i start_d = _mm512_add_epi32(_mm512_broadcast_i32x4(nonce_row(nonce)), counters);
  __m512i a[Groups], b[Groups], c[Groups], d[Groups], d_start[Groups];
  ASHLAR_UNROLL
  for (std::size_t g = 0; g < Groups; ++g) {
    const int n = static_cast<int>(4 * g);
    d_start[g] = _mm512_add_epi32(
        start_d, _mm512_set_epi32(0, 0, 0, n + 3, 0, 0, 0, n + 2, 0, 0, 0, n + 1, 0, 0, 0, n));
    a[g] = start_a;
    b[g] = start_b;
    c[g] = start_c;
    d[g] = d_start[g];
  }
  for (int round = 0; round < 10; ++round) {
    quarter_rounds<Groups>(a, b, c, d);
    ASHLAR_UNROLL
    for (std::size_t g = 0; g < Groups; ++g) {
      a[g] = _mm512_shuffle_epi32(a[g], _MM_PERM_CBAD);
      d[g] = _mm512_shuffle_epi32(d[g], _MM_PERM_BADC);
      c[g] = _mm512_shuffle_epi32(c[g], _MM_PERM_ADCB);
    }
    quarter_rounds<Groups>(a, b, c, d);
    ASHLAR_UNROLL
    for (std::size_t g = 0; g < Groups; ++g) {
      a[g] = _mm512_shuffle_epi32(a[g], _MM_PERM_ADCB);
      d[g] = _mm512_shuffle_epi32(d[g], _MM_PERM_BADC);
      c[g] = _mm512_shuffle_epi32(c[g], _MM_PERM_CBAD);
    }
  }
  ASHLAR_UNROLL
  for (std::size_t g = 0; g < Groups; ++g) {
    transpose_parts(_mm512_add_epi32(a[g], start_a), _mm512_add_epi32(b[g], start_b),
                    _mm512_add_epi32(c[g], start_c), _mm512_add_epi32(d[g], d_start[g]), block + 4 * g);
  }
}

// XORs up to Blocks * 64 bytes. A last short block goes through a mask, so that nothing outside is touched.
// Whole blocks do not: data from a masked store cannot be read again before it has reached the cache.
template <std::size_t Blocks>
ASHLAR_TARGET_INLINE(ASHLAR_AVX512)
void xor_blocks(const __m512i* block, const std::uint8_t* in, std::uint8_t* out, std::size_t size) {
  for (std::size_t k = 0; k < Blocks && size != 0; ++k) {
    if (size < 64) {
      xor_short(block[k], in, out, size);
      break;
    }
    _mm512_storeu_si512(out, _mm512_xor_si512(block[k], _mm512_loadu_si512(in)));
    in += 64;
    out += 64;
    size -= 64;
  }
}

// Up to 4 Groups blocks from `counter` on; with a poly_key, the first gives that key and is not XORed.
template <std::size_t Groups>
ASHLAR_TARGET_INLINE(ASHLAR_AVX512)
void xor_rows(const std::uint32_t* key, const std::uint8_t* nonce, std::uint32_t counter,
              const std::uint8_t* in, std::uint8_t* out, std::size_t size, std::uint8_t* poly_key) {
  __m512i block[4 * Groups];
  row_blocks<Groups>(key, nonce, counter, block);
  if (poly_key != nullptr) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(poly_key), _mm512_castsi512_si256(block[0]));
    xor_blocks<4 * Groups - 1>(block + 1, in, out, size);
  } else {
    xor_blocks<4 * Groups>(block, in, out, size);
  }
}

// The most stack that the functions below take, at -O2 or -O3. They spill blocks of key stream and powers of
// r.
constexpr std::size_t kFourBlocksStack = 512;
constexpr std::size_t kStack = 2560;
constexpr std::size_t kManyStack = 4736;
constexpr std::size_t kAbsorbingStack = 3712;

// As xor_rows, for 1 to 4 blocks.
ASHLAR_TARGET(ASHLAR_AVX512)
void four_blocks(const std::uint32_t* key, const std::uint8_t* nonce, std::uint32_t counter,
                 const std::uint8_t* in, std::uint8_t* out, std::size_t size, std::uint8_t* poly_key) {
  xor_rows<1>(key, nonce, counter, in, out, size, poly_key);
  clear_vectors_avx512();
}

// The same for 1 to 16 blocks.
ASHLAR_TARGET(ASHLAR_AVX512)
void xor_few(const std::uint32_t* key, const std::uint8_t* nonce, std::uint32_t counter,
             const std::uint8_t* in, std::uint8_t* out, std::size_t size, std::uint8_t* poly_key) {
  const std::size_t blocks = (size + 63) / 64 + (poly_key != nullptr ? 1 : 0);
  if (blocks <= 4) {
    xor_rows<1>(key, nonce, counter, in, out, size, poly_key);
  } else if (blocks <= 8) {
    xor_rows<2>(key, nonce, counter, in, out, size, poly_key);
  } else if (blocks <= 12) {
    xor_rows<3>(key, nonce, counter, in, out, size, poly_key);
  } else {
    xor_rows<4>(key, nonce, counter, in, out, size, poly_key);
  }
  clear_vectors_avx512();
}

ASHLAR_TARGET(ASHLAR_AVX512)
void xor_many(const std::uint32_t* key, const std::uint8_t* nonce, std::uint32_t counter,
              const std::uint8_t* in, std::uint8_t* out, std::size_t size) {
  alignas(64) std::uint32_t words[16];
  set_state(words, key, nonce, 0);
  for (; size >= 1024; size -= 1024, in += 1024, out += 1024, counter += 16) {
    __m512i x[16];
    begin_sixteen(x, words, counter);
    for (int round = 0; round < 10; ++round) {
      double_round(x);
    }
    finish_sixteen(x, words, counter, in, out, 64);
  }
  if (size != 0) {
    xor_few(key, nonce, counter, in, out, size, nullptr);
  }
  clear_vectors_avx512();
}

ASHLAR_TARGET(ASHLAR_AVX512)
void xor_and_absorb(const std::uint32_t* key, const std::uint8_t* nonce, std::uint32_t counter,
                    const std::uint8_t* in, std::uint8_t* out, std::size_t size, bool sealing,
                    Poly1305State& state, std::size_t pending) {
  alignas(64) std::uint32_t words[16];
  set_state(words, key, nonce, 0);
  WidePowers powers;
  prepare_wide<true>(powers, state);

  const std::uint8_t* data = (sealing ? out : in) - 16 * pending;
  const std::size_t total = pending + size / 16;
  const std::size_t first = (total - 1) % 8 + 1;
  std::size_t ready = pending;
  Lanes h;
  bool begun = false;
  if (!sealing) {
    // Everything that the batches do not take. The last batch takes one step, so that it is hashed before it
    // is overwritten.
    const std::size_t steps = (size - 1) / 1024 * 2 + 1;
    const std::size_t groups = (total - first - 32 * steps) / 8;
    h = begin_wide(state, data, first);
    absorb_wide<true>(powers, h, data + 16 * first, groups);
    data += 16 * first + 128 * groups;
    ready = 32 * steps;
    begun = true;
  }
  while (size != 0) {
    if (!begun && ready >= first) {
      h = begin_wide(state, data, first);
      data += 16 * first;
      ready -= first;
      begun = true;
    }
    __m512i x[16];
    begin_sixteen(x, words, counter);
    for (int half = 0; half < 2; ++half) {
      if (ready >= 32) {
        ten_rounds<true>(x, powers, h, data);
        data += 512;
        ready -= 32;
      } else {
        ten_rounds<false>(x, powers, h, data);
      }
    }
    const std::size_t n = size < 1024 ? size : 1024;
    finish_sixteen(x, words, counter, in, out, n - 960);
    if (sealing) {
      ready += n / 16;
    }
    in += n;
    out += n;
    size -= n;
    counter += 16;
  }
  if (!begun) {
    h = begin_wide(state, data, first);
    data += 16 * first;
    ready -= first;
  }
  absorb_wide<true>(powers, h, data, ready / 8);
  finish_wide(powers, h, state);
  clear_vectors_avx512();
}

}  // namespace

std::size_t start_avx512(const std::uint32_t* key, const std::uint8_t* nonce, const std::uint8_t* in,
                         std::uint8_t* out, std::size_t size, std::uint8_t* poly_key) {
  // This many blocks, so that the rest of a long message is batches of sixteen.
  const std::size_t blocks = (size + 63) / 64 % 16;
  if (size > 960) {
    size = 64 * blocks;
  }
  if (size <= 192) {
    call_and_wipe_avx<kFourBlocksStack>(four_blocks, key, nonce, 0u, in, out, size, poly_key);
  } else {
    call_and_wipe_avx<kStack>(xor_few, key, nonce, 0u, in, out, size, poly_key);
  }
  return size;
}

void xor_stream_avx512(const std::uint32_t* key, const std::uint8_t* nonce, std::uint32_t counter,
                       const std::uint8_t* in, std::uint8_t* out, std::size_t size) {
  call_and_wipe_avx<kManyStack>(xor_many, key, nonce, counter, in, out, size);
}

void crypt_avx512(const std::uint32_t* key, const std::uint8_t* nonce, std::uint32_t counter,
                  const std::uint8_t* in, std::uint8_t* out, std::size_t size, bool sealing,
                  Poly1305State& state, std::size_t pending) {
  call_and_wipe_avx<kAbsorbingStack>(xor_and_absorb, key, nonce, counter, in, out, size, sealing, state,
                                     pending);
}

}  // namespace ashlar::crypto::chacha

#endif
