// SPDX-License-Identifier: Apache-2.0
// GCM-SIV with VAES and VPCLMULQDQ on zmm registers, four blocks in each; gcm_x86_avx512.hpp says how they
// are multiplied.
//
// A message ends with up to 19 blocks of text and the block of lengths, in up to five vectors. For POLYVAL
// they are pushed to the end of these: the lengths are always the last lane of the last vector, and lanes
// before the first block are empty. So for every size a vector is multiplied by one power of H^4 in all
// lanes. Only their sum is multiplied lane by lane, by H^4, H^3, H^2 and H. A message of one vector needs no
// other powers. A short message has only an end: its keys, its POLYVAL, its tag, and one pass of counter mode
// with all vectors side by side.
//
// Everything before the end goes in steps of 256 bytes. Sealing takes two passes: sixteen multiplications and
// a reduction per step, then counter mode. Opening takes one pass, like GCM's sealing. Bound for long
// messages on a core with one 512-bit port for AES and one for carry-less multiplication: 17 cycles of
// POLYVAL and 40 of AES-128 per 256 bytes, 0.22 cycles per byte one after the other (0.29 for AES-256);
// opening needs only the time of AES, 0.156 and 0.219.
#include "gcm/gcm_x86_avx512.hpp"
#include "gcm_siv/gcm_siv_x86.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::gcm_siv {
namespace {

using aes::load;
using aes::store;
using gcm::all;
using gcm::kStep;
using gcm::kVectors;
using gcm::load4;
using gcm::Running;
using gcm::store4;

using Key = gcm::Avx512Key;
constexpr std::size_t kEndVectors = 5;
// Bytes of text that the end of a message takes.
constexpr std::size_t kEnd = 16 * (4 * kEndVectors - 1);

// The keys of a message from four or six blocks in two vectors: with 512-bit registers at work the CPU starts
// one aesenc per cycle, of any width.
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET)
MessageKeys derive4(const AesSchedule& schedule, const std::uint8_t nonce[12]) {
  const std::uint8_t* const keys = schedule.round_keys;
  const __m512i counted = gcm::add_counters(_mm512_broadcast_i32x4(nonce_block(nonce)), 0, 1, 2, 3);
  __m512i k = all(keys);
  __m512i first = _mm512_xor_si512(counted, k);
  const __m512i gather = _mm512_set_epi64(0, 0, 0, 0, 6, 4, 2, 0);  // the first half of each block
  if (schedule.rounds == 10) {
    ASHLAR_UNROLL
    for (std::size_t r = 1; r < 10; ++r) {
      first = _mm512_aesenc_epi128(first, all(keys + 16 * r));
    }
    first = _mm512_permutexvar_epi64(gather, _mm512_aesenclast_epi128(first, all(keys + 160)));
    return {_mm512_castsi512_si128(first), _mm512_extracti32x4_epi32(first, 1), _mm_setzero_si128()};
  }
  __m512i second = _mm512_xor_si512(gcm::add_counters(counted, 4), k);
  ASHLAR_UNROLL
  for (std::size_t r = 1; r < 14; ++r) {
    k = all(keys + 16 * r);
    first = _mm512_aesenc_epi128(first, k);
    second = _mm512_aesenc_epi128(second, k);
  }
  k = all(keys + 16 * 14);
  first = _mm512_permutexvar_epi64(gather, _mm512_aesenclast_epi128(first, k));
  second = _mm512_permutexvar_epi64(gather, _mm512_aesenclast_epi128(second, k));
  return {_mm512_castsi512_si128(first), _mm512_extracti32x4_epi32(first, 1), _mm512_castsi512_si128(second)};
}

// Two vectors of blocks follow one another, and `empty` lanes are put before the first. Says which of their
// lanes then make the second vector.
ASHLAR_TARGET_INLINE("avx512f") __m512i push_by(std::size_t empty) {
  return _mm512_sub_epi64(_mm512_set_epi64(15, 14, 13, 12, 11, 10, 9, 8),
                          _mm512_set1_epi64(static_cast<long long>(2 * empty)));
}

// POLYVAL of additional data. It is kept in memory between two runs. Otherwise the call that finds the next
// run would leave it on the stack.
[[gnu::noinline]] ASHLAR_TARGET(ASHLAR_AVX512_TARGET) void absorb_pieces(const Key& key,
                                                                         const GcmSivCall& call,
                                                                         std::uint8_t state[16]) {
  for (AadBlocks aad(call.aad); aad.next();) {
    store(state, gcm::absorb<kOrder>(key, load(state), aad.data(), aad.count()));
  }
}

ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET)
__m128i absorb_aad(const Key& key, __m128i h, const GcmSivCall& call) {
  if (call.aad_total == 0) {
    return _mm_setzero_si128();
  }
  if (call.aad.size() == 1 && call.aad_total <= 16) {
    const auto part = static_cast<__mmask16>(gcm::first_bytes(call.aad[0].size()));
    const __m512i block = gcm::first_lane(_mm_maskz_loadu_epi8(part, call.aad[0].data()));
    const __m512i power = gcm::first_lane(h);
    return _mm512_castsi512_si128(gcm::multiply4(block, power, gcm::move(power)));
  }
  alignas(16) std::uint8_t state[16] = {};
  absorb_pieces(key, call, state);
  const __m128i acc = load(state);
  gcm::wipe_blocks(state);
  return acc;
}

