// SPDX-License-Identifier: Apache-2.0
// GCM-SIV with the AES instructions and PCLMULQDQ on xmm registers.
//
// Sealing takes two passes: POLYVAL over the plaintext, one reduction for eight blocks, then counter mode,
// eight blocks at a time. Opening takes one pass, like GCM's sealing: the POLYVAL work on eight blocks of
// plaintext is between the AES rounds of the next eight. Only the powers of H that the message needs are
// made. Bound for long messages on a core that starts two aesenc per cycle and one clmul: 40 cycles of AES
// and 26 of POLYVAL per 128 bytes for AES-128, one after the other or side by side.
#include "gcm/gcm_x86_aesni.hpp"
#include "gcm_siv/gcm_siv_x86.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::gcm_siv {
namespace {

using aes::load;
using aes::store;
using gcm::kPowers;
using gcm::kStep;
using gcm::X86Key;
using Counter = gcm::Counter<kOrder>;

constexpr std::size_t kLanes = gcm::kLanes;

// POLYVAL of any number of blocks; the key has the powers up to `powers`. The compiler must not see their
// number: it would unroll eight, add in its own order, and leave products on the stack.
[[gnu::noinline]] ASHLAR_TARGET(ASHLAR_GCM_TARGET) __m128i
    absorb(const X86Key& key, __m128i acc, const std::uint8_t* in, std::size_t blocks, std::size_t powers) {
  while (blocks != 0) {
    const std::size_t now = blocks < powers ? blocks : powers;
    acc = gcm::absorb<kOrder>(key, acc, in, now);
    in += 16 * now;
    blocks -= now;
  }
  return acc;
}

// POLYVAL of the additional data. It is kept in memory between two runs. Otherwise the call that finds the
// next run would leave it on the stack.
ASHLAR_TARGET_INLINE(ASHLAR_GCM_TARGET)
__m128i absorb_aad(const X86Key& key, const GcmSivCall& call, std::size_t powers) {
  if (call.aad.size() == 1 && call.aad[0].size() <= 16) {
    const __m128i block = gcm::load_part(call.aad[0].data(), call.aad[0].size());
    return gcm::multiply(block, load(gcm::power(key, 1)));
  }
  alignas(16) std::uint8_t state[16] = {};
  for (AadBlocks aad(call.aad); aad.next();) {
    store(state, absorb(key, load(state), aad.data(), aad.count(), powers));
  }
  const __m128i acc = load(state);
  gcm::wipe_blocks(state);
  return acc;
}

// The last text of a message, less than eight blocks and a part of a block, and its lengths.
ASHLAR_TARGET_INLINE(ASHLAR_GCM_TARGET)
__m128i absorb_end(const X86Key& key, __m128i acc, const std::uint8_t* in, std::size_t size,
                   __m128i length_block) {
  std::size_t n = (size + 15) / 16 + 1;  // the power of the next block
  if (n > kPowers) {
    acc = gcm::absorb<kOrder>(key, acc, in, 1);
    in += 16;
    size -= 16;
    n -= 1;
  }
  gcm::Sum s = gcm::empty_sum();
  while (n > 1) {
    const std::size_t now = size < 16 ? size : 16;
    const __m128i block = _mm_xor_si128(gcm::load_part(in, now), acc);
    gcm::add_product(s, block, load(gcm::power(key, n)), load(gcm::sum(key, n)));
    acc = _mm_setzero_si128();
    in += now;
    size -= now;
    n -= 1;
  }
  gcm::add_product(s, _mm_xor_si128(length_block, acc), load(gcm::power(key, 1)), load(gcm::sum(key, 1)));
  return gcm::reduce(s);
}

// N blocks of key stream.
template <std::size_t N>
ASHLAR_TARGET_INLINE(ASHLAR_GCM_TARGET)
void key_stream(const X86Key& constant_key, std::uint32_t rounds, Counter counter, std::uint8_t* stream) {
  const X86Key& key = *gcm::reread(&constant_key);
  __m128i b[N];
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < N; ++i) {
    b[i] = _mm_xor_si128(counter.next(), aes::round_key(key.round_keys, 0));
  }
  aes::inner_rounds(key.round_keys, rounds, b);
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < N; ++i) {
    store(stream + 16 * i, _mm_aesenclast_si128(b[i], aes::round_key(key.round_keys, rounds)));
  }
}

