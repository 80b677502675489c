// SPDX-License-Identifier: Apache-2.0
// ChaCha20 on SSSE3, four blocks at once, and Poly1305 with MUL beside it, for CPUs without AVX2.
//
// One word of all four blocks per register. As with AVX2, two quarter rounds go together, and of words 8 to
// 11 only the two that they use are in registers. Between them the idle integer ports do Poly1305: two blocks
// in each double round, twenty for sixteen that a batch of four blocks needs. Sealing hashes what earlier
// batches wrote; opening hashes what this one reads.
#include "chacha20poly1305/poly1305_x86_mul.hpp"
#include "cpu/dead_stack.hpp"

#if ASHLAR_X86_KERNELS && defined(__x86_64__)

namespace ashlar::crypto::chacha {
namespace {

#define ASHLAR_SSSE3 "ssse3"

constexpr std::size_t kBatch = 256;

ASHLAR_TARGET_INLINE(ASHLAR_SSSE3) __m128i load(const std::uint8_t* p) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
}
ASHLAR_TARGET_INLINE(ASHLAR_SSSE3) void store(std::uint8_t* p, __m128i x) {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p), x);
}

template <int Count>
ASHLAR_TARGET_INLINE(ASHLAR_SSSE3)
__m128i rotate(__m128i x) {
  if constexpr (Count == 16) {
    return _mm_shuffle_epi8(x, _mm_set_epi64x(0x0d0c0f0e09080b0a, 0x0504070601000302));
  } else if constexpr (Count == 8) {
    return _mm_shuffle_epi8(x, _mm_set_epi64x(0x0e0d0c0f0a09080b, 0x0605040702010003));
  } else {
    return _mm_or_si128(_mm_slli_epi32(x, Count), _mm_srli_epi32(x, 32 - Count));
  }
}

// One step of two quarter rounds: a += b, d = (d ^ a) <<< Count.
template <int Count>
ASHLAR_TARGET_INLINE(ASHLAR_SSSE3)
void step(__m128i& a0, __m128i& a1, __m128i b0, __m128i b1, __m128i& d0, __m128i& d1) {
  a0 = _mm_add_epi32(a0, b0);
  a1 = _mm_add_epi32(a1, b1);
  d0 = rotate<Count>(_mm_xor_si128(d0, a0));
  d1 = rotate<Count>(_mm_xor_si128(d1, a1));
}

ASHLAR_TARGET_INLINE(ASHLAR_SSSE3)
void two_quarter_rounds(__m128i& a0, __m128i& a1, __m128i& b0, __m128i& b1, __m128i& c0, __m128i& c1,
                        __m128i& d0, __m128i& d1) {
  step<16>(a0, a1, b0, b1, d0, d1);
  step<12>(c0, c1, d0, d1, b0, b1);
  step<8>(a0, a1, b0, b1, d0, d1);
  step<7>(c0, c1, d0, d1, b0, b1);
}

// Stores `out` to `saved_out` and loads the register again from `saved_in`.
ASHLAR_TARGET_INLINE(ASHLAR_SSSE3) void exchange(__m128i& word, __m128i& saved_out, const __m128i& saved_in) {
  __asm__ volatile(
      "movdqa %[word], %[out]\n\t"
      "movdqa %[in], %[word]"
      : [word] "+x"(word), [out] "=m"(saved_out)
      : [in] "m"(saved_in));
}

// The twenty rounds of four blocks; `between` is called twenty times.
template <class Between>
ASHLAR_TARGET_INLINE(ASHLAR_SSSE3)
void twenty_rounds(__m128i x[16], Between& between) {
  __m128i c0 = x[8], c1 = x[9];
  __m128i saved[4] = {x[8], x[9], x[10], x[11]};
  for (int round = 0; round < 10; ++round) {
    two_quarter_rounds(x[0], x[1], x[4], x[5], c0, c1, x[12], x[13]);
    exchange(c0, saved[0], saved[2]);
    exchange(c1, saved[1], saved[3]);
    two_quarter_rounds(x[2], x[3], x[6], x[7], c0, c1, x[14], x[15]);
    between();
    two_quarter_rounds(x[0], x[1], x[5], x[6], c0, c1, x[15], x[12]);
    exchange(c0, saved[2], saved[0]);
    exchange(c1, saved[3], saved[1]);
    two_quarter_rounds(x[2], x[3], x[7], x[4], c0, c1, x[13], x[14]);
    between();
  }
  x[8] = c0;
  x[9] = c1;
  x[10] = saved[2];
  x[11] = saved[3];
}

