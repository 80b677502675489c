// SPDX-License-Identifier: Apache-2.0
// What the rows of GCM and of GCM-SIV on zmm registers share: GHASH and POLYVAL with four blocks in each
// register, and steps of 256 bytes.
//
// A block a = a1 x^64 + a0 times a power p is a0 p + a1 x^64 p, and the reduction takes two steps of x^-64.
// The first step of a0 p is precomputed: the key keeps p' = p x^-64 beside p, and a0 p' + a1 p is a sum of
// 192 bits that needs only one step. So there are four multiplications per vector of blocks, into two sums
// (low and high, 64 places apart), and one more multiplication per sum.
#pragma once

#include "gcm/gcm_x86.hpp"

#if ASHLAR_X86_KERNELS

#include <type_traits>

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
ASHLAR_TARGET_INLINE(ASHLAR_GCM_TARGET) __m128i square(__m128i a) {
  const __m128i low = _mm_clmulepi64_si128(a, a, 0x00);
  return fold(_mm_clmulepi64_si128(a, a, 0x11), fold(_mm_setzero_si128(), low));
}
ASHLAR_TARGET_INLINE("avx512f") __m512i four(__m128i a, __m128i b, __m128i c, __m128i d) {
  const __m512i ab = _mm512_inserti32x4(_mm512_castsi128_si512(a), b, 1);
  const __m256i cd = _mm256_inserti128_si256(_mm256_castsi128_si256(c), d, 1);
  return _mm512_inserti64x4(ab, cd, 1);
}
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET) __m128i add_lanes(__m512i v) {
  const __m256i half = _mm256_xor_si256(_mm512_castsi512_si256(v), _mm512_extracti64x4_epi64(v, 1));
  return _mm_xor_si128(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
}

constexpr std::size_t kVectors = 4;
constexpr std::size_t kStep = 64 * kVectors;

// The key data of this row. GCM keeps it; GCM-SIV makes it for each message.
struct Avx512Key {
  static constexpr std::size_t kPlaces = 11;

  // H^16, H^12, and H^9 down to H, each times x in GCM.
  alignas(16) std::uint8_t powers[16 * kPlaces];
  // The same times x^-64.
  std::uint8_t moved[16 * kPlaces];
  std::uint8_t round_keys[16 * 15];

  // The place of H^n, for n up to 9; the lower powers follow. The data behind H is multiplied by zeros.
  static constexpr std::size_t down_from(std::size_t n) { return 16 * (kPlaces - n); }
  // The place of H^(4 n), for n up to 4.
  static constexpr std::size_t by_four(std::size_t n) { return n > 2 ? 16 * (4 - n) : down_from(4 * n); }
};

// Powers and moved powers, loaded from a place in a key: one in all lanes, or four.
struct Powers {
  __m512i powers, moved;
};
ASHLAR_TARGET_INLINE("avx512f") Powers in_all_lanes(const Avx512Key& key, std::size_t place) {
  return {all(key.powers + place), all(key.moved + place)};
}
ASHLAR_TARGET_INLINE("avx512f") Powers in_lanes(const Avx512Key& key, std::size_t place) {
  return {load4(key.powers + place), load4(key.moved + place)};
}
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET) Sum4 product(__m512i blocks, const Powers& by) {
  return product(blocks, by.powers, by.moved);
}
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET) void add_product(Sum4& s, __m512i blocks, const Powers& by) {
  add_product(s, blocks, by.powers, by.moved);
}

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
// A block in one lane, zeros in the others.
ASHLAR_TARGET_INLINE("avx512f") __m512i in_lane(__m128i block, std::size_t lane) {
  return _mm512_maskz_broadcast_i32x4(static_cast<__mmask16>(0xf << (4 * lane)), block);
}

ASHLAR_TARGET_INLINE("avx512f") __m512i lane_numbers(std::size_t from) {
  return _mm512_add_epi64(_mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0),
                          _mm512_set1_epi64(static_cast<long long>(2 * from)));
}

// The first of several vectors. Its text begins at lane `lane` and fills the vector.
struct FirstVector {
  std::size_t lane;

  std::size_t size() const { return 64 - 16 * lane; }
  ASHLAR_TARGET_INLINE("bmi2") __mmask64 mask() const { return ~first_bytes(16 * lane); }
  // The text in its lanes, zeros in the others.
  ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET) __m512i text(const std::uint8_t* in) const {
    if (lane == 0) {
      return load4(in);
    }
    // A negative index wraps to one of the last lanes, which hold nothing.
    const __m512i read = _mm512_maskz_loadu_epi8(first_bytes(size()), in);
    return _mm512_permutexvar_epi64(lane_numbers(4 - lane), read);
  }
  ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET) void put(std::uint8_t* out, __m512i made) const {
    if (lane == 0) {
      store4(out, made);
    } else {
      _mm512_mask_storeu_epi8(out, first_bytes(size()), _mm512_permutexvar_epi64(lane_numbers(lane), made));
    }
  }
};

// The sum of the first N vectors, each times the power of H^4 that the number of vectors behind it gives.
template <std::size_t N, std::size_t Count>
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET)
__m512i sum_of(const Avx512Key& key, const __m512i (&blocks)[Count]) {
  static_assert(N <= Count);
  if constexpr (N == 1) {
    return blocks[0];
  } else {
    Sum4 s = product(blocks[0], in_all_lanes(key, Avx512Key::by_four(N - 1)));
    ASHLAR_UNROLL
    for (std::size_t i = 1; i < N - 1; ++i) {
      add_product(s, blocks[i], in_all_lanes(key, Avx512Key::by_four(N - 1 - i)));
    }
    return _mm512_xor_si512(reduce(s), blocks[N - 1]);
  }
}