// The last text, at most eight blocks.
ASHLAR_TARGET_INLINE(ASHLAR_GCM_TARGET)
void crypt_end(const X86Key& key, std::uint32_t rounds, Counter counter, const std::uint8_t* in,
               std::uint8_t* out, std::size_t size) {
  if (size == 0) {
    return;
  }
  alignas(16) std::uint8_t stream[16 * kLanes];
  if (size <= 16) {
    key_stream<1>(key, rounds, counter, stream);
  } else if (size <= 64) {
    key_stream<4>(key, rounds, counter, stream);
  } else {
    key_stream<kLanes>(key, rounds, counter, stream);
  }
  for (std::size_t at = 0; at < size; at += 16) {
    const std::size_t now = size - at < 16 ? size - at : 16;
    gcm::store_part(out + at, _mm_xor_si128(gcm::load_part(in + at, now), load(stream + at)), now);
  }
  gcm::wipe_blocks(stream);
}

template <Direction direction>
ASHLAR_TARGET_INLINE(ASHLAR_GCM_TARGET)
void run(const AesSchedule& schedule, const GcmSivCall& call, const std::uint8_t* given_tag,
         std::uint8_t* made_tag) {
  const std::uint32_t rounds = schedule.rounds;
  X86Key made;
  const MessageKeys keys = derive(schedule, call.nonce);
  expand(keys, rounds, made.round_keys);
  const std::size_t blocks = (call.size + 15) / 16 + 1;
  const std::size_t powers = blocks < kPowers && call.aad_total <= 16 * blocks ? blocks : kPowers;
  gcm::fill_powers(made, keys.h, powers);
  // Read through a pointer that outputs might overlap, as far as the compiler knows. From a plain variable it
  // would keep copies.
  const X86Key& key = *gcm::reread(&made);
  __m128i acc = absorb_aad(key, call, powers);

  const std::uint8_t* in = call.in;
  std::uint8_t* out = call.out;
  std::size_t left = call.size;
  const auto advance = [&] {
    in += kStep;
    out += kStep;
    left -= kStep;
  };
  if (direction == Direction::seal) {
    const std::size_t whole = left / kStep * kStep;
    acc = absorb(key, acc, in, whole / 16, kPowers);
    acc = absorb_end(key, acc, in + whole, left - whole, lengths(call));
    const __m128i tag = aes::encrypt_one(gcm::reread(&key)->round_keys, rounds, before_tag(acc, call.nonce));
    store(made_tag, tag);
    Counter counter = {_mm_sub_epi32(first_counter(tag), _mm_cvtsi32_si128(1))};
    for (; left >= kStep; advance()) {
      gcm::step<kOrder, false>(key, rounds, counter, in, out, nullptr, acc);
    }
    crypt_end(key, rounds, counter, in, out, left);
  } else {
    Counter counter = {_mm_sub_epi32(first_counter(load(given_tag)), _mm_cvtsi32_si128(1))};
    if (left >= kStep) {
      gcm::step<kOrder, false>(key, rounds, counter, in, out, nullptr, acc);
      for (advance(); left >= kStep; advance()) {
        gcm::step<kOrder, true>(key, rounds, counter, in, out, out - kStep, acc);
      }
      acc = absorb(key, acc, out - kStep, kLanes, kPowers);
    }
    crypt_end(key, rounds, counter, in, out, left);
    acc = absorb_end(key, acc, out, left, lengths(call));
    store(made_tag, aes::encrypt_one(gcm::reread(&key)->round_keys, rounds, before_tag(acc, call.nonce)));
  }
  gcm::wipe_blocks(made);
}

}  // namespace

ASHLAR_TARGET(ASHLAR_GCM_TARGET)
void Aesni::seal(const AesSchedule& schedule, const GcmSivCall& call, std::uint8_t tag[16]) {
  run<Direction::seal>(schedule, call, nullptr, tag);
  clear_vectors_sse();
}

ASHLAR_TARGET(ASHLAR_GCM_TARGET)
void Aesni::open(const AesSchedule& schedule, const GcmSivCall& call, const std::uint8_t tag[16],
                 std::uint8_t expected_tag[16]) {
  run<Direction::open>(schedule, call, tag, expected_tag);
  clear_vectors_sse();
}

}  // namespace ashlar::crypto::gcm_siv

#endif
