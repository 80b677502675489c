// SPDX-License-Identifier: Apache-2.0
// CCM with the AES instructions.
//
// The CBC-MAC is a chain (aes/cbc_mac.hpp): 10 rounds of 3 cycles a block for AES-128 on Intel's cores since
// Ice Lake, of 4 on others, while one or two aesenc could start in every cycle. The rounds of the counter
// blocks go between those of the chain, share the loads of the round keys and cost nothing. In its last round
// the chain waits for the next block of plaintext. When opening, that needs the key stream's last round and
// one xor. So the counter of a block is encrypted with the chain's block before, and both directions are the
// same loop. The counter block of the tag comes last. It waits for nothing, and cores start it early.
// Registers: chain, counter block, three round keys (first, last, both together), a block of text, the
// reversal of bytes; counters are made from integers. Vectors wider than a block gain nothing.
#include "aes/cbc_mac.hpp"
#include "ccm/ccm_kernels.hpp"
#include "cpu/x86_parts.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::ccm {
namespace {

using aes::inner_rounds;
using aes::load;
using aes::reread;
using aes::round_key;
using aes::store;

ASHLAR_TARGET_INLINE("ssse3") __m128i big_endian(std::uint64_t high, std::uint64_t low) {
  return _mm_shuffle_epi8(_mm_set_epi64x(static_cast<long long>(high), static_cast<long long>(low)),
                          _mm_set_epi64x(0x0001020304050607, 0x08090a0b0c0d0e0f));
}

template <Direction direction>
ASHLAR_TARGET(ASHLAR_AESNI_TARGET)
void run(const AesSchedule& schedule, const CcmCall& call, std::uint8_t tag[16]) {
  const std::uint8_t* const keys = schedule.round_keys;
  const std::uint32_t rounds = schedule.rounds;
  const __m128i first = round_key(keys, 0);
  const __m128i last = round_key(keys, rounds);
  const __m128i edges = _mm_xor_si128(first, last);
  const std::uint64_t high = call.counter_high;
  const std::uint64_t low = call.counter_low;
  std::uint64_t number = 0;
  const auto counter = [&](std::uint64_t n) __attribute__((target(ASHLAR_AESNI_TARGET), always_inline)) {
    return _mm_xor_si128(big_endian(high, low + n), first);
  };
  // Encrypts a block that already holds the first round key, and xors it with `in`.
  const auto encrypted = [&](__m128i block, __m128i in)
      __attribute__((target(ASHLAR_AESNI_TARGET), always_inline)) {
    __m128i b[1] = {block};
    inner_rounds(reread(keys), rounds, b);
    return _mm_aesenclast_si128(b[0], _mm_xor_si128(last, in));
  };
  // The block that the chain absorbs: of input and output, the plaintext.
  const auto plain =
      [](__m128i given, __m128i made) __attribute__((target(ASHLAR_AESNI_TARGET), always_inline)) {
    return direction == Direction::seal ? given : made;
  };

  __m128i chain;
  if (call.mac != nullptr) {
    chain = _mm_xor_si128(load(call.mac), first);
  } else {
    chain = encrypted(_mm_xor_si128(big_endian(call.first_high, call.first_low), first), first);
  }
  for (std::size_t i = 0; i < call.aad_blocks; ++i) {
    // By halves, as they were written.
    const std::uint8_t* const block = call.aad + 16 * i;
    const __m128i halves = _mm_unpacklo_epi64(_mm_loadu_si64(block), _mm_loadu_si64(block + 8));
    chain = encrypted(_mm_xor_si128(chain, halves), first);
  }

  const std::uint8_t* in = call.in;
  std::uint8_t* out = call.out;
  std::size_t left = call.size;
  if (left >= 16) {
    __m128i given = load(in);
    __m128i made = encrypted(counter(++number), given);
    store(out, made);
    chain = _mm_xor_si128(chain, plain(given, made));
    for (in += 16, out += 16, left -= 16; left >= 16; in += 16, out += 16, left -= 16) {
      __m128i b[2] = {chain, counter(++number)};
      inner_rounds(reread(keys), rounds, b);
      given = load(in);
      made = _mm_aesenclast_si128(b[1], _mm_xor_si128(last, given));
      store(out, made);
      chain = _mm_aesenclast_si128(b[0], _mm_xor_si128(edges, plain(given, made)));
    }
    chain = encrypted(chain, first);
  }
  if (left != 0) {
    const __m128i given = x86::load_part(in, left);
    const __m128i made = _mm_and_si128(encrypted(counter(++number), given), x86::part_mask(left));
    x86::store_part(out, made, left);
    chain = encrypted(_mm_xor_si128(chain, plain(given, made)), first);
  }
  store(tag, encrypted(counter(0), _mm_xor_si128(chain, first)));
  clear_vectors_sse();
}

}  // namespace

void Aesni::seal(const AesSchedule& schedule, const CcmCall& call, std::uint8_t tag[16]) {
  run<Direction::seal>(schedule, call, tag);
}

void Aesni::open(const AesSchedule& schedule, const CcmCall& call, std::uint8_t expected_tag[16]) {
  run<Direction::open>(schedule, call, expected_tag);
}

}  // namespace ashlar::crypto::ccm

#endif
