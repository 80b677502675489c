// SPDX-License-Identifier: Apache-2.0
// GCM with the AES instructions and PCLMULQDQ on xmm registers.
//
// Long messages go in steps of eight blocks: the AES rounds of eight counters, and between two rounds the
// GHASH work on one of the eight ciphertext blocks (of the step before when sealing, of this one when
// opening), so that the multiplier and the AES unit are both busy. One reduction per step. Registers: eight
// blocks, three sums, a block and its swapped self; round keys and powers come from memory. The rest of the
// message (up to eight blocks, after at most one step without interleaving) is finished together with J0, the
// last piece of the additional data and the block of lengths, in one or two sums. Bound on a core that starts
// two aesenc per cycle and a clmul every two: 40 + 52 cycles per 128 bytes if the two share ports.
#include "gcm/gcm_x86.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::gcm {
namespace {

using aes::load;
using aes::round_key;
using aes::store;

constexpr std::size_t kLanes = 8;
constexpr std::size_t kStep = 16 * kLanes;

// GHASH over up to eight blocks at `in`; `acc` goes into the first.
ASHLAR_TARGET(ASHLAR_GCM_TARGET)
__m128i absorb(const X86Key& key, __m128i acc, const std::uint8_t* in, std::size_t blocks) {
  Sum s = empty_sum();
  for (; blocks != 0; --blocks, in += 16) {
    add_product(s, _mm_xor_si128(reversed(load(in)), acc), load(power(key, blocks)), load(sum(key, blocks)));
    acc = _mm_setzero_si128();
  }
  return reduce(s);
}

// The blocks J0 + 1 and on.
struct Counter {
  __m128i value;  // bytes reversed

  ASHLAR_TARGET_INLINE(ASHLAR_GCM_TARGET) __m128i next() {
    value = _mm_add_epi32(value, _mm_cvtsi32_si128(1));
    return reversed(value);
  }
};

// Eight blocks of key stream, xored with `in` to `out`; between the rounds GHASH over the eight blocks at
// `hashed`, if it is not null.
template <bool hashes>
ASHLAR_TARGET_INLINE(ASHLAR_GCM_TARGET)
void step(const X86Key& constant_key, std::uint32_t rounds, Counter& counter, const std::uint8_t* in,
          std::uint8_t* out, const std::uint8_t* hashed, __m128i& acc) {
  const X86Key& key = *reread(&constant_key);
  const std::uint8_t* const keys = key.round_keys;
  __m128i b[kLanes];
  __m128i k = round_key(keys, 0);
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < kLanes; ++i) {
    b[i] = _mm_xor_si128(counter.next(), k);
  }
  std::uint32_t r = 1;
  for (; r + 8 < rounds; ++r) {
    k = round_key(keys, r);
    ASHLAR_UNROLL
    for (std::size_t i = 0; i < kLanes; ++i) {
      b[i] = _mm_aesenc_si128(b[i], k);
    }
  }
  Sum s = empty_sum();
  ASHLAR_UNROLL
  for (std::size_t j = 0; j < kLanes; ++j) {
    k = round_key(keys, r + static_cast<std::uint32_t>(j));
    ASHLAR_UNROLL
    for (std::size_t i = 0; i < kLanes; ++i) {
      b[i] = _mm_aesenc_si128(b[i], k);
    }
    if (hashes) {
      __m128i block = reversed(load(hashed + 16 * j));
      if (j == 0) {
        block = _mm_xor_si128(block, acc);
      }
      const X86Key& powers = *reread(&key);
      add_product(s, block, load(power(powers, kLanes - j)), load(sum(powers, kLanes - j)));
    }
  }
  if (hashes) {
    acc = reduce(s);
  }
  k = round_key(keys, rounds);
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < kLanes; ++i) {
    store(out + 16 * i, _mm_aesenclast_si128(b[i], _mm_xor_si128(k, load(in + 16 * i))));
  }
}

template <std::size_t N>
ASHLAR_TARGET_INLINE(ASHLAR_GCM_TARGET)
void encrypt(const std::uint8_t* keys, std::uint32_t rounds, __m128i (&b)[N]) {
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < N; ++i) {
    b[i] = _mm_xor_si128(b[i], round_key(keys, 0));
  }
  for (std::uint32_t r = 1; r < rounds; ++r) {
    const __m128i k = round_key(keys, r);
    ASHLAR_UNROLL
    for (std::size_t i = 0; i < N; ++i) {
      b[i] = _mm_aesenc_si128(b[i], k);
    }
  }
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < N; ++i) {
    b[i] = _mm_aesenclast_si128(b[i], round_key(keys, rounds));
  }
}

// J0 and the next N - 1 counters to `stream`.
template <std::size_t N>
ASHLAR_TARGET_INLINE(ASHLAR_GCM_TARGET)
void key_stream(const X86Key& key, std::uint32_t rounds, __m128i j0, Counter counter, std::uint8_t* stream) {
  __m128i b[N];
  b[0] = reversed(j0);
  ASHLAR_UNROLL
  for (std::size_t i = 1; i < N; ++i) {
    b[i] = counter.next();
  }
  encrypt(key.round_keys, rounds, b);
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < N; ++i) {
    store(stream + 16 * i, b[i]);
  }
}

