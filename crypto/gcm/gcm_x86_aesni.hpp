// SPDX-License-Identifier: Apache-2.0
// What the rows of GCM and of GCM-SIV on xmm registers share: hashing eight blocks, and eight blocks of text.
#pragma once

#include "gcm/gcm_x86.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::gcm {

constexpr std::size_t kLanes = 8;
constexpr std::size_t kStep = 16 * kLanes;

// The powers of h up to `count`. Each is made of the two with half its exponent, so that few wait for
// others.
ASHLAR_TARGET_INLINE(ASHLAR_GCM_TARGET)
void fill_powers(X86Key& made, __m128i h, std::size_t count) {
  __m128i p = h;
  for (std::size_t n = 1; n <= count; ++n) {
    if (n > 1) {
      const __m128i half = aes::load(power(made, n / 2));
      p = n % 2 == 0 ? multiply(half, half) : multiply(half, aes::load(power(made, n / 2 + 1)));
    }
    aes::store(made.powers + 16 * (kPowers - n), p);
    aes::store(made.sums + 16 * (kPowers - n), _mm_xor_si128(p, swap_halves(p)));
  }
}

// GHASH or POLYVAL over up to eight blocks at `in`; `acc` goes into the first.
template <Order order>
ASHLAR_TARGET_INLINE(ASHLAR_GCM_TARGET)
__m128i absorb(const X86Key& constant_key, __m128i acc, const std::uint8_t* in, std::size_t blocks) {
  const X86Key& key = *reread(&constant_key);
  Sum s = empty_sum();
  for (; blocks != 0; --blocks, in += 16) {
    add_product(s, _mm_xor_si128(ordered<order>(aes::load(in)), acc), aes::load(power(key, blocks)),
                aes::load(sum(key, blocks)));
    acc = _mm_setzero_si128();
  }
  return reduce(s);
}

// The counter blocks that follow `value`.
template <Order order>
struct Counter {
  __m128i value;  // the 32-bit counter is the lowest element

  ASHLAR_TARGET_INLINE(ASHLAR_GCM_TARGET) __m128i next() {
    value = _mm_add_epi32(value, _mm_cvtsi32_si128(1));
    return ordered<order>(value);
  }
};

// Eight blocks of key stream, xored with `in` to `out`; between the rounds GHASH over the eight blocks at
// `hashed`, if it is not null.
template <Order order, bool hashes>
ASHLAR_TARGET_INLINE(ASHLAR_GCM_TARGET)
void step(const X86Key& constant_key, std::uint32_t rounds, Counter<order>& counter, const std::uint8_t* in,
          std::uint8_t* out, const std::uint8_t* hashed, __m128i& acc) {
  const X86Key& key = *reread(&constant_key);
  const std::uint8_t* const keys = key.round_keys;
  __m128i b[kLanes];
  __m128i k = aes::round_key(keys, 0);
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < kLanes; ++i) {
    b[i] = _mm_xor_si128(counter.next(), k);
  }
  std::uint32_t r = 1;
  for (; r + 8 < rounds; ++r) {
    k = aes::round_key(keys, r);
    ASHLAR_UNROLL
    for (std::size_t i = 0; i < kLanes; ++i) {
      b[i] = _mm_aesenc_si128(b[i], k);
    }
  }
  Sum s = empty_sum();
  ASHLAR_UNROLL
  for (std::size_t j = 0; j < kLanes; ++j) {
    k = aes::round_key(keys, r + static_cast<std::uint32_t>(j));
    ASHLAR_UNROLL
    for (std::size_t i = 0; i < kLanes; ++i) {
      b[i] = _mm_aesenc_si128(b[i], k);
    }
    if (hashes) {
      __m128i block = ordered<order>(aes::load(hashed + 16 * j));
      if (j == 0) {
        block = _mm_xor_si128(block, acc);
      }
      const X86Key& powers = *reread(&key);
      add_product(s, block, aes::load(power(powers, kLanes - j)), aes::load(sum(powers, kLanes - j)));
    }
  }
  if (hashes) {
    acc = reduce(s);
  }
  k = aes::round_key(keys, rounds);
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < kLanes; ++i) {
    aes::store(out + 16 * i, _mm_aesenclast_si128(b[i], _mm_xor_si128(k, aes::load(in + 16 * i))));
  }
}

}  // namespace ashlar::crypto::gcm

#endif
