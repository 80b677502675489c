// SPDX-License-Identifier: Apache-2.0
// GCM with VAES and VPCLMULQDQ on zmm registers, for cores on which the multiplications are the bound: Zen 5
// starts two vaesenc per cycle and one vpclmulqdq every two.
//
// Long messages go in steps of 512 bytes, with Karatsuba's three multiplications per vector and one reduction
// per step, 26 vpclmulqdq: 52 cycles, 0.102 cycles per byte. With four per vector (gcm_x86_avx512.cpp) it is
// 0.133. The powers of H^4 up to H^32 and the sums of their halves are made for each message, some 30 cycles,
// so that a key is as small as the other row's: each connection has two. What is hashed is read again from
// memory, because registers hold eight vectors of counters.
//
// Messages below four steps, and what follows the last step, are the other row's.
#include "cpu/dead_stack.hpp"
#include "gcm/gcm_x86_avx512.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::gcm {
namespace {

constexpr std::size_t kWideVectors = 8;
constexpr std::size_t kWideStep = 64 * kWideVectors;
// From this size on steps of 512 bytes gain more than they cost (1350 bytes: 325 cycles instead of 302).
constexpr std::size_t kFromSize = 4 * kWideStep;

// More stack than a message takes, for what finds no register.
constexpr std::size_t kStack = 2048;

ASHLAR_TARGET_INLINE("avx512f") __m512i swap_halves4(__m512i v) {
  return _mm512_shuffle_epi32(v, _MM_PERM_BADC);
}

// H^32, H^28 and so on down to H^4, each times x, and the sum of the halves of each, twice. The same for all
// four lanes.
struct WidePowers {
  alignas(64) std::uint8_t powers[16 * kWideVectors];
  std::uint8_t sums[16 * kWideVectors];
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

// Adds blocks times the power at that place.
template <bool first>
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET)
void add_wide(WideSum& s, __m512i blocks, const WidePowers& wide, std::size_t place) {
  const __m512i power = all(wide.powers + 16 * place);
  const __m512i sum = all(wide.sums + 16 * place);
  const __m512i lo = _mm512_clmulepi64_epi128(blocks, power, 0x00);
  const __m512i hi = _mm512_clmulepi64_epi128(blocks, power, 0x11);
  const __m512i mi = _mm512_clmulepi64_epi128(_mm512_xor_si512(blocks, swap_halves4(blocks)), sum, 0x00);
  s.lo = first ? lo : _mm512_xor_si512(s.lo, lo);
  s.mi = first ? mi : _mm512_xor_si512(s.mi, mi);
  s.hi = first ? hi : _mm512_xor_si512(s.hi, hi);
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

// 512 bytes of text. Between the rounds, GHASH over the 512 bytes at `hashed`.
template <bool hashes>
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET)
void wide_step(const Avx512Key& key, const WidePowers& wide, std::uint32_t rounds, WideRunning& m,
               const std::uint8_t* in, std::uint8_t* out, const std::uint8_t* hashed) {
  const std::uint8_t* const keys = reread(&key)->round_keys;
  __m512i b[kWideVectors];
  b[0] = reversed4(m.counters);
  if ((m.counter & 255) <= 256 - 4 * kWideVectors) {
    // Within these 32 blocks only the last byte of the counter changes.
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
  std::uint32_t r = 1;
  for (; r + kWideVectors < rounds; ++r) {
    k = all(keys + 16 * r);
    ASHLAR_UNROLL
    for (std::size_t i = 0; i < kWideVectors; ++i) {
      b[i] = _mm512_aesenc_epi128(b[i], k);
    }
  }
  const std::uint8_t* const late_keys = keys + 16 * r;
  WideSum s = {};
  ASHLAR_UNROLL
  for (std::size_t j = 0; j < kWideVectors; ++j) {
    k = all(late_keys + 16 * j);
    ASHLAR_UNROLL
    for (std::size_t i = 0; i < kWideVectors; ++i) {
      b[i] = _mm512_aesenc_epi128(b[i], k);
    }
    if (hashes) {
      // The first vector comes last, because `sums` is ready late.
      const std::size_t i = (j + 1) % kWideVectors;
      const __m512i blocks = reversed4(load4(hashed + 64 * i));
      if (j == 0) {
        add_wide<true>(s, blocks, *reread(&wide), i);
      } else {
        add_wide<false>(s, i == 0 ? _mm512_xor_si512(blocks, m.sums) : blocks, *reread(&wide), i);
      }
    }
  }
  if (hashes) {
    m.sums = reduce_wide(s);
  }
  k = all(late_keys + 16 * kWideVectors);
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < kWideVectors; ++i) {
    store4(out + 64 * i, _mm512_aesenclast_epi128(b[i], _mm512_xor_si512(k, load4(in + 64 * i))));
  }
}

// GHASH over the last 512 bytes, at `hashed`: each lane times its own power at the end.
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET)
__m128i absorb_last(const Avx512Key& key, const WidePowers& wide, __m512i sums, const std::uint8_t* hashed) {
  WideSum s = {};
  add_wide<true>(s, _mm512_xor_si512(reversed4(load4(hashed)), sums), wide, 1);
  ASHLAR_UNROLL
  for (std::size_t j = 1; j + 1 < kWideVectors; ++j) {
    add_wide<false>(s, reversed4(load4(hashed + 64 * j)), wide, j + 1);
  }
  const __m512i last = reversed4(load4(hashed + 64 * (kWideVectors - 1)));
  return sum_of_lanes(key, _mm512_xor_si512(reduce_wide(s), last));
}