template <Direction direction>
ASHLAR_TARGET(ASHLAR_GCM_TARGET)
void run(const GcmKeyData& data, const GcmCall& call, std::uint8_t tag[16]) {
  const X86Key& key = x86_key(data);
  const std::uint8_t* in = call.in;
  std::uint8_t* out = call.out;
  std::size_t left = call.size;
  const __m128i j0 = first_counter(call);
  Counter counter = {j0};
  __m128i acc = call.hash != nullptr ? reversed(load(call.hash)) : _mm_setzero_si128();

  // Blocks for the last sums, bytes in message order: additional data, at most eight of text, lengths.
  alignas(16) std::uint8_t blocks[16 * (kLanes + 2)];
  std::size_t count = 0;
  if (call.aad_size != 0) {
    store(blocks, load_part(call.aad, call.aad_size));
    count = 1;
  }
  if (left >= kStep) {
    if (count != 0) {
      acc = absorb(key, acc, blocks, 1);
      count = 0;
    }
    if (direction == Direction::seal) {
      step<false>(key, data.rounds, counter, in, out, nullptr, acc);
      for (in += kStep, out += kStep, left -= kStep; left >= kStep;
           in += kStep, out += kStep, left -= kStep) {
        step<true>(key, data.rounds, counter, in, out, out - kStep, acc);
      }
      acc = absorb(key, acc, out - kStep, kLanes);
    } else {
      for (; left >= kStep; in += kStep, out += kStep, left -= kStep) {
        step<true>(key, data.rounds, counter, in, out, in, acc);
      }
    }
  }

  alignas(16) std::uint8_t stream[16 * (kLanes + 1)];
  const std::size_t text_blocks = (left + 15) / 16;
  if (text_blocks == 0) {
    key_stream<1>(key, data.rounds, j0, counter, stream);
  } else if (text_blocks < 4) {
    key_stream<4>(key, data.rounds, j0, counter, stream);
  } else {
    key_stream<kLanes + 1>(key, data.rounds, j0, counter, stream);
  }
  for (std::size_t i = 1; left != 0; ++i) {
    const std::size_t size = left < 16 ? left : 16;
    const __m128i given = load_part(in, size);
    const __m128i made = _mm_and_si128(_mm_xor_si128(given, load(stream + 16 * i)), part_mask(size));
    store(blocks + 16 * count, direction == Direction::seal ? made : given);
    store_part(out, made, size);
    ++count;
    in += size;
    out += size;
    left -= size;
  }
  store(blocks + 16 * count, reversed(lengths(call)));
  ++count;
  std::size_t at = 0;
  if (count > kLanes) {
    at = count - kLanes;
    acc = absorb(key, acc, blocks, at);
  }
  acc = absorb(key, acc, blocks + 16 * at, count - at);
  store(tag, _mm_xor_si128(reversed(acc), load(stream)));
  wipe_blocks(stream);
  wipe_blocks(blocks);
}

}  // namespace

ASHLAR_TARGET(ASHLAR_GCM_TARGET) void Aesni::init(GcmKeyData& data, Bytes key) {
  const __m128i h = expand_with_h(data, key);
  X86Key& made = *reinterpret_cast<X86Key*>(data.bytes);
  std::memset(made.powers + 16 * kPowers, 0, 16);
  std::memset(made.sums + 16 * kPowers, 0, 16);
  __m128i p = h;
  for (std::size_t n = 1; n <= kPowers; ++n) {
    store(made.powers + 16 * (kPowers - n), p);
    store(made.sums + 16 * (kPowers - n), _mm_xor_si128(p, swap_halves(p)));
    p = multiply(p, h);
  }
  data.size = sizeof(X86Key);
  clear_vectors_sse();
}

ASHLAR_TARGET(ASHLAR_GCM_TARGET)
void Aesni::seal(const GcmKeyData& data, const GcmCall& call, std::uint8_t tag[16]) {
  run<Direction::seal>(data, call, tag);
  clear_vectors_sse();
}

ASHLAR_TARGET(ASHLAR_GCM_TARGET)
void Aesni::open(const GcmKeyData& data, const GcmCall& call, std::uint8_t expected_tag[16]) {
  run<Direction::open>(data, call, expected_tag);
  clear_vectors_sse();
}

ASHLAR_TARGET(ASHLAR_GCM_TARGET)
void Aesni::ghash(const GcmKeyData& data, std::uint8_t state[16], const std::uint8_t* in,
                  std::size_t blocks) {
  __m128i acc = reversed(load(state));
  for (; blocks != 0;) {
    const std::size_t now = blocks < kLanes ? blocks : kLanes;
    acc = absorb(x86_key(data), acc, in, now);
    in += 16 * now;
    blocks -= now;
  }
  store(state, reversed(acc));
  clear_vectors_sse();
}

}  // namespace ashlar::crypto::gcm

#endif
