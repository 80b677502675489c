// SPDX-License-Identifier: Apache-2.0
// GCM with VAES and VPCLMULQDQ on zmm registers, for cores on which the multiplications are the bound: Zen 5
// starts two vaesenc per cycle and one vpclmulqdq every two.
//
// Long messages go in steps of 1024 bytes. Sixteen vectors of counters are on their way at a time: eight
// would keep the two units for vaesenc, with its four cycles, only just busy. Beside them GHASH takes the
// blocks of a step in two groups of eight vectors, with Karatsuba's three multiplications per vector and one
// reduction per group, 52 vpclmulqdq: 104 cycles, 0.102 cycles per byte. With four per vector
// (gcm_x86_avx512.cpp) it is 0.133. vaesenc and vpclmulqdq overlap, but all vector operations share four
// ports, and each load into a vector register costs a place there too: a mixture as here without any waits
// takes 0.12 cycles per byte with 128-bit keys and 0.135 with 256-bit keys.
//
// The powers of H^4 up to H^32 and the sums of their halves are made for each message, some 30 cycles, so
// that a key is as small as the other row's: each connection has two. What is hashed is read again from
// memory, because registers hold the counters.
//
// Short messages, and what follows the last step, are the other row's.
#include "cpu/dead_stack.hpp"
#include "gcm/gcm_x86_avx512.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::gcm {
namespace {

constexpr std::size_t kWideVectors = 16;
constexpr std::size_t kGroup = 8;  // vectors for one reduction
constexpr std::size_t kWideStep = 64 * kWideVectors;
// From these sizes on wide steps gain more than they cost, with keys of 128 bits and with longer ones. Below,
// the first step's AES and the last step's GHASH, which have nothing beside them, are too large a part.
constexpr std::size_t kFromSize = 12 * kWideStep;
constexpr std::size_t kFromSizeLongKey = 5 * kWideStep;

// More stack than a message takes, for what finds no register.
constexpr std::size_t kStack = 2048;

ASHLAR_TARGET_INLINE("avx512f") __m512i swap_halves4(__m512i v) {
  return _mm512_shuffle_epi32(v, _MM_PERM_BADC);
}

// H^32, H^28 and so on down to H^4, each times x, and the sum of the halves of each, twice. The same for all
// four lanes.
struct WidePowers {
  alignas(64) std::uint8_t powers[16 * kGroup];
  std::uint8_t sums[16 * kGroup];
};

ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET) void make_powers(WidePowers& made, const Avx512Key& key) {
  const auto h = [&](std::size_t n) __attribute__((target(ASHLAR_AVX512_TARGET), always_inline)) {
    return aes::load(key.powers + Avx512Key::by_four(n));
  };
  const __m512i low = four(h(4), h(3), h(2), h(1));
  const __m512i high = reduce(product(low, in_all_lanes(key, Avx512Key::by_four(4))));
  store4(made.powers, high);
  store4(made.powers + 64, low);
  store4(made.sums, _mm512_xor_si512(high, swap_halves4(high)));
  store4(made.sums + 64, _mm512_xor_si512(low, swap_halves4(low)));
}

// A sum of products before reduction; mi is Karatsuba's, still with lo and hi in it.
struct WideSum {
  __m512i lo, mi, hi;
};

// Adds two vectors of blocks, each times the power at its place.
template <bool first>
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET)
void add_two(WideSum& s, const WidePowers& wide, __m512i a, std::size_t place_a, __m512i b,
             std::size_t place_b) {
  const auto times = [&](__m512i blocks, std::size_t place)
      __attribute__((target(ASHLAR_AVX512_TARGET), always_inline)) {
    const __m512i power = all(wide.powers + 16 * place);
    const __m512i both = _mm512_xor_si512(blocks, swap_halves4(blocks));
    return WideSum{_mm512_clmulepi64_epi128(blocks, power, 0x00),
                   _mm512_clmulepi64_epi128(both, all(wide.sums + 16 * place), 0x00),
                   _mm512_clmulepi64_epi128(blocks, power, 0x11)};
  };
  const WideSum of_a = times(a, place_a);
  const WideSum of_b = times(b, place_b);
  s.lo = first ? _mm512_xor_si512(of_a.lo, of_b.lo) : xor3(s.lo, of_a.lo, of_b.lo);
  s.mi = first ? _mm512_xor_si512(of_a.mi, of_b.mi) : xor3(s.mi, of_a.mi, of_b.mi);
  s.hi = first ? _mm512_xor_si512(of_a.hi, of_b.hi) : xor3(s.hi, of_a.hi, of_b.hi);
}

ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET) __m512i reduce_wide(const WideSum& s) {
  const __m512i polynomial =
      _mm512_broadcast_i32x4(_mm_set_epi64x(static_cast<long long>(0xc200000000000000), 1));
  const __m512i lo_folded = xor3(swap_halves4(s.lo), _mm512_clmulepi64_epi128(polynomial, s.lo, 0x01), s.lo);
  const __m512i middle = xor3(s.mi, s.hi, lo_folded);
  return xor3(s.hi, swap_halves4(middle), _mm512_clmulepi64_epi128(polynomial, middle, 0x01));
}