// Four blocks from `counter` on, XORed with `in` if there is one.
template <bool kXor, class Between>
ASHLAR_TARGET_INLINE(ASHLAR_SSSE3)
void four_blocks(const std::uint32_t state[16], std::uint32_t counter, const std::uint8_t* in,
                 std::uint8_t* out, Between& between) {
  const __m128i counters =
      _mm_add_epi32(_mm_set1_epi32(static_cast<int>(counter)), _mm_set_epi32(3, 2, 1, 0));
  // Here and below, the words are loaded into all lanes again. Keeping them would take sixteen registers.
  __asm__ volatile("" : "+r"(state) : : "memory");
  __m128i x[16];
  ASHLAR_UNROLL
  for (int i = 0; i < 16; ++i) {
    x[i] = _mm_set1_epi32(static_cast<int>(state[i]));
  }
  x[12] = counters;
  twenty_rounds(x, between);
  __asm__ volatile("" : "+r"(state) : : "memory");
  ASHLAR_UNROLL
  for (int i = 0; i < 16; i += 4) {
    ASHLAR_UNROLL
    for (int j = i; j < i + 4; ++j) {
      x[j] = _mm_add_epi32(x[j], j == 12 ? counters : _mm_set1_epi32(static_cast<int>(state[j])));
    }
    const __m128i t0 = _mm_unpacklo_epi32(x[i], x[i + 1]);
    const __m128i t1 = _mm_unpackhi_epi32(x[i], x[i + 1]);
    const __m128i t2 = _mm_unpacklo_epi32(x[i + 2], x[i + 3]);
    const __m128i t3 = _mm_unpackhi_epi32(x[i + 2], x[i + 3]);
    const __m128i made[4] = {_mm_unpacklo_epi64(t0, t2), _mm_unpackhi_epi64(t0, t2),
                             _mm_unpacklo_epi64(t1, t3), _mm_unpackhi_epi64(t1, t3)};
    ASHLAR_UNROLL
    for (int j = 0; j < 4; ++j) {
      const int at = 64 * j + 4 * i;
      store(out + at, kXor ? _mm_xor_si128(made[j], load(in + at)) : made[j]);
    }
  }
}

ASHLAR_TARGET_INLINE(ASHLAR_SSSE3)
void xor_bytes(const std::uint8_t* in, const std::uint8_t* stream, std::uint8_t* out, std::size_t size) {
  for (; size >= 16; size -= 16, in += 16, stream += 16, out += 16) {
    store(out, _mm_xor_si128(load(in), load(stream)));
  }
  for (std::size_t i = 0; i < size; ++i) {
    out[i] = static_cast<std::uint8_t>(in[i] ^ stream[i]);
  }
}

// Blocks of Poly1305 between quarter rounds.
struct AbsorbMul {
  std::uint64_t h0, h1, h2;
  Multiplier64 multiplier;
  const std::uint8_t* data;  // the next block
  std::size_t left;          // blocks that may be absorbed already
  __attribute__((always_inline)) inline void operator()() {
    if (left != 0) {
      --left;
      absorb_block_mul(h0, h1, h2, multiplier, data);
      data += 16;
    }
  }
};

// The most stack that the functions below take, at -O2 or -O3.
constexpr std::size_t kStack = 1152;

// The first block's key for Poly1305, and up to three blocks of the message.
ASHLAR_TARGET(ASHLAR_SSSE3)
void begin(const std::uint32_t* key, const std::uint8_t* nonce, const std::uint8_t* in, std::uint8_t* out,
           std::size_t size, std::uint8_t* poly_key) {
  alignas(16) std::uint32_t state[16];
  alignas(16) std::uint8_t stream[kBatch];
  set_state(state, key, nonce, 0);
  Nothing nothing;
  four_blocks<false>(state, 0, nullptr, stream, nothing);
  store(poly_key, load(stream));
  store(poly_key + 16, load(stream + 16));
  xor_bytes(in, stream + 64, out, size);
  clear_vectors_sse();
}

