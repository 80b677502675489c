// SPDX-License-Identifier: Apache-2.0
// GCM-SIV in plain arithmetic: bitsliced AES beside the POLYVAL of ghash_portable.hpp. The four or six blocks
// for a message's keys are encrypted side by side.
#include <ashlar/base/endian.hpp>

#include "cpu/dead_stack.hpp"
#include "gcm/ghash_portable.hpp"
#include "gcm/stream_portable.hpp"
#include "gcm_siv/gcm_siv_kernels.hpp"

namespace ashlar::crypto::gcm_siv {
namespace {

// The keys of one message.
struct MessageKey {
  gcm::GhashKey polyval;
  AesSchedule aes;
};

// RFC 8452 §4, derive_keys.
void derive(const AesSchedule& schedule, const std::uint8_t nonce[12], MessageKey& made) {
  const std::size_t key_size = schedule.rounds == aes::rounds_for(16) ? 16 : 32;
  const std::size_t count = (16 + key_size) / 8;
  std::uint8_t blocks[6 * 16];
  for (std::size_t i = 0; i < count; ++i) {
    store_le32(blocks + 16 * i, static_cast<std::uint32_t>(i));
    std::memcpy(blocks + 16 * i + 4, nonce, 12);
  }
  aes::Portable::encrypt_blocks(schedule, blocks, blocks, count);
  std::uint8_t keys[6 * 8];
  for (std::size_t i = 0; i < count; ++i) {
    std::memcpy(keys + 8 * i, blocks + 16 * i, 8);
  }
  made.polyval = gcm::polyval_key(keys);
  aes::Portable::expand_encrypt(made.aes, {keys + 16, key_size});
  wipe(blocks, sizeof blocks);
  wipe(keys, sizeof keys);
}

// Absorbs bytes, the last block padded with zeros.
void absorb(const gcm::GhashKey& key, gcm::GhashState& state, const std::uint8_t* in, std::size_t size) {
  gcm::polyval_blocks(key, state, in, size / 16);
  if (size % 16 != 0) {
    std::uint8_t last[16] = {};
    std::memcpy(last, in + size / 16 * 16, size % 16);
    gcm::polyval_blocks(key, state, last, 1);
    wipe(last, sizeof last);
  }
}

// The tag of `text` and the additional data (RFC 8452 §4).
void make_tag(const MessageKey& key, const GcmSivCall& call, const std::uint8_t* text, std::uint8_t tag[16]) {
  gcm::GhashState state;
  for (AadBlocks aad(call.aad); aad.next();) {
    gcm::polyval_blocks(key.polyval, state, aad.data(), aad.count());
  }
  absorb(key.polyval, state, text, call.size);
  std::uint8_t block[16];
  store_le64(block, call.aad_total * 8);
  store_le64(block + 8, std::uint64_t{call.size} * 8);
  gcm::polyval_blocks(key.polyval, state, block, 1);
  store_le64(block, state.low);
  store_le64(block + 8, state.high);
  for (std::size_t i = 0; i < 12; ++i) {
    block[i] ^= call.nonce[i];
  }
  block[15] &= 0x7f;
  aes::Portable::encrypt_blocks(key.aes, block, tag, 1);
  wipe(&state, sizeof state);
  wipe(block, sizeof block);
}

void crypt(const MessageKey& key, const GcmSivCall& call, const std::uint8_t tag[16]) {
  std::uint8_t counter[16];
  std::memcpy(counter, tag, 16);
  counter[15] |= 0x80;
  gcm::Stream<kOrder> stream(reinterpret_cast<const std::uint64_t*>(key.aes.round_keys), key.aes.rounds,
                             counter);
  stream.apply(call.in, call.out, call.size);
}

void seal(const AesSchedule& schedule, const GcmSivCall& call, std::uint8_t tag[16]) {
  MessageKey key;
  derive(schedule, call.nonce, key);
  make_tag(key, call, call.in, tag);
  crypt(key, call, tag);
  wipe(&key, sizeof key);
}

void open(const AesSchedule& schedule, const GcmSivCall& call, const std::uint8_t tag[16],
          std::uint8_t expected_tag[16]) {
  MessageKey key;
  derive(schedule, call.nonce, key);
  crypt(key, call, tag);
  make_tag(key, call, call.out, expected_tag);
  wipe(&key, sizeof key);
}

// More stack than any of these functions takes; they spill slices, round keys and H.
constexpr std::size_t kStack = 4096;

}  // namespace

void Portable::seal(const AesSchedule& schedule, const GcmSivCall& call, std::uint8_t tag[16]) {
  call_and_wipe<kStack>(gcm_siv::seal, schedule, call, tag);
}

void Portable::open(const AesSchedule& schedule, const GcmSivCall& call, const std::uint8_t tag[16],
                    std::uint8_t expected_tag[16]) {
  call_and_wipe<kStack>(gcm_siv::open, schedule, call, tag, expected_tag);
}

}  // namespace ashlar::crypto::gcm_siv
