// SPDX-License-Identifier: Apache-2.0
// GCM with byte shuffles, for CPUs with neither the AES instructions nor carry-less multiplication: sixteen
// blocks of counter mode at a time (bitslice_x86_ssse3.hpp), and GHASH of ghash_x86_ssse3.hpp. The first
// batch holds J0 and fifteen counters.
#include "aes/bitslice_x86_ssse3.hpp"
#include "aes/xor_bytes.hpp"
#include "cpu/dead_stack.hpp"
#include "gcm/gcm_x86.hpp"
#include "gcm/ghash_x86_ssse3.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::gcm {
namespace {

using aes::load;
using aes::store;

template <Direction direction>
ASHLAR_TARGET(ASHLAR_SHUFFLE_TARGET)
void run_sliced(const GcmKeyData& data, const GcmCall& call, std::uint8_t tag[16]) {
  const ShuffleKey& key = key_of<ShuffleKey>(data);
  aes::SlicedKeys keys;
  aes::slice_keys(keys, key.round_keys, data.rounds);
  const std::uint8_t* in = call.in;
  std::uint8_t* out = call.out;
  std::size_t left = call.size;
  __m128i counter = first_counter(call);
  __m128i acc = call.hash != nullptr ? reversed(load(call.hash)) : _mm_setzero_si128();
  acc = absorb(key.table, acc, call.aad, call.aad_size);
  __m128i mask = _mm_setzero_si128();
  // J0 comes before the text.
  for (std::size_t from = 1; from != 0 || left != 0; from = 0) {
    const std::size_t room = 16 * (aes::kBatchBlocks - from);
    const std::size_t now = left < room ? left : room;
    if (direction == Direction::open) {
      acc = absorb(key.table, acc, in, now);
    }
    aes::Slices8 all[aes::kSlices];
    for (std::size_t i = 0; i < aes::kBatchBlocks; ++i) {
      aes::block(all, i) = reversed(counter);
      counter = _mm_add_epi32(counter, _mm_cvtsi32_si128(1));
    }
    aes::encrypt_slices(all, keys, data.rounds, from + (now + 15) / 16);
    mask = from != 0 ? all[0].w[0] : mask;
    for (std::size_t i = 0; 16 * i < now; ++i) {
      const __m128i stream = aes::block(all, from + i);
      if (now - 16 * i >= 16) {
        store(out + 16 * i, _mm_xor_si128(stream, load(in + 16 * i)));
      } else {
        alignas(16) std::uint8_t last[16];
        store(last, stream);
        aes::xor_bytes(out + 16 * i, in + 16 * i, last, now - 16 * i);
      }
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
  store(tag, _mm_xor_si128(reversed(acc), mask));
}

ASHLAR_TARGET(ASHLAR_SHUFFLE_TARGET) void init_sliced(GcmKeyData& data, Bytes key) {
  ShuffleKey& made = key_of<ShuffleKey>(data);
  data.rounds = aes::expand_ssse3(made.round_keys, key);
  aes::SlicedKeys keys;
  aes::slice_keys(keys, made.round_keys, data.rounds);
  aes::Slices8 zeros = {};
  aes::encrypt_slice(zeros, keys, data.rounds);
  alignas(16) std::uint8_t h[16];
  store(h, zeros.w[0]);
  fill_table(made.table, h);
}

ASHLAR_TARGET(ASHLAR_SHUFFLE_TARGET)
void ghash_sliced(const GcmKeyData& data, std::uint8_t state[16], const std::uint8_t* in,
                  std::size_t blocks) {
  store(state, reversed(absorb_blocks(key_of<ShuffleKey>(data).table, reversed(load(state)), in, blocks)));
}

// More stack than any of these functions takes: round keys as slices, slices, and multiples of H.
constexpr std::size_t kSlicedStack = 4096;

}  // namespace

std::size_t Ssse3::data_size(std::size_t key_size) {
  return size_of_key<ShuffleKey>(key_size);
}

void Ssse3::init(GcmKeyData& data, Bytes key) {
  // The key expansion is portable code, which may use any register.
  call_and_wipe<kSlicedStack>(init_sliced, data, key);
}

void Ssse3::seal(const GcmKeyData& data, const GcmCall& call, std::uint8_t tag[16]) {
  call_and_wipe_sse<kSlicedStack>(run_sliced<Direction::seal>, data, call, tag);
  clear_vectors_sse();
}

void Ssse3::open(const GcmKeyData& data, const GcmCall& call, std::uint8_t expected_tag[16]) {
  call_and_wipe_sse<kSlicedStack>(run_sliced<Direction::open>, data, call, expected_tag);
  clear_vectors_sse();
}

void Ssse3::ghash(const GcmKeyData& data, std::uint8_t state[16], const std::uint8_t* in,
                  std::size_t blocks) {
  call_and_wipe_sse<kSlicedStack>(ghash_sliced, data, state, in, blocks);
  clear_vectors_sse();
}

}  // namespace ashlar::crypto::gcm

#endif
