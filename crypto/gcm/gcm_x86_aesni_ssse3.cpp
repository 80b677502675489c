// SPDX-License-Identifier: Apache-2.0
// GCM with the AES instructions but without PCLMULQDQ, which some hypervisors mask: eight blocks of counter
// mode side by side, and GHASH of ghash_x86_ssse3.hpp, which takes longer and is the bound.
#include "cpu/dead_stack.hpp"
#include "gcm/gcm_x86.hpp"
#include "gcm/ghash_x86_ssse3.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::gcm {
namespace {

using aes::load;
using aes::store;

constexpr std::size_t kBlocks = 8;

// The next N blocks of key stream. counter: the last one used, bytes reversed.
template <std::size_t N>
ASHLAR_TARGET_INLINE(ASHLAR_AESNI_TARGET)
void key_stream(const std::uint8_t* keys, std::uint32_t rounds, __m128i& counter, __m128i (&b)[N]) {
  const __m128i one = _mm_cvtsi32_si128(1);
  __m128i k = aes::round_key(keys, 0);
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < N; ++i) {
    counter = _mm_add_epi32(counter, one);
    b[i] = _mm_xor_si128(reversed(counter), k);
  }
  aes::inner_rounds(keys, rounds, b);
  k = aes::round_key(keys, rounds);
  ASHLAR_UNROLL
  for (std::size_t i = 0; i < N; ++i) {
    b[i] = _mm_aesenclast_si128(b[i], k);
  }
}

template <Direction direction>
ASHLAR_TARGET(ASHLAR_AESNI_TARGET)
void run(const GcmKeyData& data, const GcmCall& call, std::uint8_t tag[16]) {
  const ShuffleKey& key = key_of<ShuffleKey>(data);
  const std::uint8_t* in = call.in;
  std::uint8_t* out = call.out;
  std::size_t left = call.size;
  const __m128i j0 = first_counter(call);
  __m128i counter = j0;
  __m128i acc = call.hash != nullptr ? reversed(load(call.hash)) : _mm_setzero_si128();
  acc = absorb(key.table, acc, call.aad, call.aad_size);
  while (left != 0) {
    const std::size_t now = left < 16 * kBlocks ? left : 16 * kBlocks;
    if (direction == Direction::open) {
      acc = absorb(key.table, acc, in, now);
    }
    __m128i b[kBlocks];
    key_stream(key.round_keys, data.rounds, counter, b);
    for (std::size_t i = 0; 16 * i < now; ++i) {
      const std::size_t here = now - 16 * i < 16 ? now - 16 * i : 16;
      const __m128i text = load_part(in + 16 * i, here);
      store_part(out + 16 * i, _mm_xor_si128(text, b[i]), here);
    }
    if (direction == Direction::seal) {
      acc = absorb(key.table, acc, out, now);
    }
    in += now;
    out += now;
    left -= now;
  }
  alignas(16) std::uint8_t last[16];
  store(last, reversed(lengths(call)));
  acc = absorb_blocks(key.table, acc, last, 1);
  store(tag, _mm_xor_si128(reversed(acc), aes::encrypt_one(key.round_keys, data.rounds, reversed(j0))));
}

ASHLAR_TARGET(ASHLAR_AESNI_TARGET) void init(GcmKeyData& data, Bytes key) {
  ShuffleKey& made = key_of<ShuffleKey>(data);
  data.rounds = aes::expand_aesni(made.round_keys, key);
  std::uint8_t h[16];
  store(h, aes::encrypt_one(made.round_keys, data.rounds, _mm_setzero_si128()));
  fill_table(made.table, h);
}

ASHLAR_TARGET(ASHLAR_AESNI_TARGET)
void ghash(const GcmKeyData& data, std::uint8_t state[16], const std::uint8_t* in, std::size_t blocks) {
  store(state, reversed(absorb_blocks(key_of<ShuffleKey>(data).table, reversed(load(state)), in, blocks)));
}

// More stack than any of these functions takes; they keep key stream and multiples of H there.
constexpr std::size_t kStack = 1024;

}  // namespace

[[gnu::noinline]] ASHLAR_TARGET(ASHLAR_SHUFFLE_TARGET) __m128i
    absorb_blocks(const ShuffleTable& table, __m128i acc, const std::uint8_t* in, std::size_t blocks) {
  return absorb_by_shuffles(table, acc, in, blocks);
}

std::size_t AesniSsse3::data_size(std::size_t key_size) {
  return size_of_key<ShuffleKey>(key_size);
}

void AesniSsse3::init(GcmKeyData& data, Bytes key) {
  call_and_wipe_sse<kStack>(gcm::init, data, key);
  clear_vectors_sse();
}

void AesniSsse3::seal(const GcmKeyData& data, const GcmCall& call, std::uint8_t tag[16]) {
  call_and_wipe_sse<kStack>(run<Direction::seal>, data, call, tag);
  clear_vectors_sse();
}

void AesniSsse3::open(const GcmKeyData& data, const GcmCall& call, std::uint8_t expected_tag[16]) {
  call_and_wipe_sse<kStack>(run<Direction::open>, data, call, expected_tag);
  clear_vectors_sse();
}

void AesniSsse3::ghash(const GcmKeyData& data, std::uint8_t state[16], const std::uint8_t* in,
                       std::size_t blocks) {
  call_and_wipe_sse<kStack>(gcm::ghash, data, state, in, blocks);
  clear_vectors_sse();
}

}  // namespace ashlar::crypto::gcm

#endif
