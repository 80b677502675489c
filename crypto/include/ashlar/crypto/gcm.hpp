// SPDX-License-Identifier: Apache-2.0
// AES-GCM (SP 800-38D) with 128-bit tags. No look-ups by secrets: constant time in key, data and tag.
#pragma once

#include <ashlar/crypto/aead.hpp>

namespace ashlar::crypto {

extern const AeadAlgorithm kAes128Gcm;
extern const AeadAlgorithm kAes256Gcm;

struct GcmKeyData;

// One implementation of GCM: AES and GHASH together.
struct GcmKernel {
  std::string_view name;
  cpu::Features required;
  void (*init)(GcmKeyData& data, Bytes key);
  // counter_block is J0 (SP 800-38D §7.1 step 2).
  void (*seal)(const GcmKeyData& data, const std::uint8_t counter_block[16], std::span<const Bytes> aad,
               Bytes plaintext, std::uint8_t* ciphertext, std::uint8_t tag[16]);
  // Computes the expected tag while decrypting; the caller compares and wipes.
  void (*open)(const GcmKeyData& data, const std::uint8_t counter_block[16], std::span<const Bytes> aad,
               Bytes ciphertext, std::uint8_t* plaintext, std::uint8_t expected_tag[16]);
  // GHASH over aad and data with lengths, for nonces that are not 96 bits long.
  void (*ghash)(const GcmKeyData& data, Bytes input, std::uint8_t out[16]);
};

// What a kernel keeps for a key; the layout is the kernel's own.
struct GcmKeyData {
  alignas(64) std::uint8_t bytes[2304];
  unsigned rounds = 0;
};

// All implementations, best first; the last is portable.
std::span<const GcmKernel> gcm_kernels();

class AesGcmKey {
 public:
  // key: 16, 24 or 32 bytes, else bad_key_size. kernel: a row that this CPU can run, or null for the best.
  static Result<AesGcmKey> create(Bytes key, const GcmKernel* kernel = nullptr);
  AesGcmKey(AesGcmKey&&) noexcept;
  AesGcmKey& operator=(AesGcmKey&&) noexcept;
  ~AesGcmKey();

  // As Aead::seal and Aead::open. nonce: 12 bytes in protocols; any length from 1 byte on is taken (SP
  // 800-38D §8.2 says when), the empty one refused with bad_nonce_size. At most 2^36 - 32 bytes
  // (message_too_long).
  Result<void> seal(Bytes nonce, std::span<const Bytes> aad, Bytes plaintext, MutBytes ciphertext,
                    MutBytesOf<16> tag) const;
  Result<void> open(Bytes nonce, std::span<const Bytes> aad, Bytes ciphertext, BytesOf<16> tag,
                    MutBytes plaintext) const;

 private:
  AesGcmKey() = default;
  const GcmKernel* kernel_ = nullptr;
  GcmKeyData data_;
};

}  // namespace ashlar::crypto
