// SPDX-License-Identifier: Apache-2.0
// GCM with VAES and VPCLMULQDQ on ymm registers, two blocks in each.
//
// Long messages go in steps of eight blocks, four registers. Between their AES rounds is the GHASH work on
// eight ciphertext blocks (of the step before when sealing, of this one when opening): Karatsuba with the
// sums of the powers' halves from memory, and one reduction per step for both halves of the registers at
// once. Of the 16 registers four hold the state, three the sums, the rest counters, constants and the current
// block; round keys and powers come from memory. Short messages (up to nine blocks) and the rest of long ones
// are finished at once: J0 and the counters go through AES side by side, and the last piece of the additional
// data, the text and the lengths through GHASH in one or two sums. The pairs are (data or nothing, block 1),
// (block 2, block 3) and so on, as they leave AES behind J0. Bound where vaesenc (two per cycle) and
// vpclmulqdq (one per two cycles) share ports: 20 + 28 cycles per 128 bytes, 0.375 cycles per byte for
// AES-128.
#include "gcm/gcm_x86_vaes.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::gcm {
namespace {

constexpr Order kOrder = Order::last_lowest;

using aes::load;
using aes::store;

// Text blocks that finish() takes.
constexpr std::size_t kShort = 9;

// J0, then the counters after `before`, in M vectors, up to AES's last round. Returns the key of that round.
// The text is then added to it, so plain key stream never exists.
template <std::size_t M>
ASHLAR_TARGET_INLINE(ASHLAR_VAES_TARGET)
__m256i to_last_round(const std::uint8_t* keys, std::uint32_t rounds, __m128i j0, __m128i before,
                      __m256i (&b)[M]) {
  __m256i k = round_key2(keys, 0);
  __m256i counters = add_counters(both(before), 0, 1);
  b[0] = _mm256_xor_si256(reversed2(_mm256_blend_epi32(counters, _mm256_castsi128_si256(j0), 0x0f)), k);
  ASHLAR_UNROLL
  for (std::size_t i = 1; i < M; ++i) {
    counters = add_counters(counters, 2, 2);
    b[i] = _mm256_xor_si256(reversed2(counters), k);
  }
  for (std::uint32_t r = 1; r < rounds; ++r) {
    k = round_key2(keys, r);
    ASHLAR_UNROLL
    for (std::size_t i = 0; i < M; ++i) {
      b[i] = _mm256_aesenc_epi128(b[i], k);
    }
  }
  return round_key2(keys, rounds);
}

// The rest of a message, and the blocks before and after it.
struct Rest {
  __m128i j0;
  __m128i before;  // the counter before the first block
  __m128i acc;
  __m128i aad;
  bool has_aad;
  const std::uint8_t* in;
  std::uint8_t* out;
  std::size_t size;  // at most kShort blocks
  __m128i lengths;
};

// The rest, of at most 2 M - 1 blocks, and the tag.
template <Direction direction, std::size_t M>
ASHLAR_TARGET_INLINE(ASHLAR_VAES_TARGET)
void finish(const X86Key& key, std::uint32_t rounds, const Rest& rest, std::uint8_t tag[16]) {
  __m256i b[M];
  const __m256i last_key = to_last_round<M>(key.round_keys, rounds, rest.j0, rest.before, b);

  // The sequence is (data or nothing), text, lengths. Its first `first` blocks go into a separate sum, so
  // that the key has powers enough for the others.
  const std::size_t blocks = (rest.size + 15) / 16;
  const std::size_t total = blocks + 2;
  const std::size_t first = total <= kPowers ? 0 : (total - kPowers + 1) / 2 * 2;
  std::size_t n = first != 0 ? first : total;  // the power of the next block
  Sum2 s = empty_sum2();
  __m128i length_block = rest.lengths;

  // The first pair: additional data (or nothing) and block 1.
  std::size_t now = rest.size < 16 ? rest.size : 16;
  __m128i aad = rest.aad;
  __m128i text = now != 0 ? load_part(rest.in, now) : _mm_setzero_si128();
  const __m256i first_made =
      _mm256_aesenclast_epi128(b[0], _mm256_xor_si256(last_key, pair(_mm_setzero_si128(), text)));
  if (now != 0) {
    const __m128i made = _mm_and_si128(_mm256_extracti128_si256(first_made, 1), part_mask(now));
    store_part(rest.out, made, now);
    text = reversed(direction == Direction::seal ? made : text);
  }
  if (rest.has_aad) {
    aad = _mm_xor_si128(aad, rest.acc);
  } else if (now != 0) {
    text = _mm_xor_si128(text, rest.acc);
  } else {
    length_block = _mm_xor_si128(length_block, rest.acc);
  }
  add_product2(s, pair(aad, text), load2(power(key, n)), load2(sum(key, n)));
  ASHLAR_UNROLL
  for (std::size_t j = 1; j < M; ++j) {
    if (now >= rest.size) {
      break;
    }
    n -= 2;
    __m256i carried = _mm256_setzero_si256();
    if (M > kPowers / 2 && n == 0) {
      carried = _mm256_zextsi128_si256(add_halves(reduce_each(s)));
      s = empty_sum2();
      n = total - first;
    }
    const std::size_t part = rest.size - now < 32 ? rest.size - now : 32;
    const __m256i given = load_part2(rest.in + now, part);
    const __m256i made =
        _mm256_and_si256(_mm256_aesenclast_epi128(b[j], _mm256_xor_si256(last_key, given)), part_mask2(part));
    store_part2(rest.out + now, made, part);
    const __m256i blocks_here = reversed2(direction == Direction::seal ? made : given);
    add_product2(s, _mm256_xor_si256(blocks_here, carried), load2(power(key, n)), load2(sum(key, n)));
    now += part;
  }
  add_product2(s, _mm256_zextsi128_si256(length_block), load2(power(key, 1)), load2(sum(key, 1)));
  const __m128i acc = add_halves(reduce_each(s));
  store(tag, _mm_xor_si128(reversed(acc), _mm256_castsi256_si128(first_made)));
  if (M > kPowers / 2) {
    // More than fits in registers.
    wipe_blocks(b);
  }
}

template <Direction direction>
ASHLAR_TARGET_INLINE(ASHLAR_VAES_TARGET)
void run(const GcmKeyData& data, const GcmCall& call, std::uint8_t tag[16]) {
  const X86Key& key = x86_key(data);
  const __m128i j0 = first_counter(call);
  __m128i acc = call.hash != nullptr ? reversed(load(call.hash)) : _mm_setzero_si128();
  const std::uint8_t* in = call.in;
  std::uint8_t* out = call.out;
  std::size_t left = call.size;
  __m128i before = j0;
  bool has_aad = call.aad_size != 0;
  const __m128i aad = has_aad ? reversed(load_part(call.aad, call.aad_size)) : _mm_setzero_si128();

  if (left > 16 * kShort) {
    if (has_aad) {
      acc = multiply_by_h(key, _mm_xor_si128(acc, aad));
      has_aad = false;
    }
    __m256i counters = add_counters(both(j0), 1, 2);
    if (direction == Direction::seal) {
      step<kOrder, false>(key, data.rounds, counters, in, out, nullptr, acc);
      for (in += kStep, out += kStep, left -= kStep; left >= kStep;
           in += kStep, out += kStep, left -= kStep) {
        step<kOrder, true>(key, data.rounds, counters, in, out, out - kStep, acc);
      }
      acc = absorb_pairs<kOrder>(key, acc, out - kStep, kPowers);
    } else {
      for (; left >= kStep; in += kStep, out += kStep, left -= kStep) {
        step<kOrder, true>(key, data.rounds, counters, in, out, in, acc);
      }
    }
    before = _mm_sub_epi32(_mm256_castsi256_si128(counters), _mm_cvtsi32_si128(1));
  }
  const Rest rest = {j0,  before, acc,          has_aad ? aad : _mm_setzero_si128(), has_aad, in,
                     out, left,   lengths(call)};
  switch ((left + 15) / 16) {
    case 0:
    case 1:
      return finish<direction, 1>(key, data.rounds, rest, tag);
    case 2:
    case 3:
      return finish<direction, 2>(key, data.rounds, rest, tag);
    case 4:
    case 5:
    case 6:
      return finish<direction, 4>(key, data.rounds, rest, tag);
    default:
      return finish<direction, 5>(key, data.rounds, rest, tag);
  }
}

}  // namespace

