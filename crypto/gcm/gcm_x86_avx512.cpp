// SPDX-License-Identifier: Apache-2.0
// GCM with VAES and VPCLMULQDQ on zmm registers, four blocks in each.
//
// gcm_x86_avx512.hpp says how a vector of blocks is multiplied.
//
// Key set-up computes H^17 to H^1 and the same moved: four dependent multiplications of twelve cycles, with
// all lanes alike so that no power needs to be spread. The upper half of them is sixty of its 160 cycles.
// Left to the first long message, it would have to be computed for each, or change a key that other threads
// read.
//
// Long messages go in steps of 256 bytes: between the AES rounds of four vectors of counters stands the GHASH
// work on the four vectors before, which wait in registers. The four lanes are four sums side by side: each
// step multiplies all of them by H^16, each vector in it by H^16, H^12, H^8 or H^4, the same for every lane.
// Only the last one multiplies each lane by its own power and adds them up.
//
// The last 256 bytes, or a short message, are finished at once: up to four vectors of counters and J0 go
// through AES; meanwhile the additional data and the lengths (or what the steps left) are multiplied, so that
// after the last round only the text's products and one reduction remain.
//
// Bound on a core with two 512-bit ports, one of which does AES and the other carry-less multiplication: 40
// vaesenc against 17 vpclmulqdq, and 28 shuffles, additions and xors to share, per 256 bytes of AES-128: 42.5
// cycles, 0.166 cycles per byte. AES-256: 56 vaesenc, 0.219. Where both share their ports: 57 or 73 cycles.
#include "gcm/gcm_x86_avx512.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::gcm {
namespace {

using aes::load;
using aes::store;

constexpr Order kOrder = Order::last_lowest;

// Four powers can be read from the last on, zeros then behind it.
using Key = Avx512Key<17, 3>;
static_assert(sizeof(Key) <= sizeof(GcmKeyData::bytes));

inline const Key& key_of(const GcmKeyData& data) {
  return *reinterpret_cast<const Key*>(data.bytes);
}

// What is left of a message, and what goes before and after it.
struct Rest {
  __m128i j0;
  __m512i counters;  // of the first four blocks
  __m128i acc;       // GHASH of all before
  const std::uint8_t* in;
  std::uint8_t* out;
  std::size_t size;
  __m128i lengths;
};

// The rest, in M vectors, the last of them 1 to 64 bytes, and the tag.
template <Direction direction, std::size_t M>
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET)
void finish(const Key& key, std::uint32_t rounds, const Rest& rest, std::uint8_t tag[16]) {
  constexpr std::size_t kText = M == 0 ? 1 : M;  // no array is empty
  __m512i b[kText];
  __m512i k = all(key.round_keys);
  __m128i mask = _mm_xor_si128(reversed(rest.j0), _mm512_castsi512_si128(k));
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < M; ++i) {
    b[i] = _mm512_xor_si512(reversed4(add_counters(rest.counters, static_cast<int>(4 * i))), k);
  }
  for (std::uint32_t r = 1; r < rounds; ++r) {
    k = all(key.round_keys + 16 * r);
    mask = _mm_aesenc_si128(mask, _mm512_castsi512_si128(k));
    ASHLAR_UNROLL
    for (std::size_t i = 0; i < M; ++i) {
      b[i] = _mm512_aesenc_epi128(b[i], k);
    }
  }
  k = all(key.round_keys + 16 * rounds);
  mask = _mm_aesenclast_si128(mask, _mm512_castsi512_si128(k));

  Sum4 s = times_h(key, M == 0 ? _mm_xor_si128(rest.lengths, rest.acc) : rest.lengths);
  const std::size_t blocks = (rest.size + 15) / 16;
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < M; ++i) {
    __m512i hashed;
    if (i + 1 < M) {
      const __m512i text = load4(rest.in + 64 * i);
      const __m512i made = _mm512_aesenclast_epi128(b[i], _mm512_xor_si512(k, text));
      store4(rest.out + 64 * i, made);
      hashed = direction == Direction::seal ? made : text;
    } else {
      const __mmask64 part = first_bytes(rest.size - 64 * i);
      const __m512i text = _mm512_maskz_loadu_epi8(part, rest.in + 64 * i);
      const __m512i made = _mm512_aesenclast_epi128(b[i], _mm512_xor_si512(k, text));
      _mm512_mask_storeu_epi8(rest.out + 64 * i, part, made);
      hashed = direction == Direction::seal ? _mm512_maskz_mov_epi8(part, made) : text;
    }
    hashed = reversed4(hashed);
    if (i == 0) {
      hashed = _mm512_xor_si512(hashed, first_lane(rest.acc));
    }
    // The last block is one power above the lengths.
    add_product(s, hashed, powers_from(key, blocks + 1 - 4 * i), moved_from(key, blocks + 1 - 4 * i));
  }
  const __m128i acc = M == 0 ? _mm512_castsi512_si128(reduce(s)) : add_lanes(reduce(s));
  store(tag, _mm_xor_si128(reversed(acc), mask));
}

