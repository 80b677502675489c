// SPDX-License-Identifier: Apache-2.0
// ChaCha20 on AVX2, alone and with Poly1305 beside it.
//
// Long input: eight blocks at once, one word of all of them per register. The state would take all sixteen
// registers and leave none for the two shifts and the OR of a rotation by 12 or 7 (those by 16 and 8 are byte
// shuffles). So two quarter rounds go together, and of words 8 to 11 only the two they work on are in
// registers: column rounds take 8, 9 and then 10, 11; diagonal rounds 10, 11, which are there already, and
// then 8, 9. The moves to and from memory are written as assembly, because the compilers choose worse ones.
// About 1.2 cycles per byte.
//
// The scalar ports idle meanwhile: up to thirty-two blocks of Poly1305 (absorb_block) are spread over the ten
// double rounds of a batch, three in each and two at the end. Sealing hashes what the batches before wrote,
// opening what this one reads.
//
// Short input: two blocks per group as rows of 128-bit halves, two groups side by side.
#include "chacha20poly1305/poly1305_x86_bmi2.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::chacha {
namespace {

template <int Count>
ASHLAR_TARGET_INLINE("avx2")
__m256i rotate(__m256i x) {
  if constexpr (Count == 16) {
    return _mm256_shuffle_epi8(
        x, _mm256_set_epi64x(0x0d0c0f0e09080b0a, 0x0504070601000302, 0x0d0c0f0e09080b0a, 0x0504070601000302));
  } else if constexpr (Count == 8) {
    return _mm256_shuffle_epi8(
        x, _mm256_set_epi64x(0x0e0d0c0f0a09080b, 0x0605040702010003, 0x0e0d0c0f0a09080b, 0x0605040702010003));
  } else {
    return _mm256_or_si256(_mm256_slli_epi32(x, Count), _mm256_srli_epi32(x, 32 - Count));
  }
}

template <int Count, int Columns>
ASHLAR_TARGET_INLINE("avx2")
void row_step(__m256i* a, const __m256i* b, __m256i* d) {
  for (int i = 0; i < Columns; ++i) {
    a[i] = _mm256_add_epi32(a[i], b[i]);
  }
  for (int i = 0; i < Columns; ++i) {
    d[i] = rotate<Count>(_mm256_xor_si256(d[i], a[i]));
  }
}

template <int Columns>
ASHLAR_TARGET_INLINE("avx2")
void quarter_rounds(__m256i* a, __m256i* b, __m256i* c, __m256i* d) {
  row_step<16, Columns>(a, b, d);
  row_step<12, Columns>(c, d, b);
  row_step<8, Columns>(a, b, d);
  row_step<7, Columns>(c, d, b);
}

ASHLAR_TARGET_INLINE("avx2") __m256i load(const std::uint8_t* p) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
}
ASHLAR_TARGET_INLINE("avx2") void store(std::uint8_t* p, __m256i x) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), x);
}

ASHLAR_TARGET_INLINE("avx2")
void xor_bytes(const std::uint8_t* in, const std::uint8_t* stream, std::uint8_t* out, std::size_t size) {
  std::size_t i = 0;
  for (; i + 32 <= size; i += 32) {
    store(out + i, _mm256_xor_si256(load(in + i), load(stream + i)));
  }
  for (; i < size; ++i) {
    out[i] = static_cast<std::uint8_t>(in[i] ^ stream[i]);
  }
}

// One step of two quarter rounds: a += b, d = (d ^ a) <<< Count.
template <int Count>
ASHLAR_TARGET_INLINE("avx2")
void step(__m256i& a0, __m256i& a1, __m256i b0, __m256i b1, __m256i& d0, __m256i& d1) {
  a0 = _mm256_add_epi32(a0, b0);
  a1 = _mm256_add_epi32(a1, b1);
  d0 = rotate<Count>(_mm256_xor_si256(d0, a0));
  d1 = rotate<Count>(_mm256_xor_si256(d1, a1));
}

ASHLAR_TARGET_INLINE("avx2")
void two_quarter_rounds(__m256i& a0, __m256i& a1, __m256i& b0, __m256i& b1, __m256i& c0, __m256i& c1,
                        __m256i& d0, __m256i& d1) {
  step<16>(a0, a1, b0, b1, d0, d1);
  step<12>(c0, c1, d0, d1, b0, b1);
  step<8>(a0, a1, b0, b1, d0, d1);
  step<7>(c0, c1, d0, d1, b0, b1);
}

// Stores `out` to `saved_out` and loads the register again from `saved_in`.
ASHLAR_TARGET_INLINE("avx2") void exchange(__m256i& word, __m256i& saved_out, const __m256i& saved_in) {
  __asm__ volatile(
      "vmovdqa %[word], %[out]\n\t"
      "vmovdqa %[in], %[word]"
      : [word] "+x"(word), [out] "=m"(saved_out)
      : [in] "m"(saved_in));
}