std::size_t Vaes::data_size(std::size_t key_size) {
  return size_of_key<X86Key>(key_size);
}

ASHLAR_TARGET(ASHLAR_VAES_TARGET) void Vaes::init(GcmKeyData& data, Bytes key) {
  X86Key& made = key_of<X86Key>(data);
  const __m128i h = expand_with_h(data, made.round_keys, key);
  fill_powers(made, h);
  clear_vectors_avx();
}

ASHLAR_TARGET(ASHLAR_VAES_TARGET)
void Vaes::seal(const GcmKeyData& data, const GcmCall& call, std::uint8_t tag[16]) {
  run<Direction::seal>(data, call, tag);
  clear_vectors_avx();
}

ASHLAR_TARGET(ASHLAR_VAES_TARGET)
void Vaes::open(const GcmKeyData& data, const GcmCall& call, std::uint8_t expected_tag[16]) {
  run<Direction::open>(data, call, expected_tag);
  clear_vectors_avx();
}

ASHLAR_TARGET(ASHLAR_VAES_TARGET)
void Vaes::ghash(const GcmKeyData& data, std::uint8_t state[16], const std::uint8_t* in, std::size_t blocks) {
  store(state, reversed(absorb_blocks<kOrder>(x86_key(data), reversed(load(state)), in, blocks)));
  clear_vectors_avx();
}

}  // namespace ashlar::crypto::gcm

#endif
