// SPDX-License-Identifier: Apache-2.0
// GCM-SIV with VAES and VPCLMULQDQ on ymm registers, two blocks in each.
//
// A message ends with up to nine blocks of text and the block of lengths, in pairs. The last pair is the last
// block and the lengths, so each pair has the same two powers of H for every size, loaded as they were
// stored. A single block at the front goes alone. Everything before the end goes in steps of eight blocks:
// sealing in two passes, POLYVAL and then counter mode; opening in one pass, like GCM's sealing. Bound for
// long messages on a core that starts two vaesenc per cycle and one vpclmulqdq: 20 cycles of AES-128 and 14
// of POLYVAL per 128 bytes, one after the other or side by side.
#include "gcm/gcm_x86_vaes.hpp"
#include "gcm_siv/gcm_siv_x86.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::gcm_siv {
namespace {

using aes::load;
using aes::store;
using gcm::kPowers;
using gcm::kStep;
using gcm::power;
using gcm::sum;
using gcm::Sum2;
using gcm::X86Key;

// Bytes of text that the end of a message takes.
constexpr std::size_t kEnd = 9 * 16;

// POLYVAL of any number of blocks. The compiler must not see their number: it would unroll, add in its own
// order, and leave products on the stack.
[[gnu::noinline]] ASHLAR_TARGET(ASHLAR_VAES_TARGET) __m128i
    absorb(const X86Key& key, __m128i acc, const std::uint8_t* in, std::size_t blocks) {
  return gcm::absorb_blocks<kOrder>(key, acc, in, blocks);
}

// POLYVAL of the additional data. It is kept in memory between two runs. Otherwise the call that finds the
// next run would leave it on the stack.
ASHLAR_TARGET_INLINE(ASHLAR_VAES_TARGET)
__m128i absorb_aad(const X86Key& key, __m128i h, const GcmSivCall& call) {
  if (call.aad.size() == 1 && call.aad[0].size() <= 16) {
    return gcm::multiply(gcm::load_part(call.aad[0].data(), call.aad[0].size()), h);
  }
  alignas(16) std::uint8_t state[16] = {};
  for (AadBlocks aad(call.aad); aad.next();) {
    store(state, absorb(key, load(state), aad.data(), aad.count()));
  }
  const __m128i acc = load(state);
  gcm::wipe_blocks(state);
  return acc;
}

// One block in the lower half times a power, nothing in the upper half.
ASHLAR_TARGET_INLINE(ASHLAR_VAES_TARGET)
void add_single(Sum2& s, const X86Key& key, __m128i block, std::size_t n) {
  gcm::add_product2(s, _mm256_zextsi128_si256(block), _mm256_zextsi128_si256(load(power(key, n))),
                    _mm256_zextsi128_si256(load(sum(key, n))));
}

// POLYVAL of the end. `acc` is POLYVAL of everything before.
ASHLAR_TARGET_INLINE(ASHLAR_VAES_TARGET)
__m128i absorb_end(const X86Key& constant_key, __m128i acc, const std::uint8_t* in, std::size_t size,
                   __m128i length_block) {
  const X86Key& key = *gcm::reread(&constant_key);
  std::size_t n = (size + 15) / 16 + 1;  // blocks left, and the power of the next
  if (n > kPowers) {
    // The first one or two alone.
    const std::size_t more = n - kPowers;
    acc = absorb(key, acc, in, more);
    in += 16 * more;
    size -= 16 * more;
    n = kPowers;
  }
  Sum2 s = gcm::empty_sum2();
  if (n == 1) {
    add_single(s, key, _mm_xor_si128(length_block, acc), 1);
    return gcm::add_halves(gcm::reduce_each(s));
  }
  if (n % 2 != 0) {
    add_single(s, key, _mm_xor_si128(load(in), acc), n);
    acc = _mm_setzero_si128();
    in += 16;
    size -= 16;
    n -= 1;
  }
  __m256i carried = _mm256_zextsi128_si256(acc);
  for (; n > 2; n -= 2, in += 32, size -= 32) {
    gcm::add_product2(s, _mm256_xor_si256(gcm::load2(in), carried), gcm::load2(power(key, n)),
                      gcm::load2(sum(key, n)));
    carried = _mm256_setzero_si256();
  }
  const __m256i last = gcm::pair(gcm::load_part(in, size), length_block);
  gcm::add_product2(s, _mm256_xor_si256(last, carried), gcm::load2(power(key, 2)), gcm::load2(sum(key, 2)));
  return gcm::add_halves(gcm::reduce_each(s));
}

// Counter mode of the end, in M pairs of blocks. counter: of the first.
template <std::size_t M>
ASHLAR_TARGET_INLINE(ASHLAR_VAES_TARGET)
void crypt_pairs(const X86Key& constant_key, std::uint32_t rounds, __m128i counter, const std::uint8_t* in,
                 std::uint8_t* out, std::size_t size) {
  const X86Key& key = *gcm::reread(&constant_key);
  __m256i k = gcm::round_key2(key.round_keys, 0);
  __m256i counters = gcm::add_counters(gcm::both(counter), 0, 1);
  __m256i b[M];
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < M; ++i) {
    b[i] = _mm256_xor_si256(counters, k);
    counters = gcm::add_counters(counters, 2, 2);
  }
  for (std::uint32_t r = 1; r < rounds; ++r) {
    k = gcm::round_key2(key.round_keys, r);
    ASHLAR_UNROLL
    for (std::size_t i = 0; i < M; ++i) {
      b[i] = _mm256_aesenc_epi128(b[i], k);
    }
  }
  k = gcm::round_key2(key.round_keys, rounds);
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < M; ++i) {
    const std::size_t at = 32 * i;
    if (at >= size) {
      break;
    }
    const std::size_t part = size - at < 32 ? size - at : 32;
    const __m256i text = gcm::load_part2(in + at, part);
    gcm::store_part2(out + at, _mm256_aesenclast_epi128(b[i], _mm256_xor_si256(k, text)), part);
  }
}

