// SPDX-License-Identifier: Apache-2.0
// GCM with VAES and VPCLMULQDQ on zmm registers, four blocks in each.
//
// gcm_x86_avx512.hpp says how a vector of blocks is multiplied.
//
// A key keeps only eleven powers. A vector that two or more others follow is multiplied by one power of H^4
// in all lanes. Only the last two are multiplied by a power for each lane.
//
// Key set-up is four squarings one after the other. All other work runs meanwhile.
//
// Long messages go in steps of 256 bytes. Between the AES rounds of four vectors of counters is the GHASH
// work on the four vectors before, which wait in registers. The four lanes are four sums side by side: each
// step multiplies all of them by H^16, each vector in it by H^16, H^12, H^8 or H^4. The last one to four
// vectors, or a short message, are finished at once.
//
// Bound on a core with two 512-bit ports, one of which does AES and the other carry-less multiplication: 40
// vaesenc against 17 vpclmulqdq, and 28 shuffles, additions and xors to share, per 256 bytes of AES-128: 42.5
// cycles, 0.166 cycles per byte. AES-256: 56 vaesenc, 0.219. If both share their ports: 57 or 73 cycles.
#include "gcm/gcm_x86_avx512.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::gcm {
namespace {

using aes::load;
using aes::store;

constexpr Order kOrder = Order::last_lowest;

// A block times H, in the first lane.
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET) Sum4 times_h(const Avx512Key& key, __m128i block) {
  return product(first_lane(block), in_lanes(key, Avx512Key::down_from(1)));
}

// The rest, in M vectors, the last of them 1 to 64 bytes, and the tag.
template <Direction direction, std::size_t M>
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET)
void finish(const Avx512Key& key, std::uint32_t rounds, const Rest& rest, std::uint8_t tag[16]) {
  __m512i b[M];
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

  Sum4 s = times_h(key, rest.lengths);
  __m512i hashed[M];
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < M; ++i) {
    if (i + 1 < M) {
      const __m512i text = load4(rest.in + 64 * i);
      const __m512i made = _mm512_aesenclast_epi128(b[i], _mm512_xor_si512(k, text));
      store4(rest.out + 64 * i, made);
      hashed[i] = reversed4(direction == Direction::seal ? made : text);
    } else {
      const __mmask64 part = first_bytes(rest.size - 64 * i);
      const __m512i text = _mm512_maskz_loadu_epi8(part, rest.in + 64 * i);
      const __m512i made = _mm512_aesenclast_epi128(b[i], _mm512_xor_si512(k, text));
      _mm512_mask_storeu_epi8(rest.out + 64 * i, part, made);
      hashed[i] = reversed4(direction == Direction::seal ? _mm512_maskz_mov_epi8(part, made) : text);
    }
  }
  hashed[0] = _mm512_xor_si512(hashed[0], rest.before);
  // The last block is one power above the lengths.
  const std::size_t highest = (rest.size + 15) / 16 - 4 * (M - 1) + 1;
  if constexpr (M > 1) {
    add_product(s, sum_of<M - 1>(key, hashed), in_lanes(key, Avx512Key::down_from(highest + 4)));
  }
  add_product(s, hashed[M - 1], in_lanes(key, Avx512Key::down_from(highest)));
  store(tag, _mm_xor_si128(reversed(add_lanes(reduce(s))), mask));
}

ASHLAR_TARGET_INLINE("avx2") __m256i both(const std::uint8_t* p) {
  return _mm256_broadcastsi128_si256(load(p));
}
ASHLAR_TARGET_INLINE("avx2") __m256i pair(__m128i low, __m128i high) {
  return _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1);
}
ASHLAR_TARGET_INLINE("avx2") __m128i add_halves(__m256i v, __m128i x, __m128i y) {
  return _mm_xor_si128(_mm_xor_si128(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1)),
                       _mm_xor_si128(x, y));
}

