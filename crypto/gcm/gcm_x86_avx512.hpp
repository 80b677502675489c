// SPDX-License-Identifier: Apache-2.0
// What the rows of GCM and of GCM-SIV on zmm registers share: GHASH and POLYVAL with four blocks in each
// register, and steps of 256 bytes.
//
// A block a = a1 x^64 + a0 times a power p is a0 p + a1 x^64 p, and the reduction takes two steps of x^-64.
// The first step is taken from a0 p beforehand: with p' = p x^-64 kept beside p, a0 p' + a1 p is a sum of 192
// bits that needs but one step. So there are four multiplications per vector of blocks, into two sums (low
// and high, 64 places apart), and one more multiplication per sum.
#pragma once

#include "gcm/gcm_x86.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::gcm {

#define ASHLAR_AVX512_TARGET "avx512f,avx512vl,avx512bw,vaes,vpclmulqdq,aes,pclmul,bmi2"

ASHLAR_TARGET_INLINE("avx512f") __m512i load4(const std::uint8_t* p) {
  return _mm512_loadu_si512(p);
}
ASHLAR_TARGET_INLINE("avx512f") void store4(std::uint8_t* p, __m512i v) {
  _mm512_storeu_si512(p, v);
}
// One block in all four lanes.
ASHLAR_TARGET_INLINE("avx512f") __m512i all(const std::uint8_t* p) {
  return _mm512_broadcast_i32x4(_mm_load_si128(reinterpret_cast<const __m128i*>(p)));
}
// One block in the first lane, zeros in the others.
ASHLAR_TARGET_INLINE("avx512f") __m512i first_lane(__m128i v) {
  return _mm512_zextsi128_si512(v);
}
ASHLAR_TARGET_INLINE("avx512f") __m512i xor3(__m512i a, __m512i b, __m512i c) {
  return _mm512_ternarylogic_epi64(a, b, c, 0x96);
}
// The first `size` of 64 bytes.
ASHLAR_TARGET_INLINE("bmi2") __mmask64 first_bytes(std::size_t size) {
  return _bzhi_u64(~std::uint64_t{0}, static_cast<unsigned>(size));
}