ASHLAR_TARGET_INLINE(ASHLAR_VAES_TARGET)
void crypt_end(const X86Key& key, std::uint32_t rounds, __m128i counter, const std::uint8_t* in,
               std::uint8_t* out, std::size_t size) {
  if (size == 0) {
    return;
  }
  if (size <= 32) {
    crypt_pairs<1>(key, rounds, counter, in, out, size);
  } else if (size <= 64) {
    crypt_pairs<2>(key, rounds, counter, in, out, size);
  } else {
    crypt_pairs<5>(key, rounds, counter, in, out, size);
  }
}

// The counters of the first two blocks.
ASHLAR_TARGET_INLINE(ASHLAR_VAES_TARGET) __m256i first_counters(__m128i tag) {
  return gcm::add_counters(gcm::both(first_counter(tag)), 0, 1);
}

template <Direction direction>
ASHLAR_TARGET_INLINE(ASHLAR_VAES_TARGET)
void run(const AesSchedule& schedule, const GcmSivCall& call, const std::uint8_t* given_tag,
         std::uint8_t* made_tag) {
  const std::uint32_t rounds = schedule.rounds;
  alignas(64) X86Key made;
  const MessageKeys keys = derive(schedule, call.nonce);
  expand(keys, rounds, made.round_keys);
  gcm::fill_powers(made, keys.h);
  // Read through a pointer that outputs might overlap, as far as the compiler knows. From a plain variable it
  // would keep copies.
  const X86Key& key = *gcm::reread(&made);
  __m128i acc = absorb_aad(key, keys.h, call);

  const std::uint8_t* in = call.in;
  std::uint8_t* out = call.out;
  const std::size_t steps = call.size > kEnd ? (call.size - kEnd + kStep - 1) / kStep : 0;
  const std::size_t end = call.size - steps * kStep;
  const auto advance = [&] {
    in += kStep;
    out += kStep;
  };
  if (direction == Direction::seal) {
    if (steps != 0) {
      acc = absorb(key, acc, in, steps * kStep / 16);
    }
    acc = absorb_end(key, acc, in + steps * kStep, end, lengths(call));
    const __m128i tag = aes::encrypt_one(gcm::reread(&key)->round_keys, rounds, before_tag(acc, call.nonce));
    store(made_tag, tag);
    __m256i counters = first_counters(tag);
    for (std::size_t i = 0; i < steps; ++i, advance()) {
      gcm::step<kOrder, false>(key, rounds, counters, in, out, nullptr, acc);
    }
    crypt_end(key, rounds, _mm256_castsi256_si128(counters), in, out, end);
  } else {
    __m256i counters = first_counters(load(given_tag));
    if (steps != 0) {
      gcm::step<kOrder, false>(key, rounds, counters, in, out, nullptr, acc);
      advance();
      for (std::size_t i = 1; i < steps; ++i, advance()) {
        gcm::step<kOrder, true>(key, rounds, counters, in, out, out - kStep, acc);
      }
      acc = absorb(key, acc, out - kStep, kPowers);
    }
    crypt_end(key, rounds, _mm256_castsi256_si128(counters), in, out, end);
    acc = absorb_end(key, acc, out, end, lengths(call));
    store(made_tag, aes::encrypt_one(gcm::reread(&key)->round_keys, rounds, before_tag(acc, call.nonce)));
  }
  gcm::wipe_blocks(made);
}

}  // namespace

ASHLAR_TARGET(ASHLAR_VAES_TARGET)
void Vaes::seal(const AesSchedule& schedule, const GcmSivCall& call, std::uint8_t tag[16]) {
  run<Direction::seal>(schedule, call, nullptr, tag);
  clear_vectors_avx();
}

ASHLAR_TARGET(ASHLAR_VAES_TARGET)
void Vaes::open(const AesSchedule& schedule, const GcmSivCall& call, const std::uint8_t tag[16],
                std::uint8_t expected_tag[16]) {
  run<Direction::open>(schedule, call, tag, expected_tag);
  clear_vectors_avx();
}

}  // namespace ashlar::crypto::gcm_siv

#endif