// The four lanes of a sum, each by its own power, down to H, in one block.
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET) __m128i sum_of_lanes(const Avx512Key& key, __m512i sums) {
  return add_lanes(reduce(product(sums, in_lanes(key, Avx512Key::down_from(4)))));
}

// Sets up the powers of h: all, or those from H^4 down.
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET) void fill_powers(Avx512Key& made, __m128i h, bool all_powers) {
  const auto keep = [&](std::size_t place, const Powers& four_powers)
      __attribute__((target(ASHLAR_AVX512_TARGET), always_inline)) {
    store4(made.powers + place, four_powers.powers);
    store4(made.moved + place, four_powers.moved);
  };
  const auto moved_too = [](__m512i powers) __attribute__((target(ASHLAR_AVX512_TARGET), always_inline)) {
    return Powers{powers, move(powers)};
  };
  const __m128i h2 = square(h);
  const __m128i h4 = square(h2);
  const Powers from4 = moved_too(four(h4, multiply(h2, h), h2, h));
  if (all_powers) {
    const __m128i h8 = square(h4);
    keep(0, moved_too(four(square(h8), multiply(h8, h4), multiply(h8, h), h8)));
    keep(Avx512Key::down_from(8), moved_too(reduce(product(_mm512_broadcast_i32x4(h4), from4))));
  }
  keep(Avx512Key::down_from(4), from4);
}

// GHASH or POLYVAL over blocks, at least one. They are pushed to the end of their vectors.
template <Order order>
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET)
__m128i absorb(const Avx512Key& key, __m128i acc, const std::uint8_t* in, std::size_t blocks) {
  std::size_t vectors = (blocks + 3) / 4;
  const std::size_t empty = 4 * vectors - blocks;
  const FirstVector first = {empty};
  __m512i sums = _mm512_xor_si512(ordered4<order>(first.text(in)), in_lane(acc, empty));
  in += first.size();
  const auto take = [&]<std::size_t N>(std::integral_constant<std::size_t, N>)
      __attribute__((target(ASHLAR_AVX512_TARGET), always_inline)) {
    __m512i taken[N + 1];
    taken[0] = sums;
    ASHLAR_UNROLL
    for (std::size_t i = 1; i <= N; ++i, in += 64) {
      taken[i] = ordered4<order>(load4(in));
    }
    sums = sum_of<N + 1>(key, taken);
  };
  for (--vectors; vectors >= kVectors; vectors -= kVectors) {
    take(std::integral_constant<std::size_t, kVectors>());
  }
  switch (vectors) {
    case 1:
      take(std::integral_constant<std::size_t, 1>());
      break;
    case 2:
      take(std::integral_constant<std::size_t, 2>());
      break;
    case 3:
      take(std::integral_constant<std::size_t, 3>());
      break;
    default:
      break;
  }
  return sum_of_lanes(key, sums);
}

// The rest of a message, and the blocks before and after it.
struct Rest {
  __m128i j0;
  __m512i counters;  // of the first four blocks, bytes reversed
  __m512i before;    // GHASH of all before, lane by lane
  const std::uint8_t* in;
  std::uint8_t* out;
  std::size_t size;
  __m128i lengths;
};
// The rest, of any size, and the tag, for another row.
void seal_rest(const Avx512Key& key, std::uint32_t rounds, Rest& rest, std::uint8_t tag[16]);
void open_rest(const Avx512Key& key, std::uint32_t rounds, Rest& rest, std::uint8_t expected_tag[16]);

// A long message on its way.
struct Running {
  __m512i counters;           // of the next four blocks, bytes reversed
  std::uint32_t counter;      // of the next block
  __m512i sums;               // GHASH of what lies before `pending`, lane by lane
  __m512i pending[kVectors];  // ciphertext not yet hashed, bytes reversed
};

// While a message goes on: the pending vectors times the powers of a step, the same for every lane. Its
// reduction is the next `sums`.
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET)
Sum4 pending_product(const Avx512Key& key, const Running& m) {
  Sum4 s = product(_mm512_xor_si512(m.pending[0], m.sums), in_all_lanes(key, Avx512Key::by_four(kVectors)));
  ASHLAR_UNROLL
  for (std::size_t i = 1; i < kVectors; ++i) {
    add_product(s, m.pending[i], in_all_lanes(key, Avx512Key::by_four(kVectors - i)));
  }
  return s;
}

// In the last step: each lane times its own power.
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET) __m128i absorb_pending(const Avx512Key& key, Running& m) {
  m.pending[0] = _mm512_xor_si512(m.pending[0], m.sums);
  return sum_of_lanes(key, sum_of<kVectors>(key, m.pending));
}

// 256 bytes of text. Between the rounds, GHASH over the 256 bytes before.
template <Order order, Direction direction, bool hashes>
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET)
void step(const Avx512Key& key, std::uint32_t rounds, Running& m, const std::uint8_t* in, std::uint8_t* out) {
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
      const Powers by = in_all_lanes(key, Avx512Key::by_four(kVectors - i));
      if (i == 0) {
        s = product(_mm512_xor_si512(m.pending[0], m.sums), by);
      } else {
        add_product(s, m.pending[i], by);
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