struct WideRunning {
  __m512i counters;       // of the next four blocks, bytes reversed
  std::uint32_t counter;  // of the next block
  __m512i sums;           // GHASH of what came before, lane by lane, for the next vector
};

// 1024 bytes of text. Between the rounds, GHASH over the 1024 bytes at `hashed`.
template <bool hashes>
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET)
void wide_step(const Avx512Key& key, const WidePowers& wide, std::uint32_t rounds, WideRunning& m,
               const std::uint8_t* in, std::uint8_t* out, const std::uint8_t* hashed) {
  const std::uint8_t* keys = reread(&key)->round_keys;
  __m512i b[kWideVectors];
  b[0] = reversed4(m.counters);
  if ((m.counter & 255) <= 256 - 4 * kWideVectors) {
    // Within these 64 blocks only the last byte of the counter changes.
    ASHLAR_UNROLL
    for (std::size_t i = 1; i < kWideVectors; ++i) {
      b[i] = add_last_byte(b[0], static_cast<int>(4 * i));
    }
  } else {
    ASHLAR_UNROLL
    for (std::size_t i = 1; i < kWideVectors; ++i) {
      b[i] = reversed4(add_counters(m.counters, static_cast<int>(4 * i)));
    }
  }
  m.counter += 4 * kWideVectors;
  m.counters = add_counters(m.counters, 4 * kWideVectors);
  __m512i k = all(keys);
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < kWideVectors; ++i) {
    b[i] = _mm512_xor_si512(b[i], k);
  }
  const auto round = [&]() __attribute__((target(ASHLAR_AVX512_TARGET), always_inline)) {
    keys += 16;
    k = all(keys);
    ASHLAR_UNROLL
    for (std::size_t i = 0; i < kWideVectors; ++i) {
      b[i] = _mm512_aesenc_epi128(b[i], k);
    }
  };
  if constexpr (hashes) {
    WideSum s = {};
    ASHLAR_UNROLL
    for (std::size_t j = 0; j < kGroup; ++j) {
      round();
      // The first vector of a group comes last, because `sums` is ready late.
      const std::uint8_t* const group = hashed + 64 * kGroup * (j / 4);
      const std::size_t one = 2 * (j % 4) + 1;
      const std::size_t other = (one + 1) % kGroup;
      const __m512i blocks = reversed4(load4(group + 64 * one));
      const __m512i others = reversed4(load4(group + 64 * other));
      if (j % 4 == 0) {
        add_two<true>(s, *reread(&wide), blocks, one, others, other);
      } else if (j % 4 < 3) {
        add_two<false>(s, *reread(&wide), blocks, one, others, other);
      } else {
        add_two<false>(s, *reread(&wide), blocks, one, _mm512_xor_si512(others, m.sums), other);
        m.sums = reduce_wide(s);
      }
      // What longer keys have more than ten rounds is spread too.
      if (j % 2 == 1 && rounds > 10 + j / 2) {
        round();
      }
    }
    round();
  } else {
    for (std::uint32_t r = 1; r < rounds; ++r) {
      round();
    }
  }
  k = all(keys + 16);
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < kWideVectors; ++i) {
    store4(out + 64 * i, _mm512_aesenclast_epi128(b[i], _mm512_xor_si512(k, load4(in + 64 * i))));
  }
}

// GHASH over the last 1024 bytes, at `hashed`: each lane times its own power at the end.
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET)
__m128i absorb_last(const Avx512Key& key, const WidePowers& wide, __m512i sums, const std::uint8_t* hashed) {
  const auto at = [&](std::size_t i) __attribute__((target(ASHLAR_AVX512_TARGET), always_inline)) {
    return reversed4(load4(hashed + 64 * i));
  };
  WideSum s = {};
  add_two<true>(s, wide, _mm512_xor_si512(at(0), sums), 0, at(1), 1);
  for (std::size_t i = 2; i < kGroup; i += 2) {
    add_two<false>(s, wide, at(i), i, at(i + 1), i + 1);
  }
  // The last vector of all is not multiplied, so the places move by one. Zeros make their number even.
  hashed += 64 * kGroup;
  sums = _mm512_xor_si512(at(0), reduce_wide(s));
  add_two<true>(s, wide, _mm512_setzero_si512(), 0, sums, 1);
  for (std::size_t i = 2; i < kGroup; i += 2) {
    add_two<false>(s, wide, at(i - 1), i, at(i), i + 1);
  }
  return sum_of_lanes(key, _mm512_xor_si512(reduce_wide(s), at(kGroup - 1)));
}