// A sum of products before reduction: low + high x^64.
struct Sum4 {
  __m512i low, high;
};

ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET)
Sum4 product(__m512i blocks, __m512i powers, __m512i moved) {
  return {_mm512_xor_si512(_mm512_clmulepi64_epi128(blocks, moved, 0x00),
                           _mm512_clmulepi64_epi128(blocks, powers, 0x01)),
          _mm512_xor_si512(_mm512_clmulepi64_epi128(blocks, moved, 0x10),
                           _mm512_clmulepi64_epi128(blocks, powers, 0x11))};
}
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET)
void add_product(Sum4& s, __m512i blocks, __m512i powers, __m512i moved) {
  s.low = xor3(s.low, _mm512_clmulepi64_epi128(blocks, moved, 0x00),
               _mm512_clmulepi64_epi128(blocks, powers, 0x01));
  s.high = xor3(s.high, _mm512_clmulepi64_epi128(blocks, moved, 0x10),
                _mm512_clmulepi64_epi128(blocks, powers, 0x11));
}
// One step of x^-64, in each lane.
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET) __m512i reduce(const Sum4& s) {
  const __m512i polynomial =
      _mm512_broadcast_i32x4(_mm_set_epi64x(static_cast<long long>(0xc200000000000000), 1));
  return xor3(s.high, _mm512_shuffle_epi32(s.low, _MM_PERM_BADC),
              _mm512_clmulepi64_epi128(polynomial, s.low, 0x01));
}
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET)
__m512i multiply4(__m512i blocks, __m512i powers, __m512i moved) {
  return reduce(product(blocks, powers, moved));
}
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET) __m512i move(__m512i powers) {
  return reduce({powers, _mm512_setzero_si512()});
}
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET) __m128i add_lanes(__m512i v) {
  const __m256i half = _mm256_xor_si256(_mm512_castsi512_si256(v), _mm512_extracti64x4_epi64(v, 1));
  return _mm_xor_si128(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
}

constexpr std::size_t kVectors = 4;
constexpr std::size_t kStep = 64 * kVectors;
// Round keys and powers: what GCM keeps in GcmKeyData (Highest is 17), and GCM-SIV makes for each message
// (20).
template <std::size_t Highest, std::size_t Zeros>
struct Avx512Key {
  static constexpr std::size_t kHighest = Highest;

  std::uint8_t round_keys[16 * 16];
  // The powers from the highest down to H^1, each times x in GCM, and zeros behind it.
  std::uint8_t powers[16 * (Highest + Zeros)];
  // The same times x^-64.
  std::uint8_t moved[16 * (Highest + Zeros)];
};

ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET) __m512i reversed4(__m512i v) {
  return _mm512_shuffle_epi8(v, _mm512_broadcast_i32x4(reversal()));
}
template <Order order>
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET)
__m512i ordered4(__m512i v) {
  return order == Order::last_lowest ? reversed4(v) : v;
}
// Adds to the 32-bit counters, the lowest element of each lane.
ASHLAR_TARGET_INLINE("avx512f") __m512i add_counters(__m512i counters, int a, int b, int c, int d) {
  return _mm512_add_epi32(counters, _mm512_set_epi32(0, 0, 0, d, 0, 0, 0, c, 0, 0, 0, b, 0, 0, 0, a));
}
ASHLAR_TARGET_INLINE("avx512f") __m512i add_counters(__m512i counters, int n) {
  return add_counters(counters, n, n, n, n);
}
// Adds to the last byte of each lane, which must not overflow.
ASHLAR_TARGET_INLINE("avx512f") __m512i add_last_byte(__m512i blocks, int n) {
  const int top = n << 24;
  return _mm512_add_epi32(blocks, _mm512_set_epi32(top, 0, 0, 0, top, 0, 0, 0, top, 0, 0, 0, top, 0, 0, 0));
}
// H^n, H^(n - 1), H^(n - 2) and H^(n - 3), and the same moved.
template <class Key>
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET)
__m512i powers_from(const Key& key, std::size_t n) {
  return load4(key.powers + 16 * (Key::kHighest - n));
}
template <class Key>
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET)
__m512i moved_from(const Key& key, std::size_t n) {
  return load4(key.moved + 16 * (Key::kHighest - n));
}
// The powers of h up to `count`, and perhaps more, and the same moved.
template <class Key>
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET)
void fill_powers(Key& made, __m128i h, std::size_t count) {
  const auto keep = [&](std::size_t n, __m512i powers)
      __attribute__((target(ASHLAR_AVX512_TARGET), always_inline)) {
    // powers: H^n to H^(n - 3).
    store4(made.powers + 16 * (Key::kHighest - n), powers);
    store4(made.moved + 16 * (Key::kHighest - n), move(powers));
  };
  // h1, h2, h4 and h8 are in all lanes.
  const __m512i h1 = _mm512_broadcast_i32x4(h);
  const __m512i h2 = multiply4(h1, h1, move(h1));
  const __m512i h2_moved = move(h2);
  const __m512i from2 = _mm512_mask_mov_epi64(h1, 0x33, h2);  // H^2, H, H^2, H
  const __m512i from4 = _mm512_mask_mov_epi64(from2, 0x0f, multiply4(from2, h2, h2_moved));
  keep(4, from4);
  if (count > 4) {
    const __m512i h4 = multiply4(h2, h2, h2_moved);
    const __m512i h4_moved = move(h4);
    const __m512i from8 = multiply4(from4, h4, h4_moved);
    keep(8, from8);
    if (count > 8) {
      const __m512i h8 = multiply4(h4, h4, h4_moved);
      const __m512i h8_moved = move(h8);
      const __m512i from12 = multiply4(from4, h8, h8_moved);
      keep(12, from12);
      keep(16, multiply4(from8, h8, h8_moved));
      const __m512i from20 = multiply4(from12, h8, h8_moved);
      if constexpr (Key::kHighest == 20) {
        keep(20, from20);
      } else {
        static_assert(Key::kHighest == 17);
        aes::store(made.powers, _mm512_extracti32x4_epi32(from20, 3));
        aes::store(made.moved, _mm512_extracti32x4_epi32(move(from20), 3));
      }
    }
  }
}
// block * H, in the first lane.
template <class Key>
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET)
Sum4 times_h(const Key& key, __m128i block) {
  return product(first_lane(block), powers_from(key, 1), moved_from(key, 1));
}

// A long message on its way.
struct Running {
  __m512i counters;           // of the next four blocks, bytes reversed
  std::uint32_t counter;      // of the next block
  __m512i sums;               // GHASH of what lies before `pending`, lane by lane
  __m512i pending[kVectors];  // ciphertext not yet hashed, bytes reversed
};

