// SPDX-License-Identifier: Apache-2.0
// GMAC with AES (SP 800-38D §3): GCM without a plaintext; codes of 16 bytes. It is not a MacAlgorithm: each
// message needs a nonce, and two messages under one nonce let others forge codes. No table is indexed by a
// secret: constant time in key and message.
#pragma once

#include <ashlar/crypto/gcm.hpp>

namespace ashlar::crypto {

// One key. GCM under the same key would use up the same nonces.
class AesGmacKey {
 public:
  // As AesGcmKey::create.
  static Result<AesGmacKey> create(Bytes key, const GcmKernel* kernel = nullptr);

  // The code of one message given in parts, at most 2^61 - 1 bytes (message_too_long). nonce: 12 bytes in
  // protocols; any size from 1 byte on, else bad_nonce_size. Never use a nonce twice.
  Result<void> mac(Bytes nonce, std::span<const Bytes> message, MutBytesOf<16> mac) const {
    return key_.seal(nonce, message, {}, {}, mac);
  }
  Result<void> mac(Bytes nonce, Bytes message, MutBytesOf<16> mac) const {  // of a message in one piece
    return this->mac(nonce, {&message, 1}, mac);
  }
  // Succeeds if `mac` is the message's code, else bad_tag. Other errors as above.
  Result<void> verify(Bytes nonce, std::span<const Bytes> message, BytesOf<16> mac) const {
    return key_.open(nonce, message, {}, mac, {});
  }
  Result<void> verify(Bytes nonce, Bytes message, BytesOf<16> mac) const {  // of a message in one piece
    return verify(nonce, {&message, 1}, mac);
  }

 private:
  friend class AesGmac;
  explicit AesGmacKey(AesGcmKey key) : key_(std::move(key)) {}
  AesGcmKey key_;
};

// A code being computed. The key must outlive it and must not move.
class AesGmac {
 public:
  explicit AesGmac(const AesGmacKey& key) : key_(key.key_) {}
  AesGmac(const AesGmac&) = delete;
  AesGmac& operator=(const AesGmac&) = delete;
  ~AesGmac() { end(); }

  // Begins a message, also instead of one that was not finished. Errors as for AesGmacKey::mac.
  Result<void> start(Bytes nonce);
  // Any split of a message gives the same code.
  AesGmac& update(Bytes data);
  // As AesGmacKey's mac and verify. After either, call start() first: until then both return
  // invalid_argument.
  Result<void> finish(MutBytesOf<16> mac);
  Result<void> verify(BytesOf<16> mac);

 private:
  void end();

  const AesGcmKey& key_;
  bool started_ = false;
  std::uint8_t j0_[16];
  std::uint8_t hash_[16];
  std::uint8_t held_[16];  // the last block so far, complete or not
  std::size_t held_size_ = 0;
  std::uint64_t size_ = 0;  // above the limit: the message is too long
};

}  // namespace ashlar::crypto