ASHLAR_TARGET(ASHLAR_SSSE3)
void xor_all(const std::uint32_t* key, const std::uint8_t* nonce, std::uint32_t counter,
             const std::uint8_t* in, std::uint8_t* out, std::size_t size) {
  alignas(16) std::uint32_t state[16];
  alignas(16) std::uint8_t stream[kBatch];
  set_state(state, key, nonce, counter);
  Nothing nothing;
  for (; size >= kBatch; size -= kBatch, in += kBatch, out += kBatch, counter += 4) {
    four_blocks<true>(state, counter, in, out, nothing);
  }
  if (size != 0) {
    four_blocks<false>(state, counter, nullptr, stream, nothing);
    xor_bytes(in, stream, out, size);
  }
  clear_vectors_sse();
}

ASHLAR_TARGET(ASHLAR_SSSE3)
void xor_and_absorb(const std::uint32_t* key, const std::uint8_t* nonce, std::uint32_t counter,
                    const std::uint8_t* in, std::uint8_t* out, std::size_t size, bool sealing,
                    Poly1305State& poly, std::size_t pending) {
  alignas(16) std::uint32_t state[16];
  alignas(16) std::uint8_t stream[kBatch];
  set_state(state, key, nonce, counter);
  AbsorbMul absorb{poly.h[0], poly.h[1], poly.h[2], multiplier64(poly), (sealing ? out : in) - 16 * pending,
                   0};
  // When opening in place, ciphertext must be absorbed before its batch is stored.
  for (absorb.left = sealing ? 0 : pending; absorb.left != 0;) {
    absorb();
  }
  for (; size != 0; counter += 4) {
    const std::size_t n = size < kBatch ? size : kBatch;
    const std::uint8_t* const ready = sealing ? out : in + n;
    absorb.left = static_cast<std::size_t>(ready - absorb.data) / 16;
    if (absorb.left > 20) {
      absorb.left = 20;
    }
    if (n == kBatch) {
      four_blocks<true>(state, counter, in, out, absorb);
    } else {
      four_blocks<false>(state, counter, nullptr, stream, absorb);
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
  clear_vectors_sse();
}

}  // namespace

std::size_t start_ssse3(const std::uint32_t* key, const std::uint8_t* nonce, const std::uint8_t* in,
                        std::uint8_t* out, std::size_t size, std::uint8_t* poly_key) {
  if (size > kBatch - 64) {
    // This many blocks, so that the rest is batches of four.
    size = (size + 63) / 64 % 4 * 64;
  }
  call_and_wipe_sse<kStack>(begin, key, nonce, in, out, size, poly_key);
  return size;
}

void xor_stream_ssse3(const std::uint32_t* key, const std::uint8_t* nonce, std::uint32_t counter,
                      const std::uint8_t* in, std::uint8_t* out, std::size_t size) {
  call_and_wipe_sse<kStack>(xor_all, key, nonce, counter, in, out, size);
}

void crypt_ssse3(const std::uint32_t* key, const std::uint8_t* nonce, std::uint32_t counter,
                 const std::uint8_t* in, std::uint8_t* out, std::size_t size, bool sealing,
                 Poly1305State& poly, std::size_t pending) {
  call_and_wipe_sse<kStack>(xor_and_absorb, key, nonce, counter, in, out, size, sealing, poly, pending);
}

void poly1305_blocks_mul(Poly1305State& state, const std::uint8_t* data, std::size_t blocks) {
  Multiplier64 multiplier = multiplier64(state);
  std::uint64_t h0 = state.h[0], h1 = state.h[1], h2 = state.h[2];
  for (; blocks != 0; --blocks, data += 16) {
    absorb_block_mul(h0, h1, h2, multiplier, data);
  }
  state.h[0] = h0;
  state.h[1] = h1;
  state.h[2] = h2;
  wipe(&multiplier, sizeof multiplier);
  // Compilers copy pairs of words through vector registers.
  clear_vectors_sse();
}

}  // namespace ashlar::crypto::chacha

#endif