// What goes on between the quarter rounds: nothing, or Poly1305.
struct Nothing {
  ASHLAR_TARGET_INLINE("avx2") void operator()() {}
};
struct Absorb {
  std::uint64_t h0, h1, h2;
  Multiplier64 multiplier;
  const std::uint8_t* data;  // the next block
  std::size_t left;          // blocks that may be absorbed by now
  ASHLAR_TARGET_INLINE("avx2") void operator()() {
    if (left != 0) {
      --left;
      absorb_block(h0, h1, h2, multiplier, data);
      data += 16;
    }
  }
};

// Eight blocks from `counter` on, XORed with `in` if there is one; `between` is called 32 times.
template <bool kXor, class Between>
ASHLAR_TARGET_INLINE("avx2")
void eight_blocks(const std::uint32_t state[16], std::uint32_t counter, const std::uint8_t* in,
                  std::uint8_t* out, Between& between) {
  const __m256i counters = _mm256_add_epi32(_mm256_set1_epi32(static_cast<int>(counter)),
                                            _mm256_set_epi32(7, 6, 5, 4, 3, 2, 1, 0));
  __m256i x[16];
  for (int i = 0; i < 16; ++i) {
    x[i] = _mm256_set1_epi32(static_cast<int>(state[i]));
  }
  x[12] = counters;
  // Words 8 to 11: the pair in registers, and where each stays when it is not.
  __m256i c0 = x[8], c1 = x[9];
  __m256i saved[4] = {x[8], x[9], x[10], x[11]};
  for (int round = 0; round < 10; ++round) {
    two_quarter_rounds(x[0], x[1], x[4], x[5], c0, c1, x[12], x[13]);
    between();
    exchange(c0, saved[0], saved[2]);
    exchange(c1, saved[1], saved[3]);
    two_quarter_rounds(x[2], x[3], x[6], x[7], c0, c1, x[14], x[15]);
    between();
    two_quarter_rounds(x[0], x[1], x[5], x[6], c0, c1, x[15], x[12]);
    between();
    exchange(c0, saved[2], saved[0]);
    exchange(c1, saved[3], saved[1]);
    two_quarter_rounds(x[2], x[3], x[7], x[4], c0, c1, x[13], x[14]);
  }
  x[8] = c0;
  x[9] = c1;
  x[10] = saved[2];
  x[11] = saved[3];
  between();
  between();
  // Words 4n..4n+3 of blocks j (low half) and 4 + j (high half) into x[4n+j].
  for (int i = 0; i < 16; i += 4) {
    for (int j = i; j < i + 4; ++j) {
      x[j] = _mm256_add_epi32(x[j], j == 12 ? counters : _mm256_set1_epi32(static_cast<int>(state[j])));
    }
    const __m256i t0 = _mm256_unpacklo_epi32(x[i], x[i + 1]);
    const __m256i t1 = _mm256_unpackhi_epi32(x[i], x[i + 1]);
    const __m256i t2 = _mm256_unpacklo_epi32(x[i + 2], x[i + 3]);
    const __m256i t3 = _mm256_unpackhi_epi32(x[i + 2], x[i + 3]);
    x[i] = _mm256_unpacklo_epi64(t0, t2);
    x[i + 1] = _mm256_unpackhi_epi64(t0, t2);
    x[i + 2] = _mm256_unpacklo_epi64(t1, t3);
    x[i + 3] = _mm256_unpackhi_epi64(t1, t3);
  }
  for (int j = 0; j < 4; ++j) {
    for (int half = 0; half < 2; ++half) {
      for (int n = 0; n < 16; n += 8) {
        const int at = 64 * (4 * half + j) + 4 * n;
        __m256i value = half == 0 ? _mm256_permute2x128_si256(x[n + j], x[n + 4 + j], 0x20)
                                  : _mm256_permute2x128_si256(x[n + j], x[n + 4 + j], 0x31);
        if constexpr (kXor) {
          value = _mm256_xor_si256(value, load(in + at));
        }
        store(out + at, value);
      }
    }
  }
}

