// SPDX-License-Identifier: Apache-2.0
// Common parts of the scans for dead secrets.
#pragma once

#include <ashlar/crypto/aes.hpp>
#include <ashlar/crypto/gcm.hpp>
#include <ashlar/crypto/hash.hpp>

#include "crypto/gcm/raw_key.hpp"
#include "crypto/rows.hpp"
#include "support/bytes.hpp"
#include "support/registers.hpp"
#include "support/skip.hpp"
#include "support/stack.hpp"

namespace ashlar::test {

inline void append(Buffer& to, Bytes more) {
  to.insert(to.end(), more.begin(), more.end());
}

inline Buffer difference(Bytes a, Bytes b) {
  Buffer out(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    out[i] = static_cast<std::uint8_t>(a[i] ^ b[i]);
  }
  return out;
}

// Words of `secrets` that a call leaves, on the stack or in vector registers.
inline std::size_t left(Bytes secrets, const std::function<void()>& call) {
  return words_left_on_stack(secrets, call) + words_left_in_vectors(secrets, call);
}

// The schedule that a row's `expand` makes from a key, and one block under AES.
inline Buffer round_keys(void (*expand)(crypto::AesSchedule&, Bytes), Bytes key) {
  crypto::AesSchedule schedule;
  std::memset(static_cast<void*>(&schedule), 0, sizeof schedule);
  expand(schedule, key);
  return buffer_of(Bytes(schedule.round_keys));
}
inline Buffer encrypted(Bytes key, Bytes block) {
  const crypto::AesKernel& portable = crypto::aes_kernels().back();
  crypto::AesSchedule schedule;
  portable.expand_encrypt(schedule, key);
  Buffer out(16);
  portable.encrypt_blocks(schedule, block.data(), out.data(), 1);
  return out;
}

// The key, the row's data, and the mask of the tag under a nonce of 12 bytes.
inline Buffer secrets_of_gcm(const crypto::GcmKernel& row, Bytes key, Bytes nonce) {
  RawGcmKey made(row, key);
  Buffer secrets = buffer_of(key), first = buffer_of(nonce);
  append(secrets, made.kept());
  append(first, Buffer{0, 0, 0, 1});
  append(secrets, encrypted(key, first));
  return secrets;
}

// The states after HMAC's padded keys, and those keys. The key is at most a block.
inline Buffer secrets_of_hmac(const crypto::HashAlgorithm& hash, Bytes key) {
  Buffer secrets = buffer_of(key);
  for (const std::uint8_t flip : {std::uint8_t{0x36}, std::uint8_t{0x5c}}) {
    Buffer pad(hash.block_size, flip);
    for (std::size_t i = 0; i < key.size(); ++i) {
      pad[i] ^= key[i];
    }
    pad.resize(key.size());
    append(secrets, forms_of(pad, hash.word_size));
    pad.resize(hash.block_size, flip);
    alignas(64) std::uint8_t state[crypto::Hash::kStateCapacity] = {};
    hash.init(state);
    hash.kernels().back().compress(state, pad.data(), 1);
    append(secrets, forms_of({state, hash.state_size}, hash.word_size));
  }
  return secrets;
}

}  // namespace ashlar::test

#define SKIP_UNDER_SANITISERS()                                      \
  if (test::kFramesHoldCopies) {                                     \
    SKIP_CASE("this build's stack frames keep copies of their own"); \
  }
