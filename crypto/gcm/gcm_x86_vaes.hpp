// SPDX-License-Identifier: Apache-2.0
// What the rows of GCM and of GCM-SIV on ymm registers share: GHASH and POLYVAL with two blocks in each
// register, and steps of eight blocks.
#pragma once

#include "gcm/gcm_x86.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::gcm {

#define ASHLAR_VAES_TARGET "avx2,vaes,vpclmulqdq,aes,pclmul,bmi2"

constexpr std::size_t kVectors = 4;
constexpr std::size_t kStep = 32 * kVectors;

ASHLAR_TARGET_INLINE("avx2") __m256i load2(const std::uint8_t* p) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
}
ASHLAR_TARGET_INLINE("avx2") void store2(std::uint8_t* p, __m256i v) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), v);
}
ASHLAR_TARGET_INLINE("avx2") __m256i both(__m128i v) {
  return _mm256_broadcastsi128_si256(v);
}
ASHLAR_TARGET_INLINE("avx2") __m256i round_key2(const std::uint8_t* keys, std::size_t r) {
  return both(_mm_load_si128(reinterpret_cast<const __m128i*>(keys) + r));
}
ASHLAR_TARGET_INLINE("avx2") __m256i swap_halves2(__m256i v) {
  return _mm256_shuffle_epi32(v, 0x4e);
}
ASHLAR_TARGET_INLINE("avx2") __m256i pair(__m128i low, __m128i high) {
  return _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1);
}
struct Sum2 {
  __m256i lo, mi, hi;
};

ASHLAR_TARGET_INLINE("avx2") Sum2 empty_sum2() {
  return {_mm256_setzero_si256(), _mm256_setzero_si256(), _mm256_setzero_si256()};
}

ASHLAR_TARGET_INLINE(ASHLAR_VAES_TARGET)
void add_product2(Sum2& s, __m256i blocks, __m256i powers, __m256i sums) {
  s.lo = _mm256_xor_si256(s.lo, _mm256_clmulepi64_epi128(blocks, powers, 0x00));
  s.hi = _mm256_xor_si256(s.hi, _mm256_clmulepi64_epi128(blocks, powers, 0x11));
  blocks = _mm256_xor_si256(blocks, swap_halves2(blocks));
  s.mi = _mm256_xor_si256(s.mi, _mm256_clmulepi64_epi128(blocks, sums, 0x00));
}

ASHLAR_TARGET_INLINE(ASHLAR_VAES_TARGET) __m256i fold2(__m256i into, __m256i from) {
  const __m256i polynomial = both(_mm_set_epi64x(static_cast<long long>(0xc200000000000000), 1));
  const __m256i t = _mm256_clmulepi64_epi128(polynomial, from, 0x01);
  return _mm256_xor_si256(into, _mm256_xor_si256(swap_halves2(from), t));
}

