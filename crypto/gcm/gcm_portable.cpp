// SPDX-License-Identifier: Apache-2.0
// GCM in plain arithmetic: bitsliced AES in counter mode, four blocks at a time, beside the GHASH of
// ghash_portable.hpp. The first batch holds J0 and three counters.
#include "aes/aes_kernels.hpp"
#include "cpu/dead_stack.hpp"
#include "gcm/ghash_portable.hpp"
#include "gcm/stream_portable.hpp"

#include <ashlar/base/endian.hpp>

#include <cstddef>

namespace ashlar::crypto::gcm {
namespace {

// The key data of this row; a short key has fewer round keys.
struct Key {
  GhashKey ghash;
  std::uint64_t round_keys[15 * 8];
};
static_assert(sizeof(GcmKeyData) + sizeof(Key) <= GcmKeyRoom::kSize);

const Key& key_of(const GcmKeyData& data) {
  return *reinterpret_cast<const Key*>(data.bytes());
}

// Absorbs bytes, the last block padded with zeros.
void absorb(const Key& key, GhashState& state, const std::uint8_t* in, std::size_t size) {
  ghash_blocks(key.ghash, state, in, size / 16);
  if (size % 16 != 0) {
    std::uint8_t last[16] = {};
    std::memcpy(last, in + size / 16 * 16, size % 16);
    ghash_blocks(key.ghash, state, last, 1);
    wipe(last, sizeof last);
  }
}

template <Direction direction>
void run(const GcmKeyData& data, const GcmCall& call, std::uint8_t tag[16]) {
  const Key& key = key_of(data);
  std::uint8_t j0[16];
  if (call.counter_is_nonce) {
    std::memcpy(j0, call.counter, 12);
    store_be32(j0 + 12, 1);
  } else {
    std::memcpy(j0, call.counter, 16);
  }
  Stream<Order::last_lowest> stream(key.round_keys, data.rounds, j0);
  std::uint8_t mask[16];
  std::memcpy(mask, stream.next(), 16);

  GhashState state;
  if (call.hash != nullptr) {
    state = {load_be64(call.hash), load_be64(call.hash + 8)};
  }
  absorb(key, state, call.aad, call.aad_size);
  if (direction == Direction::open) {
    absorb(key, state, call.in, call.size);
  }
  stream.apply(call.in, call.out, call.size);
  if (direction == Direction::seal) {
    absorb(key, state, call.out, call.size);
  }
  std::uint8_t lengths[16];
  store_be64(lengths, call.aad_total * 8);
  store_be64(lengths + 8, std::uint64_t{call.size} * 8);
  ghash_blocks(key.ghash, state, lengths, 1);

  // Written only after all input was read: the tag may overwrite input.
  store_be64(tag, load_be64(mask) ^ state.high);
  store_be64(tag + 8, load_be64(mask + 8) ^ state.low);
  wipe(mask, sizeof mask);
  wipe(&state, sizeof state);
}

void init(GcmKeyData& data, Bytes key) {
  AesSchedule schedule;
  aes::Portable::expand_encrypt(schedule, key);
  std::uint8_t h[16] = {};
  aes::Portable::encrypt_blocks(schedule, h, h, 1);
  Key& made = *reinterpret_cast<Key*>(data.bytes());
  std::memcpy(made.round_keys, schedule.round_keys, 64 * (schedule.rounds + std::size_t{1}));
  made.ghash = ghash_key(h);
  data.rounds = schedule.rounds;
  wipe(h, sizeof h);
}

void ghash(const GcmKeyData& data, std::uint8_t state[16], const std::uint8_t* in, std::size_t blocks) {
  GhashState running = {load_be64(state), load_be64(state + 8)};
  ghash_blocks(key_of(data).ghash, running, in, blocks);
  store_be64(state, running.high);
  store_be64(state + 8, running.low);
}

// More stack than any of these functions takes; they spill slices, round keys and H.
constexpr std::size_t kStack = 4096;

}  // namespace

std::size_t Portable::data_size(std::size_t key_size) {
  return offsetof(Key, round_keys) + 64 * (aes::rounds_for(key_size) + std::size_t{1});
}

void Portable::init(GcmKeyData& data, Bytes key) {
  call_and_wipe<kStack>(gcm::init, data, key);
}

void Portable::seal(const GcmKeyData& data, const GcmCall& call, std::uint8_t tag[16]) {
  call_and_wipe<kStack>(run<Direction::seal>, data, call, tag);
}

void Portable::open(const GcmKeyData& data, const GcmCall& call, std::uint8_t expected_tag[16]) {
  call_and_wipe<kStack>(run<Direction::open>, data, call, expected_tag);
}

void Portable::ghash(const GcmKeyData& data, std::uint8_t state[16], const std::uint8_t* in,
                     std::size_t blocks) {
  call_and_wipe<kStack>(gcm::ghash, data, state, in, blocks);
}

}  // namespace ashlar::crypto::gcm
