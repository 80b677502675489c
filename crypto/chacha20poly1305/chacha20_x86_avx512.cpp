// SPDX-License-Identifier: Apache-2.0
// ChaCha20 on AVX-512.
//
// Long input: sixteen blocks at once, one word of all of them per register, so that the state fills sixteen
// of the 32 zmm registers and the transposition at the end has the other sixteen. A quarter round is four
// additions, XORs and rotations (vprold): 960 operations per kilobyte at two zmm operations per cycle, of
// which the 320 rotations go down one pipe only: 480 cycles, 0.47 cycles per byte; the transposition,
// feed-forward and XOR add some 90.
//
// Short input: up to four blocks, one row of all of them per register (a row is four words of 128 bits, so a
// zmm holds the row of four blocks). Diagonal rounds rotate the rows by vpshufd. Bound by latency: about 360
// cycles; two such groups run side by side for up to eight blocks.
#include "chacha20poly1305/chacha_kernels.hpp"

#if ASHLAR_X86_KERNELS

#define ASHLAR_AVX512 "avx512f,avx512vl,avx512bw,avx512dq,bmi2"

namespace ashlar::crypto::chacha {
namespace {

// One operation of the quarter round on four columns: x[a..] += x[b..], x[d..] = (x[d..] ^ x[a..]) <<< Count.
template <int Count>
ASHLAR_TARGET_INLINE(ASHLAR_AVX512)
void step(__m512i* a, const __m512i* b, __m512i* d) {
  for (int i = 0; i < 4; ++i) {
    a[i] = _mm512_add_epi32(a[i], b[i]);
  }
  for (int i = 0; i < 4; ++i) {
    d[i] = _mm512_rol_epi32(_mm512_xor_si512(d[i], a[i]), Count);
  }
}

// The four rows a, b, c, d of four columns each; diagonal rounds pass permuted copies of the pointers'
// targets.
ASHLAR_TARGET_INLINE(ASHLAR_AVX512) void quarter_rounds(__m512i* a, __m512i* b, __m512i* c, __m512i* d) {
  step<16>(a, b, d);
  step<12>(c, d, b);
  step<8>(a, b, d);
  step<7>(c, d, b);
}

// Turns row[n], n < 4, whose element 4k+j (128-bit part k, word j) is word n of block 4k+j, so that
// afterwards row[j] holds words 0-3 of blocks j, 4+j, 8+j and 12+j.
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

// Sixteen blocks of key stream from `counter` on, XORed with `in` if there is one.
template <bool kXor>
ASHLAR_TARGET_INLINE(ASHLAR_AVX512)
void sixteen_blocks(const std::uint32_t state[16], std::uint32_t counter, const std::uint8_t* in,
                    std::uint8_t* out) {
  __m512i x[16];
  const __m512i counters =
      _mm512_add_epi32(_mm512_set1_epi32(static_cast<int>(counter)),
                       _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
  for (int i = 0; i < 16; ++i) {
    x[i] = _mm512_set1_epi32(static_cast<int>(state[i]));
  }
  x[12] = counters;
  for (int round = 0; round < 10; ++round) {
    quarter_rounds(x, x + 4, x + 8, x + 12);
    __m512i b[4] = {x[5], x[6], x[7], x[4]};
    __m512i c[4] = {x[10], x[11], x[8], x[9]};
    __m512i d[4] = {x[15], x[12], x[13], x[14]};
    quarter_rounds(x, b, c, d);
    x[5] = b[0], x[6] = b[1], x[7] = b[2], x[4] = b[3];
    x[10] = c[0], x[11] = c[1], x[8] = c[2], x[9] = c[3];
    x[15] = d[0], x[12] = d[1], x[13] = d[2], x[14] = d[3];
  }
  for (int i = 0; i < 16; ++i) {
    x[i] = _mm512_add_epi32(x[i], i == 12 ? counters : _mm512_set1_epi32(static_cast<int>(state[i])));
  }
  for (int i = 0; i < 16; i += 4) {
    transpose_words(x + i);
  }
  for (int j = 0; j < 4; ++j) {
    __m512i block[4];
    transpose_parts(x[j], x[4 + j], x[8 + j], x[12 + j], block);
    for (int k = 0; k < 4; ++k) {
      const int at = 64 * (4 * k + j);
      if constexpr (kXor) {
        block[k] = _mm512_xor_si512(block[k], _mm512_loadu_si512(in + at));
      }
      _mm512_storeu_si512(out + at, block[k]);
    }
  }
}

// Groups x 4 blocks as rows: block[4g+k] holds block 4g+k.
template <std::size_t Groups>
ASHLAR_TARGET_INLINE(ASHLAR_AVX512)
void row_blocks(const std::uint32_t state[16], std::uint32_t counter, __m512i* block) {
  __m512i start[4];
  for (int i = 0; i < 4; ++i) {
    start[i] = _mm512_broadcast_i32x4(_mm_loadu_si128(reinterpret_cast<const __m128i*>(state + 4 * i)));
  }
  __m512i a[Groups], b[Groups], c[Groups], d[Groups], d_start[Groups];
  for (std::size_t g = 0; g < Groups; ++g) {
    const int n = static_cast<int>(counter - state[12] + 4 * g);
    d_start[g] = _mm512_add_epi32(
        start[3], _mm512_set_epi32(0, 0, 0, n + 3, 0, 0, 0, n + 2, 0, 0, 0, n + 1, 0, 0, 0, n));
    a[g] = start[0];
    b[g] = start[1];
    c[g] = start[2];
    d[g] = d_start[g];
  }
  for (int round = 0; round < 20; ++round) {
    for (std::size_t g = 0; g < Groups; ++g) {
      a[g] = _mm512_add_epi32(a[g], b[g]);
      d[g] = _mm512_rol_epi32(_mm512_xor_si512(d[g], a[g]), 16);
    }
    for (std::size_t g = 0; g < Groups; ++g) {
      c[g] = _mm512_add_epi32(c[g], d[g]);
      b[g] = _mm512_rol_epi32(_mm512_xor_si512(b[g], c[g]), 12);
    }
    for (std::size_t g = 0; g < Groups; ++g) {
      a[g] = _mm512_add_epi32(a[g], b[g]);
      d[g] = _mm512_rol_epi32(_mm512_xor_si512(d[g], a[g]), 8);
    }
    for (std::size_t g = 0; g < Groups; ++g) {
      c[g] = _mm512_add_epi32(c[g], d[g]);
      b[g] = _mm512_rol_epi32(_mm512_xor_si512(b[g], c[g]), 7);
    }
    // To the diagonals after an even round, back after an odd one.
    for (std::size_t g = 0; g < Groups; ++g) {
      if (round % 2 == 0) {
        b[g] = _mm512_shuffle_epi32(b[g], _MM_PERM_ADCB);
        d[g] = _mm512_shuffle_epi32(d[g], _MM_PERM_CBAD);
      } else {
        b[g] = _mm512_shuffle_epi32(b[g], _MM_PERM_CBAD);
        d[g] = _mm512_shuffle_epi32(d[g], _MM_PERM_ADCB);
      }
      c[g] = _mm512_shuffle_epi32(c[g], _MM_PERM_BADC);
    }
  }
  for (std::size_t g = 0; g < Groups; ++g) {
    transpose_parts(_mm512_add_epi32(a[g], start[0]), _mm512_add_epi32(b[g], start[1]),
                    _mm512_add_epi32(c[g], start[2]), _mm512_add_epi32(d[g], d_start[g]), block + 4 * g);
  }
}

// XORs up to Blocks * 64 bytes; the last block through a mask, so that nothing outside is touched.
template <int Blocks>
ASHLAR_TARGET_INLINE(ASHLAR_AVX512)
void xor_blocks(const __m512i* block, const std::uint8_t* in, std::uint8_t* out, std::size_t size) {
  for (int k = 0; k < Blocks && size != 0; ++k) {
    const unsigned n = size < 64 ? static_cast<unsigned>(size) : 64;
    const __mmask64 mask = _bzhi_u64(~std::uint64_t{0}, n);
    const __m512i data = _mm512_maskz_loadu_epi8(mask, in);
    _mm512_mask_storeu_epi8(out, mask, _mm512_xor_si512(data, block[k]));
    in += n;
    out += n;
    size -= n;
  }
}

}  // namespace

ASHLAR_TARGET(ASHLAR_AVX512)
void key_stream_avx512(const std::uint32_t* key, const std::uint32_t* nonce, std::uint32_t counter,
                       std::uint8_t* out, std::size_t blocks) {
  alignas(64) std::uint32_t state[16];
  set_state(state, key, nonce, counter);
  __m512i block[8];
  if (blocks > 8) {
    sixteen_blocks<false>(state, counter, nullptr, out);
  } else {
    if (blocks > 4) {
      row_blocks<2>(state, counter, block);
    } else {
      row_blocks<1>(state, counter, block);
    }
    for (std::size_t i = 0; i < blocks; ++i) {
      _mm512_storeu_si512(out + 64 * i, block[i]);
    }
    wipe(block, sizeof block);
  }
  wipe(state, sizeof state);
  _mm256_zeroall();
}

ASHLAR_TARGET(ASHLAR_AVX512)
void xor_stream_avx512(const std::uint32_t* key, const std::uint32_t* nonce, std::uint32_t counter,
                       const std::uint8_t* in, std::uint8_t* out, std::size_t size) {
  alignas(64) std::uint32_t state[16];
  set_state(state, key, nonce, counter);
  for (; size >= 1024; size -= 1024, in += 1024, out += 1024, counter += 16) {
    sixteen_blocks<true>(state, counter, in, out);
  }
  if (size > 512) {
    // More than eight blocks: a whole batch costs less than twice eight.
    alignas(64) std::uint8_t stream[1024];
    sixteen_blocks<false>(state, counter, nullptr, stream);
    xor_blocks<16>(reinterpret_cast<const __m512i*>(stream), in, out, size);
    wipe(stream, sizeof stream);
  } else if (size > 256) {
    __m512i block[8];
    row_blocks<2>(state, counter, block);
    xor_blocks<8>(block, in, out, size);
    wipe(block, sizeof block);
  } else if (size != 0) {
    __m512i block[4];
    row_blocks<1>(state, counter, block);
    xor_blocks<4>(block, in, out, size);
    wipe(block, sizeof block);
  }
  wipe(state, sizeof state);
  _mm256_zeroall();
}

}  // namespace ashlar::crypto::chacha

#endif