template <Direction direction>
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET)
void run_wide(const GcmKeyData& data, const GcmCall& call, std::uint8_t tag[16]) {
  const Avx512Key& key = key_of<Avx512Key>(data);
  const std::uint32_t rounds = data.rounds;
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
  const auto advance = [&] {
    rest.in += kWideStep;
    rest.out += kWideStep;
    rest.size -= kWideStep;
  };
  if (direction == Direction::seal) {
    wide_step<false>(key, wide, rounds, m, rest.in, rest.out, nullptr);
    for (advance(); rest.size >= kWideStep; advance()) {
      wide_step<true>(key, wide, rounds, m, rest.in, rest.out, rest.out - kWideStep);
    }
    acc = absorb_last(key, wide, m.sums, rest.out - kWideStep);
  } else {
    for (; rest.size >= 2 * kWideStep; advance()) {
      wide_step<true>(key, wide, rounds, m, rest.in, rest.out, rest.in);
    }
    acc = absorb_last(key, wide, m.sums, rest.in);
    wide_step<false>(key, wide, rounds, m, rest.in, rest.out, nullptr);
    advance();
  }
  rest.counters = m.counters;
  rest.before = first_lane(acc);
  direction == Direction::seal ? seal_rest(key, rounds, rest, tag) : open_rest(key, rounds, rest, tag);
  wipe_vectors(rest);
}

ASHLAR_TARGET(ASHLAR_AVX512_TARGET)
void seal_wide(const GcmKeyData& data, const GcmCall& call, std::uint8_t tag[16]) {
  run_wide<Direction::seal>(data, call, tag);
  clear_vectors_avx512();
}
ASHLAR_TARGET(ASHLAR_AVX512_TARGET)
void open_wide(const GcmKeyData& data, const GcmCall& call, std::uint8_t tag[16]) {
  run_wide<Direction::open>(data, call, tag);
  clear_vectors_avx512();
}

}  // namespace

std::size_t Avx512Karatsuba::data_size(std::size_t key_size) {
  return Avx512::data_size(key_size);
}

void Avx512Karatsuba::init(GcmKeyData& data, Bytes key) {
  Avx512::init(data, key);
}

void Avx512Karatsuba::seal(const GcmKeyData& data, const GcmCall& call, std::uint8_t tag[16]) {
  if (call.size < kFromSize) {
    return Avx512::seal(data, call, tag);
  }
  call_and_wipe_avx<kStack>(seal_wide, data, call, tag);
}

void Avx512Karatsuba::open(const GcmKeyData& data, const GcmCall& call, std::uint8_t expected_tag[16]) {
  if (call.size < kFromSize) {
    return Avx512::open(data, call, expected_tag);
  }
  call_and_wipe_avx<kStack>(open_wide, data, call, expected_tag);
}

void Avx512Karatsuba::ghash(const GcmKeyData& data, std::uint8_t state[16], const std::uint8_t* in,
                            std::size_t blocks) {
  Avx512::ghash(data, state, in, blocks);
}

}  // namespace ashlar::crypto::gcm

#endif