// A message of one block, complete or not: everything in halves of ymm registers, J0 beside the counter, the
// additional data beside the text, and one sum. aad includes the state before it.
template <Direction direction>
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET)
void one_block(const Avx512Key& constant_key, std::uint32_t rounds, __m128i j0, __m128i aad,
               const GcmCall& call, std::uint8_t tag[16]) {
  const Avx512Key& key = *reread(&constant_key);
  const auto part = static_cast<__mmask16>(first_bytes(call.size));
  const __m128i text = _mm_maskz_loadu_epi8(part, call.in);
  __m256i b = pair(reversed(j0), reversed(_mm_add_epi32(j0, _mm_cvtsi32_si128(1))));
  b = _mm256_xor_si256(b, both(key.round_keys));
  for (std::uint32_t r = 1; r < rounds; ++r) {
    b = _mm256_aesenc_epi128(b, both(key.round_keys + 16 * r));
  }
  b = _mm256_aesenclast_epi128(
      b, _mm256_xor_si256(both(key.round_keys + 16 * rounds), pair(_mm_setzero_si128(), text)));
  const __m128i made = _mm256_extracti128_si256(b, 1);
  _mm_mask_storeu_epi8(call.out, part, made);

  const __m128i hashed = direction == Direction::seal ? _mm_maskz_mov_epi8(part, made) : text;
  const __m256i blocks = pair(aad, reversed(hashed));
  const auto* const p = reinterpret_cast<const __m256i*>(key.powers + Avx512Key::down_from(3));
  const auto* const m = reinterpret_cast<const __m256i*>(key.moved + Avx512Key::down_from(3));
  const __m256i powers = _mm256_loadu_si256(p);
  const __m256i moved = _mm256_loadu_si256(m);
  const __m128i h = load(key.powers + Avx512Key::down_from(1));
  const __m128i h_moved = load(key.moved + Avx512Key::down_from(1));
  const __m128i length_block = lengths(call);
  const __m256i low = _mm256_xor_si256(_mm256_clmulepi64_epi128(blocks, moved, 0x00),
                                       _mm256_clmulepi64_epi128(blocks, powers, 0x01));
  const __m256i high = _mm256_xor_si256(_mm256_clmulepi64_epi128(blocks, moved, 0x10),
                                        _mm256_clmulepi64_epi128(blocks, powers, 0x11));
  const __m128i low_sum = add_halves(low, _mm_clmulepi64_si128(length_block, h_moved, 0x00),
                                     _mm_clmulepi64_si128(length_block, h, 0x01));
  const __m128i high_sum = add_halves(high, _mm_clmulepi64_si128(length_block, h_moved, 0x10),
                                      _mm_clmulepi64_si128(length_block, h, 0x11));
  store(tag, _mm_xor_si128(reversed(fold(high_sum, low_sum)), _mm256_castsi256_si128(b)));
}

// The tag of a message without text.
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET)
void finish_empty(const Avx512Key& key, std::uint32_t rounds, const Rest& rest, std::uint8_t tag[16]) {
  const __m128i block = _mm_xor_si128(_mm512_castsi512_si128(rest.before), rest.lengths);
  const __m128i acc = _mm512_castsi512_si128(reduce(times_h(key, block)));
  const __m128i mask = aes::encrypt_one(reread(&key)->round_keys, rounds, reversed(rest.j0));
  store(tag, _mm_xor_si128(reversed(acc), mask));
}

// Steps, and what is left after them.
template <Direction direction>
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET)
void go_on(const Avx512Key& key, std::uint32_t rounds, Rest& rest, std::uint8_t tag[16]) {
  if (rest.size > kStep) {
    Running message;
    message.counters = rest.counters;
    message.counter = static_cast<std::uint32_t>(_mm_cvtsi128_si32(_mm512_castsi512_si128(rest.counters)));
    message.sums = rest.before;
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
    // If a vector and the last one follow, the lanes stay separate until then.
    rest.before =
        rest.size > 64 ? reduce(pending_product(key, message)) : first_lane(absorb_pending(key, message));
  }
  switch ((rest.size + 63) / 64) {
    case 0:
      return finish_empty(key, rounds, rest, tag);
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

template <Direction direction>
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET)
void run(const GcmKeyData& data, const GcmCall& call, std::uint8_t tag[16]) {
  const Avx512Key& key = key_of<Avx512Key>(data);
  const std::uint32_t rounds = data.rounds;
  Rest rest;
  rest.j0 = first_counter(call);
  rest.counters = add_counters(_mm512_broadcast_i32x4(rest.j0), 1, 2, 3, 4);
  rest.in = call.in;
  rest.out = call.out;
  rest.size = call.size;
  rest.lengths = lengths(call);
  __m128i acc = call.hash != nullptr ? reversed(load(call.hash)) : _mm_setzero_si128();
  if (call.aad_size != 0) {
    const auto part = static_cast<__mmask16>(first_bytes(call.aad_size));
    acc = _mm_xor_si128(acc, reversed(_mm_maskz_loadu_epi8(part, call.aad)));
    if (call.size - 1 < 16) {
      return one_block<direction>(key, rounds, rest.j0, acc, call, tag);
    }
    acc = _mm512_castsi512_si128(reduce(times_h(key, acc)));
  }
  rest.before = first_lane(acc);
  go_on<direction>(key, rounds, rest, tag);
}

}  // namespace

ASHLAR_TARGET(ASHLAR_AVX512_TARGET)
void seal_rest(const Avx512Key& key, std::uint32_t rounds, Rest& rest, std::uint8_t tag[16]) {
  go_on<Direction::seal>(key, rounds, rest, tag);
}
ASHLAR_TARGET(ASHLAR_AVX512_TARGET)
void open_rest(const Avx512Key& key, std::uint32_t rounds, Rest& rest, std::uint8_t expected_tag[16]) {
  go_on<Direction::open>(key, rounds, rest, expected_tag);
}

std::size_t Avx512::data_size(std::size_t key_size) {
  return size_of_key<Avx512Key>(key_size);
}

ASHLAR_TARGET(ASHLAR_AVX512_TARGET) void Avx512::init(GcmKeyData& data, Bytes key) {
  Avx512Key& made = key_of<Avx512Key>(data);
  const __m128i h = expand_with_h(data, made.round_keys, key);
  fill_powers(made, h, true);
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
  if (blocks != 0) {
    store(state, reversed(absorb<kOrder>(key_of<Avx512Key>(data), reversed(load(state)), in, blocks)));
  }
  clear_vectors_avx512();
}

}  // namespace ashlar::crypto::gcm

#endif