// The same code for both directions: sealing hashes what the step before has made, opening what the step
// reads. So one step is without GHASH, sealing the first, opening the last.
ASHLAR_TARGET(ASHLAR_AVX512_TARGET)
void run_wide(const GcmKeyData& data, const GcmCall& call, std::uint8_t tag[16], Direction direction) {
  const Avx512Key& key = key_of<Avx512Key>(data);
  const std::uint32_t rounds = data.rounds;
  const bool seals = direction == Direction::seal;
  Rest rest;
  rest.j0 = first_counter(call);
  rest.in = call.in;
  rest.out = call.out;
  rest.size = call.size;
  rest.lengths = lengths(call);
  __m128i acc = call.hash != nullptr ? reversed(aes::load(call.hash)) : _mm_setzero_si128();
  if (call.aad_size != 0) {
    const auto part = static_cast<__mmask16>(first_bytes(call.aad_size));
    acc = _mm_xor_si128(acc, reversed(_mm_maskz_loadu_epi8(part, call.aad)));
    const Powers h = in_lanes(key, Avx512Key::down_from(1));
    acc = _mm512_castsi512_si128(reduce(product(first_lane(acc), h)));
  }
  WidePowers wide;
  make_powers(wide, key);
  WideRunning m;
  m.counters = add_counters(_mm512_broadcast_i32x4(rest.j0), 1, 2, 3, 4);
  m.counter = static_cast<std::uint32_t>(_mm_cvtsi128_si32(rest.j0)) + 1;
  m.sums = first_lane(acc);
  const auto plain_step = [&]() __attribute__((target(ASHLAR_AVX512_TARGET), always_inline)) {
    wide_step<false>(key, wide, rounds, m, rest.in, rest.out, nullptr);
    rest.in += kWideStep;
    rest.out += kWideStep;
    rest.size -= kWideStep;
  };
  if (seals) {
    plain_step();
  }
  const std::uint8_t* hashed = seals ? call.out : call.in;
  for (const std::size_t kept = seals ? 0 : kWideStep; rest.size >= kept + kWideStep; hashed += kWideStep) {
    wide_step<true>(key, wide, rounds, m, rest.in, rest.out, hashed);
    rest.in += kWideStep;
    rest.out += kWideStep;
    rest.size -= kWideStep;
  }
  acc = absorb_last(key, wide, m.sums, hashed);
  if (!seals) {
    plain_step();
  }
  rest.counters = m.counters;
  rest.before = first_lane(acc);
  seals ? seal_rest(key, rounds, rest, tag) : open_rest(key, rounds, rest, tag);
  wipe_vectors(rest);
  clear_vectors_avx512();
}

bool is_long(const GcmKeyData& data, const GcmCall& call) {
  return call.size >= (data.rounds == 10 ? kFromSize : kFromSizeLongKey);
}

}  // namespace

std::size_t Avx512Karatsuba::data_size(std::size_t key_size) {
  return Avx512::data_size(key_size);
}

void Avx512Karatsuba::init(GcmKeyData& data, Bytes key) {
  Avx512::init(data, key);
}

void Avx512Karatsuba::seal(const GcmKeyData& data, const GcmCall& call, std::uint8_t tag[16]) {
  if (!is_long(data, call)) {
    return Avx512::seal(data, call, tag);
  }
  call_and_wipe_avx<kStack>(run_wide, data, call, tag, Direction::seal);
}

void Avx512Karatsuba::open(const GcmKeyData& data, const GcmCall& call, std::uint8_t expected_tag[16]) {
  if (!is_long(data, call)) {
    return Avx512::open(data, call, expected_tag);
  }
  call_and_wipe_avx<kStack>(run_wide, data, call, expected_tag, Direction::open);
}

void Avx512Karatsuba::ghash(const GcmKeyData& data, std::uint8_t state[16], const std::uint8_t* in,
                            std::size_t blocks) {
  Avx512::ghash(data, state, in, blocks);
}

}  // namespace ashlar::crypto::gcm

#endif