// Both halves reduced, and their sum.
ASHLAR_TARGET_INLINE(ASHLAR_VAES_TARGET) __m256i reduce_each(Sum2 s) {
  s.mi = _mm256_xor_si256(s.mi, _mm256_xor_si256(s.lo, s.hi));
  return fold2(s.hi, fold2(s.mi, s.lo));
}
ASHLAR_TARGET_INLINE(ASHLAR_VAES_TARGET) __m128i add_halves(__m256i v) {
  return _mm_xor_si128(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
}
ASHLAR_TARGET_INLINE(ASHLAR_VAES_TARGET) __m256i multiply2(__m256i blocks, __m256i powers) {
  Sum2 s = empty_sum2();
  add_product2(s, blocks, powers, _mm256_xor_si256(powers, swap_halves2(powers)));
  return reduce_each(s);
}

// All powers of h and their sums of halves.
ASHLAR_TARGET_INLINE(ASHLAR_VAES_TARGET) void fill_powers(X86Key& made, __m128i h) {
  const auto keep = [&](std::size_t n, __m256i powers)
      __attribute__((target(ASHLAR_VAES_TARGET), always_inline)) {
    // powers: H^n and H^(n - 1).
    store2(made.powers + 16 * (kPowers - n), powers);
    store2(made.sums + 16 * (kPowers - n), _mm256_xor_si256(powers, swap_halves2(powers)));
  };
  const __m128i h2 = multiply(h, h);
  const __m256i low = pair(h2, h);
  const __m256i middle = multiply2(low, both(h2));
  const __m256i by4 = both(_mm256_castsi256_si128(middle));
  keep(8, multiply2(middle, by4));
  keep(6, multiply2(low, by4));
  keep(4, middle);
  keep(2, low);
  aes::store(made.powers + 16 * kPowers, _mm_setzero_si128());
  aes::store(made.sums + 16 * kPowers, _mm_setzero_si128());
}

ASHLAR_TARGET_INLINE("avx2") __m256i reversed2(__m256i v) {
  return _mm256_shuffle_epi8(v, both(reversal()));
}
template <Order order>
ASHLAR_TARGET_INLINE("avx2")
__m256i ordered2(__m256i v) {
  return order == Order::last_lowest ? reversed2(v) : v;
}
// Adds to the 32-bit counters in the lowest element of each half.
ASHLAR_TARGET_INLINE("avx2") __m256i add_counters(__m256i counters, int low, int high) {
  return _mm256_add_epi32(counters, _mm256_set_epi32(0, 0, 0, high, 0, 0, 0, low));
}

// GHASH or POLYVAL over an even number of blocks, at most eight; `acc` goes into the first.
template <Order order>
ASHLAR_TARGET_INLINE(ASHLAR_VAES_TARGET)
__m128i absorb_pairs(const X86Key& key, __m128i acc, const std::uint8_t* in, std::size_t blocks) {
  Sum2 s = empty_sum2();
  __m256i carried = _mm256_zextsi128_si256(acc);
  for (; blocks != 0; blocks -= 2, in += 32) {
    add_product2(s, _mm256_xor_si256(ordered2<order>(load2(in)), carried), load2(power(key, blocks)),
                 load2(sum(key, blocks)));
    carried = _mm256_setzero_si256();
  }
  return add_halves(reduce_each(s));
}

ASHLAR_TARGET_INLINE(ASHLAR_VAES_TARGET) __m128i multiply_by_h(const X86Key& key, __m128i block) {
  Sum s = empty_sum();
  add_product(s, block, aes::load(power(key, 1)), aes::load(sum(key, 1)));
  return reduce(s);
}

// The same for any number of blocks.
template <Order order>
ASHLAR_TARGET_INLINE(ASHLAR_VAES_TARGET)
__m128i absorb_blocks(const X86Key& key, __m128i acc, const std::uint8_t* in, std::size_t blocks) {
  while (blocks >= 2) {
    const std::size_t now = blocks < kPowers ? blocks / 2 * 2 : kPowers;
    acc = absorb_pairs<order>(*reread(&key), acc, in, now);
    in += 16 * now;
    blocks -= now;
  }
  return blocks == 0 ? acc : multiply_by_h(key, _mm_xor_si128(acc, ordered<order>(aes::load(in))));
}

// Eight blocks of text. `counters` holds the counters of the first two and advances by eight. Between the
// rounds, GHASH over the eight blocks at `hashed`.
template <Order order, bool hashes>
ASHLAR_TARGET_INLINE(ASHLAR_VAES_TARGET)
void step(const X86Key& constant_key, std::uint32_t rounds, __m256i& counters, const std::uint8_t* in,
          std::uint8_t* out, const std::uint8_t* hashed, __m128i& acc) {
  const X86Key& key = *reread(&constant_key);
  const std::uint8_t* const keys = key.round_keys;
  __m256i b[kVectors];
  __m256i k = round_key2(keys, 0);
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < kVectors; ++i) {
    b[i] = _mm256_xor_si256(ordered2<order>(counters), k);
    counters = add_counters(counters, 2, 2);
  }
  std::uint32_t r = 1;
  for (; r + 9 < rounds; ++r) {
    k = round_key2(keys, r);
    ASHLAR_UNROLL
    for (std::size_t i = 0; i < kVectors; ++i) {
      b[i] = _mm256_aesenc_epi128(b[i], k);
    }
  }
  const std::uint8_t* const late_keys = keys + 16 * r;
  Sum2 s = empty_sum2();
  __m256i folded = _mm256_setzero_si256();
  ASHLAR_UNROLL
  for (std::size_t j = 0; j < 9; ++j) {
    k = round_key2(reread(late_keys), j);
    ASHLAR_UNROLL
    for (std::size_t i = 0; i < kVectors; ++i) {
      b[i] = _mm256_aesenc_epi128(b[i], k);
    }
    if (!hashes) {
      continue;
    }
    if (j < kVectors) {
      __m256i blocks = ordered2<order>(load2(hashed + 32 * j));
      if (j == 0) {
        blocks = _mm256_xor_si256(blocks, _mm256_zextsi128_si256(acc));
      }
      add_product2(s, blocks, load2(power(key, kPowers - 2 * j)), load2(sum(key, kPowers - 2 * j)));
    } else if (j == 5) {
      s.mi = _mm256_xor_si256(s.mi, _mm256_xor_si256(s.lo, s.hi));
      folded = fold2(s.mi, s.lo);
    } else if (j == 6) {
      folded = fold2(s.hi, folded);
    } else if (j == 7) {
      acc = add_halves(folded);
    }
  }
  k = round_key2(late_keys, 9);
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < kVectors; ++i) {
    store2(out + 32 * i, _mm256_aesenclast_epi128(b[i], _mm256_xor_si256(k, load2(in + 32 * i))));
  }
}

// All ones in the first `size` bytes (0 to 32), zeros in the rest.
ASHLAR_TARGET_INLINE("avx2") __m256i part_mask2(std::size_t size) {
  alignas(32) static constexpr std::uint8_t kEdge[64] = {
      255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
      255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255};
  return load2(kEdge + 32 - size);
}

ASHLAR_TARGET_INLINE(ASHLAR_VAES_TARGET) __m256i load_part2(const std::uint8_t* p, std::size_t size) {
  if (size == 32) {
    return load2(p);
  }
  if (size >= 16) {
    return pair(aes::load(p), load_part(p + 16, size - 16));
  }
  return _mm256_zextsi128_si256(load_part(p, size));
}

ASHLAR_TARGET_INLINE(ASHLAR_VAES_TARGET) void store_part2(std::uint8_t* p, __m256i v, std::size_t size) {
  if (size == 32) {
    store2(p, v);
  } else if (size > 16) {
    aes::store(p, _mm256_castsi256_si128(v));
    store_part(p + 16, _mm256_extracti128_si256(v, 1), size - 16);
  } else {
    store_part(p, _mm256_castsi256_si128(v), size);
  }
}

}  // namespace ashlar::crypto::gcm

#endif