template <Direction direction>
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET)
void run(const GcmKeyData& data, const GcmCall& call, std::uint8_t tag[16]) {
  const Key& key = key_of(data);
  const std::uint32_t rounds = data.rounds;
  Rest rest;
  rest.j0 = first_counter(call);
  rest.counters = add_counters(_mm512_broadcast_i32x4(rest.j0), 1, 2, 3, 4);
  rest.acc = call.hash != nullptr ? reversed(load(call.hash)) : _mm_setzero_si128();
  rest.in = call.in;
  rest.out = call.out;
  rest.size = call.size;
  rest.lengths = lengths(call);
  if (call.aad_size != 0) {
    const auto part = static_cast<__mmask16>(first_bytes(call.aad_size));
    const __m128i aad = reversed(_mm_maskz_loadu_epi8(part, call.aad));
    rest.acc = _mm512_castsi512_si128(reduce(times_h(key, _mm_xor_si128(rest.acc, aad))));
  }
  if (rest.size > kStep) {
    Running message;
    message.counters = rest.counters;
    message.counter = static_cast<std::uint32_t>(_mm_cvtsi128_si32(rest.j0)) + 1;
    message.sums = first_lane(rest.acc);
    const auto advance = [&] {
      rest.in += kStep;
      rest.out += kStep;
      rest.size -= kStep;
    };
    step<kOrder, direction, false>(key, rounds, message, rest.in, rest.out);
    for (advance(); rest.size > kStep; advance()) {
      step<kOrder, direction, true>(key, rounds, message, rest.in, rest.out);
    }
    rest.counters = message.counters;
    rest.acc = absorb_pending(key, message);
  }
  switch ((rest.size + 63) / 64) {
    case 0:
      return finish<direction, 0>(key, rounds, rest, tag);
    case 1:
      return finish<direction, 1>(key, rounds, rest, tag);
    case 2:
      return finish<direction, 2>(key, rounds, rest, tag);
    case 3:
      return finish<direction, 3>(key, rounds, rest, tag);
    default:
      return finish<direction, 4>(key, rounds, rest, tag);
  }
}

}  // namespace

ASHLAR_TARGET(ASHLAR_AVX512_TARGET) void Avx512::init(GcmKeyData& data, Bytes key) {
  const __m128i h = expand_with_h(data, key);
  Key& made = *reinterpret_cast<Key*>(data.bytes);
  const __m512i zeros = _mm512_setzero_si512();
  store4(made.powers + 16 * (Key::kHighest - 1), zeros);
  store4(made.moved + 16 * (Key::kHighest - 1), zeros);
  fill_powers(made, h, Key::kHighest);
  data.size = sizeof(Key);
  clear_vectors_avx512();
}

ASHLAR_TARGET(ASHLAR_AVX512_TARGET)
void Avx512::seal(const GcmKeyData& data, const GcmCall& call, std::uint8_t tag[16]) {
  run<Direction::seal>(data, call, tag);
  clear_vectors_avx512();
}

ASHLAR_TARGET(ASHLAR_AVX512_TARGET)
void Avx512::open(const GcmKeyData& data, const GcmCall& call, std::uint8_t expected_tag[16]) {
  run<Direction::open>(data, call, expected_tag);
  clear_vectors_avx512();
}

ASHLAR_TARGET(ASHLAR_AVX512_TARGET)
void Avx512::ghash(const GcmKeyData& data, std::uint8_t state[16], const std::uint8_t* in,
                   std::size_t blocks) {
  const Key& key = key_of(data);
  // What the blocks before come to, as a sum of lanes.
  __m512i before = first_lane(reversed(load(state)));
  // Many blocks lane by lane, as in step(): all four lanes of a vector by the same power. What waits for the
  // last sixteen blocks is multiplied last.
  for (; blocks >= 8 * kVectors; blocks -= 4 * kVectors, in += kStep) {
    Sum4 s = {_mm512_setzero_si512(), _mm512_setzero_si512()};
    ASHLAR_UNROLL
    for (std::size_t i = kVectors; i != 0;) {
      --i;
      const std::size_t power = Key::kHighest - 16 + 4 * i;
      const __m512i text = reversed4(load4(in + 64 * i));
      add_product(s, i == 0 ? _mm512_xor_si512(text, before) : text, all(key.powers + 16 * power),
                  all(key.moved + 16 * power));
    }
    before = reduce(s);
  }
  while (blocks != 0) {
    // Up to sixteen blocks, each by its own power, the last of them H.
    std::size_t now = blocks < 4 * kVectors ? blocks : 4 * kVectors;
    blocks -= now;
    Sum4 s = {_mm512_setzero_si512(), _mm512_setzero_si512()};
    while (now != 0) {
      const std::size_t here = now < 4 ? now : 4;
      const __m512i text = _mm512_maskz_loadu_epi8(first_bytes(16 * here), in);
      add_product(s, _mm512_xor_si512(reversed4(text), before), powers_from(key, now), moved_from(key, now));
      before = _mm512_setzero_si512();
      in += 16 * here;
      now -= here;
    }
    before = first_lane(add_lanes(reduce(s)));
  }
  store(state, reversed(_mm512_castsi512_si128(before)));
  clear_vectors_avx512();
}

}  // namespace ashlar::crypto::gcm

#endif