// POLYVAL of a number of steps, at least one.
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET)
__m128i absorb_steps(const Key& key, __m128i acc, const std::uint8_t* in, std::size_t steps) {
  Running m;
  m.sums = gcm::first_lane(acc);
  const auto take = [&]() __attribute__((target(ASHLAR_AVX512_TARGET), always_inline)) {
    ASHLAR_UNROLL
    for (std::size_t i = 0; i < kVectors; ++i) {
      m.pending[i] = load4(in + 64 * i);
    }
  };
  take();
  while (--steps != 0) {
    m.sums = gcm::reduce(gcm::pending_product(key, m));
    in += kStep;
    take();
  }
  return gcm::absorb_pending(key, m);
}

// Counter mode of a number of steps.
[[gnu::noinline]] ASHLAR_TARGET(ASHLAR_AVX512_TARGET) void crypt_steps(const Key& key, std::uint32_t rounds,
                                                                       __m128i counter,
                                                                       const std::uint8_t* in,
                                                                       std::uint8_t* out, std::size_t steps) {
  Running m;
  m.counters = gcm::add_counters(_mm512_broadcast_i32x4(counter), 0, 1, 2, 3);
  m.counter = 0;
  for (; steps != 0; --steps, in += kStep, out += kStep) {
    gcm::step<kOrder, Direction::seal, false>(key, rounds, m, in, out);
  }
}

// The end of a message, in M vectors with its lengths. Of its text the first M - 2 vectors are full. The next
// one lacks at most a part of a block. The last one may have no text.
template <std::size_t M>
struct End {
  const std::uint8_t* in;
  std::uint8_t* out;
  std::size_t size;
  __m128i lengths;
  std::uint32_t blocks_before;

  ASHLAR_TARGET_INLINE("bmi2") __mmask64 mask(std::size_t i) const {
    return gcm::first_bytes(size > 64 * i ? size - 64 * i : 0);
  }
  // A mask keeps the CPU from touching bytes outside, but it is slow. So a vector without text is
  // skipped.
  bool has(std::size_t i) const { return i + 1 < M || size > 64 * i; }
  // The text of vector i, then zeros.
  ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET) __m512i text(std::size_t i) const {
    if (i + 2 < M) {
      return load4(in + 64 * i);
    }
    return has(i) ? _mm512_maskz_loadu_epi8(mask(i), in + 64 * i) : _mm512_setzero_si512();
  }
};

// POLYVAL of the end. `acc` is POLYVAL of everything before.
template <std::size_t M>
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET)
__m128i absorb_end(const Key& key, const End<M>& end, __m128i acc, const __m512i (&text)[M]) {
  const std::size_t empty = 4 * M - 1 - (end.size + 15) / 16;
  const __m512i push = push_by(empty);
  __m512i pushed[M];
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < M; ++i) {
    pushed[i] = _mm512_permutex2var_epi64(i == 0 ? _mm512_setzero_si512() : text[i - 1], push, text[i]);
  }
  pushed[0] = _mm512_xor_si512(pushed[0], gcm::in_lane(acc, empty));
  pushed[M - 1] = _mm512_xor_si512(pushed[M - 1], gcm::in_lane(end.lengths, 3));
  return gcm::sum_of_lanes(key, gcm::sum_of<M>(key, pushed));
}

// Counter mode of the end. made: the output, then zeros.
template <std::size_t M>
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET)
void crypt_end(const Key& constant_key, std::uint32_t rounds, const End<M>& end, __m128i counter,
               __m512i (&made)[M]) {
  const Key& key = *gcm::reread(&constant_key);
  const __m128i here = _mm_add_epi32(counter, _mm_cvtsi32_si128(static_cast<int>(end.blocks_before)));
  const __m512i counters = gcm::add_counters(_mm512_broadcast_i32x4(here), 0, 1, 2, 3);
  __m512i k = all(key.round_keys);
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < M; ++i) {
    made[i] = _mm512_xor_si512(gcm::add_counters(counters, static_cast<int>(4 * i)), k);
  }
  for (std::uint32_t r = 1; r < rounds; ++r) {
    k = all(key.round_keys + 16 * r);
    ASHLAR_UNROLL
    for (std::size_t i = 0; i < M; ++i) {
      made[i] = _mm512_aesenc_epi128(made[i], k);
    }
  }
  k = all(key.round_keys + 16 * rounds);
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < M; ++i) {
    made[i] = _mm512_aesenclast_epi128(made[i], _mm512_xor_si512(k, end.text(i)));
    if (i + 2 < M) {
      store4(end.out + 64 * i, made[i]);
    } else {
      made[i] = _mm512_maskz_mov_epi8(end.mask(i), made[i]);
      if (end.has(i)) {
        _mm512_mask_storeu_epi8(end.out + 64 * i, end.mask(i), made[i]);
      }
    }
  }
}

ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET)
__m128i encrypt_tag(const Key& key, std::uint32_t rounds, const GcmSivCall& call, __m128i acc) {
  return aes::encrypt_one(gcm::reread(&key)->round_keys, rounds, before_tag(acc, call.nonce));
}

