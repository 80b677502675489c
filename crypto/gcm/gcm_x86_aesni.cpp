// SPDX-License-Identifier: Apache-2.0
// GCM with the AES instructions and PCLMULQDQ on xmm registers.
//
// Long messages go in steps of eight blocks: the AES rounds of eight counters, and between two rounds the
// GHASH work on one of the eight ciphertext blocks (of the step before when sealing, of this one when
// opening). So the multiplier and the AES unit are both busy. There is one reduction per step. Registers:
// eight blocks, three sums, a block and its swapped self; round keys and powers come from memory. The rest of
// the message (up to eight blocks, after at most one step without interleaving) is finished together with J0,
// the last piece of the additional data and the block of lengths, in one or two sums. Bound on a core that
// starts two aesenc per cycle and a clmul every two: 40 + 52 cycles per 128 bytes if the two share ports.
#include "gcm/gcm_x86_aesni.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::gcm {
namespace {

constexpr Order kOrder = Order::last_lowest;

using aes::load;
using aes::round_key;
using aes::store;

ASHLAR_TARGET(ASHLAR_GCM_TARGET)
__m128i absorb_all(const X86Key& key, __m128i acc, const std::uint8_t* in, std::size_t blocks) {
  return absorb<kOrder>(key, acc, in, blocks);
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
void key_stream(const X86Key& key, std::uint32_t rounds, __m128i j0, Counter<kOrder> counter,
                std::uint8_t* stream) {
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
  Counter<kOrder> counter = {j0};
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
      acc = absorb_all(key, acc, blocks, 1);
      count = 0;
    }
    if (direction == Direction::seal) {
      step<kOrder, false>(key, data.rounds, counter, in, out, nullptr, acc);
      for (in += kStep, out += kStep, left -= kStep; left >= kStep;
           in += kStep, out += kStep, left -= kStep) {
        step<kOrder, true>(key, data.rounds, counter, in, out, out - kStep, acc);
      }
      acc = absorb_all(key, acc, out - kStep, kLanes);
    } else {
      for (; left >= kStep; in += kStep, out += kStep, left -= kStep) {
        step<kOrder, true>(key, data.rounds, counter, in, out, in, acc);
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
    acc = absorb_all(key, acc, blocks, at);
  }
  acc = absorb_all(key, acc, blocks + 16 * at, count - at);
  store(tag, _mm_xor_si128(reversed(acc), load(stream)));
  wipe_blocks(stream);
  wipe_blocks(blocks);
}

}  // namespace

std::size_t Aesni::data_size(std::size_t key_size) {
  return size_of_key<X86Key>(key_size);
}

ASHLAR_TARGET(ASHLAR_GCM_TARGET) void Aesni::init(GcmKeyData& data, Bytes key) {
  X86Key& made = key_of<X86Key>(data);
  const __m128i h = expand_with_h(data, made.round_keys, key);
  std::memset(made.powers + 16 * kPowers, 0, 16);
  std::memset(made.sums + 16 * kPowers, 0, 16);
  fill_powers(made, h, kPowers);
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
    acc = absorb_all(x86_key(data), acc, in, now);
    in += 16 * now;
    blocks -= now;
  }
  store(state, reversed(acc));
  clear_vectors_sse();
}

}  // namespace ashlar::crypto::gcm

#endif