// Four blocks of key stream as two groups of rows.
ASHLAR_TARGET_INLINE("avx2")
void four_blocks(const std::uint32_t state[16], std::uint32_t counter, std::uint8_t* out) {
  __m256i start[4];
  for (int i = 0; i < 4; ++i) {
    start[i] = _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(state + 4 * i)));
  }
  __m256i a[2], b[2], c[2], d[2], d_start[2];
  for (int g = 0; g < 2; ++g) {
    const int n = static_cast<int>(counter - state[12]) + 2 * g;
    d_start[g] = _mm256_add_epi32(start[3], _mm256_set_epi32(0, 0, 0, n + 1, 0, 0, 0, n));
    a[g] = start[0];
    b[g] = start[1];
    c[g] = start[2];
    d[g] = d_start[g];
  }
  for (int round = 0; round < 10; ++round) {
    quarter_rounds<2>(a, b, c, d);
    for (int g = 0; g < 2; ++g) {
      b[g] = _mm256_shuffle_epi32(b[g], 0x39);
      c[g] = _mm256_shuffle_epi32(c[g], 0x4e);
      d[g] = _mm256_shuffle_epi32(d[g], 0x93);
    }
    quarter_rounds<2>(a, b, c, d);
    for (int g = 0; g < 2; ++g) {
      b[g] = _mm256_shuffle_epi32(b[g], 0x93);
      c[g] = _mm256_shuffle_epi32(c[g], 0x4e);
      d[g] = _mm256_shuffle_epi32(d[g], 0x39);
    }
  }
  for (int g = 0; g < 2; ++g, out += 128) {
    a[g] = _mm256_add_epi32(a[g], start[0]);
    b[g] = _mm256_add_epi32(b[g], start[1]);
    c[g] = _mm256_add_epi32(c[g], start[2]);
    d[g] = _mm256_add_epi32(d[g], d_start[g]);
    store(out, _mm256_permute2x128_si256(a[g], b[g], 0x20));
    store(out + 32, _mm256_permute2x128_si256(c[g], d[g], 0x20));
    store(out + 64, _mm256_permute2x128_si256(a[g], b[g], 0x31));
    store(out + 96, _mm256_permute2x128_si256(c[g], d[g], 0x31));
  }
}

}  // namespace

ASHLAR_TARGET("avx2")
std::size_t start_avx2(const std::uint32_t* key, const std::uint8_t* nonce, const std::uint8_t* in,
                       std::uint8_t* out, std::size_t size, std::uint8_t* poly_key) {
  alignas(32) std::uint32_t state[16];
  alignas(32) std::uint8_t stream[512];
  set_state(state, key, nonce, 0);
  if (size > 448) {
    // So many blocks that what is left are batches of eight.
    size = (size + 63) / 64 % 8 * 64;
  }
  if (size > 192) {
    Nothing nothing;
    eight_blocks<false>(state, 0, nullptr, stream, nothing);
  } else {
    four_blocks(state, 0, stream);
  }
  std::memcpy(poly_key, stream, 32);
  xor_bytes(in, stream + 64, out, size);
  wipe(stream, sizeof stream);
  wipe(state, sizeof state);
  clear_vectors_avx();
  return size;
}

ASHLAR_TARGET("avx2")
void xor_stream_avx2(const std::uint32_t* key, const std::uint8_t* nonce, std::uint32_t counter,
                     const std::uint8_t* in, std::uint8_t* out, std::size_t size) {
  alignas(32) std::uint32_t state[16];
  set_state(state, key, nonce, counter);
  Nothing nothing;
  for (; size >= 512; size -= 512, in += 512, out += 512, counter += 8) {
    eight_blocks<true>(state, counter, in, out, nothing);
  }
  if (size != 0) {
    alignas(32) std::uint8_t stream[512];
    if (size > 256) {
      eight_blocks<false>(state, counter, nullptr, stream, nothing);
    } else {
      four_blocks(state, counter, stream);
    }
    xor_bytes(in, stream, out, size);
    wipe(stream, sizeof stream);
  }
  wipe(state, sizeof state);
  clear_vectors_avx();
}

ASHLAR_TARGET("avx2")
void crypt_avx2(const std::uint32_t* key, const std::uint8_t* nonce, std::uint32_t counter,
                const std::uint8_t* in, std::uint8_t* out, std::size_t size, bool sealing,
                Poly1305State& poly, std::size_t pending) {
  alignas(32) std::uint32_t state[16];
  alignas(32) std::uint8_t stream[512];
  set_state(state, key, nonce, counter);
  Absorb absorb{poly.h[0], poly.h[1], poly.h[2], multiplier64(poly), (sealing ? out : in) - 16 * pending, 0};
  // What is opened in place must be absorbed before its batch is stored.
  for (absorb.left = sealing ? 0 : pending; absorb.left != 0;) {
    absorb();
  }
  for (; size != 0; counter += 8) {
    const std::size_t n = size < 512 ? size : 512;
    const std::uint8_t* const ready = sealing ? out : in + n;
    absorb.left = static_cast<std::size_t>(ready - absorb.data) / 16;
    if (absorb.left > 32) {
      absorb.left = 32;
    }
    if (n == 512) {
      eight_blocks<true>(state, counter, in, out, absorb);
    } else {
      eight_blocks<false>(state, counter, nullptr, stream, absorb);
      xor_bytes(in, stream, out, n);
    }
    in += n;
    out += n;
    size -= n;
  }
  for (absorb.left = static_cast<std::size_t>((sealing ? out : in) - absorb.data) / 16; absorb.left != 0;) {
    absorb();
  }
  poly.h[0] = absorb.h0;
  poly.h[1] = absorb.h1;
  poly.h[2] = absorb.h2;
  wipe(state, sizeof state);
  wipe(stream, sizeof stream);
  wipe(&absorb.multiplier, sizeof absorb.multiplier);
  clear_vectors_avx();
}

}  // namespace ashlar::crypto::chacha

#endif