// Does the end, of M vectors. acc: POLYVAL of everything before it (opening), or of the additional data and
// all steps (sealing). tag: the given one when opening; the computed one when sealing.
template <Direction direction, std::size_t M>
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET)
__m128i finish(const Key& key, std::uint32_t rounds, const GcmSivCall& call, std::size_t steps, __m128i acc,
               __m128i given_tag) {
  const std::size_t before = steps * kStep;
  const End<M> end = {call.in + before, call.out + before, call.size - before, lengths(call),
                      static_cast<std::uint32_t>(before / 16)};
  __m512i text[M];
  if (direction == Direction::open) {
    crypt_end(key, rounds, end, first_counter(given_tag), text);
    return encrypt_tag(key, rounds, call, absorb_end(key, end, acc, text));
  }
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < M; ++i) {
    text[i] = end.text(i);
  }
  const __m128i tag = encrypt_tag(key, rounds, call, absorb_end(key, end, acc, text));
  if (steps != 0) {
    crypt_steps(key, rounds, first_counter(tag), call.in, call.out, steps);
  }
  crypt_end(key, rounds, end, first_counter(tag), text);
  return tag;
}

template <Direction direction>
ASHLAR_TARGET_INLINE(ASHLAR_AVX512_TARGET)
void run(const AesSchedule& schedule, const GcmSivCall& call, const std::uint8_t* given_tag,
         std::uint8_t* made_tag) {
  const std::uint32_t rounds = schedule.rounds;
  alignas(64) Key made;
  const MessageKeys keys = derive4(schedule, call.nonce);
  expand(keys, rounds, made.round_keys);
  // All powers are needed only for steps, several vectors and long additional data.
  const std::size_t steps = call.size > kEnd ? (call.size - kEnd + kStep - 1) / kStep : 0;
  const std::size_t vectors = ((call.size - steps * kStep + 15) / 16 + 4) / 4;
  gcm::fill_powers(made, keys.h, vectors != 1 || steps != 0 || call.aad_total > 16);
  // Read through a pointer that outputs might overlap, as far as the compiler knows. From a plain variable it
  // would keep copies.
  const Key& key = *gcm::reread(&made);
  __m128i acc = absorb_aad(key, keys.h, call);
  const __m128i given = direction == Direction::open ? load(given_tag) : _mm_setzero_si128();
  if (steps != 0) {
    if (direction == Direction::seal) {
      acc = absorb_steps(key, acc, call.in, steps);
    } else {
      Running m;
      m.counters = gcm::add_counters(_mm512_broadcast_i32x4(first_counter(given)), 0, 1, 2, 3);
      m.counter = 0;
      m.sums = gcm::first_lane(acc);
      const std::uint8_t* in = call.in;
      std::uint8_t* out = call.out;
      gcm::step<kOrder, Direction::seal, false>(key, rounds, m, in, out);
      for (std::size_t left = steps; --left != 0;) {
        in += kStep;
        out += kStep;
        gcm::step<kOrder, Direction::seal, true>(key, rounds, m, in, out);
      }
      acc = gcm::absorb_pending(key, m);
    }
  }
  __m128i tag;
  switch (vectors) {
    case 1:
      tag = finish<direction, 1>(key, rounds, call, steps, acc, given);
      break;
    case 2:
      tag = finish<direction, 2>(key, rounds, call, steps, acc, given);
      break;
    case 3:
      tag = finish<direction, 3>(key, rounds, call, steps, acc, given);
      break;
    case 4:
      tag = finish<direction, 4>(key, rounds, call, steps, acc, given);
      break;
    default:
      tag = finish<direction, 5>(key, rounds, call, steps, acc, given);
      break;
  }
  store(made_tag, tag);
  gcm::wipe_vectors(made);
}

}  // namespace

ASHLAR_TARGET(ASHLAR_AVX512_TARGET)
void Avx512::seal(const AesSchedule& schedule, const GcmSivCall& call, std::uint8_t tag[16]) {
  run<Direction::seal>(schedule, call, nullptr, tag);
  clear_vectors_avx512();
}

ASHLAR_TARGET(ASHLAR_AVX512_TARGET)
void Avx512::open(const AesSchedule& schedule, const GcmSivCall& call, const std::uint8_t tag[16],
                  std::uint8_t expected_tag[16]) {
  run<Direction::open>(schedule, call, tag, expected_tag);
  clear_vectors_avx512();
}

}  // namespace ashlar::crypto::gcm_siv

#endif