// The pending vectors by the powers of a step, the same for every lane, as long as a message goes on; a
// reduction of it is the next `sums`.
template <class Key>
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET)
Sum4 pending_product(const Key& key, const Running& m) {
  Sum4 s = product(_mm512_xor_si512(m.pending[0], m.sums), all(key.powers + 16 * (Key::kHighest - 16)),
                   all(key.moved + 16 * (Key::kHighest - 16)));
  ASHLAR_UNROLL
  for (std::size_t i = 1; i < kVectors; ++i) {
    add_product(s, m.pending[i], all(key.powers + 16 * (Key::kHighest - 16 + 4 * i)),
                all(key.moved + 16 * (Key::kHighest - 16 + 4 * i)));
  }
  return s;
}

// 256 bytes of text; between the rounds GHASH over the 256 bytes before.
template <Order order, Direction direction, bool hashes, class Key>
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET)
void step(const Key& key, std::uint32_t rounds, Running& m, const std::uint8_t* in, std::uint8_t* out) {
  __m512i b[kVectors];
  b[0] = ordered4<order>(m.counters);
  if (order == Order::last_lowest && (m.counter & 255) <= 256 - 4 * kVectors) {
    // Within these sixteen blocks only the last byte of the counter changes.
    ASHLAR_UNROLL
    for (std::size_t i = 1; i < kVectors; ++i) {
      b[i] = add_last_byte(b[0], static_cast<int>(4 * i));
    }
  } else {
    ASHLAR_UNROLL
    for (std::size_t i = 1; i < kVectors; ++i) {
      b[i] = ordered4<order>(add_counters(m.counters, static_cast<int>(4 * i)));
    }
  }
  m.counter += 4 * kVectors;
  m.counters = add_counters(m.counters, 4 * kVectors);
  __m512i k = all(key.round_keys);
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < kVectors; ++i) {
    b[i] = _mm512_xor_si512(b[i], k);
  }
  std::uint32_t r = 1;
  for (; r + 9 < rounds; ++r) {
    k = all(key.round_keys + 16 * r);
    ASHLAR_UNROLL
    for (std::size_t i = 0; i < kVectors; ++i) {
      b[i] = _mm512_aesenc_epi128(b[i], k);
    }
  }
  const std::uint8_t* const late_keys = key.round_keys + 16 * r;
  Sum4 s = {};
  ASHLAR_UNROLL
  for (std::size_t j = 0; j < 9; ++j) {
    k = all(late_keys + 16 * j);
    ASHLAR_UNROLL
    for (std::size_t i = 0; i < kVectors; ++i) {
      b[i] = _mm512_aesenc_epi128(b[i], k);
    }
    if (hashes && j % 2 == 0 && j / 2 < kVectors) {
      const std::size_t i = j / 2;
      const __m512i power = all(key.powers + 16 * (Key::kHighest - 16 + 4 * i));
      const __m512i moved = all(key.moved + 16 * (Key::kHighest - 16 + 4 * i));
      if (i == 0) {
        s = product(_mm512_xor_si512(m.pending[0], m.sums), power, moved);
      } else {
        add_product(s, m.pending[i], power, moved);
      }
    }
  }
  if (hashes) {
    m.sums = reduce(s);
  }
  k = all(late_keys + 16 * 9);
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < kVectors; ++i) {
    const __m512i text = load4(in + 64 * i);
    b[i] = _mm512_aesenclast_epi128(b[i], _mm512_xor_si512(k, text));
    store4(out + 64 * i, b[i]);
    m.pending[i] = ordered4<order>(direction == Direction::seal ? b[i] : text);
  }
}

// The last step's GHASH: each lane by its own power.
template <class Key>
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET)
__m128i absorb_pending(const Key& key, const Running& m) {
  Sum4 s = product(_mm512_xor_si512(m.pending[0], m.sums), powers_from(key, 16), moved_from(key, 16));
  ASHLAR_UNROLL
  for (std::size_t i = 1; i < kVectors; ++i) {
    add_product(s, m.pending[i], powers_from(key, 16 - 4 * i), moved_from(key, 16 - 4 * i));
  }
  return add_lanes(reduce(s));
}

// Wipes 64 bytes or more without a call.
template <class Object>
ASHLAR_TARGET_INLINE("avx512f")
void wipe_vectors(Object& object) {
  std::uint8_t* const p = reinterpret_cast<std::uint8_t*>(&object);
  ASHLAR_UNROLL
  for (std::size_t at = 0; at < sizeof object; at += 64) {
    store4(p + (at + 64 <= sizeof object ? at : sizeof object - 64), _mm512_setzero_si512());
  }
  __asm__ volatile("" : : "r"(p) : "memory");
}

}  // namespace ashlar::crypto::gcm

#endif
