// SPDX-License-Identifier: Apache-2.0
// AES-GCM-SIV (RFC 8452): an AEAD that stays safe if a nonce is repeated. Two messages sealed with the same
// key, nonce and additional data show whether they are equal, and nothing else. Sealing reads the plaintext
// twice. No table is indexed by a secret: constant time in key, data and tag.
#pragma once

#include <ashlar/crypto/aead.hpp>
#include <ashlar/crypto/aes.hpp>

namespace ashlar::crypto {

extern const AeadAlgorithm kAes128GcmSiv;  // AEAD_AES_128_GCM_SIV
extern const AeadAlgorithm kAes256GcmSiv;  // AEAD_AES_256_GCM_SIV

// One message as a kernel takes it.
struct GcmSivCall {
  const std::uint8_t* nonce;   // 12 bytes
  std::span<const Bytes> aad;  // used as one concatenated string
  std::uint64_t aad_total;     // its bytes
  const std::uint8_t* in;
  std::uint8_t* out;  // the same buffer or separate
  std::size_t size;
};

// One implementation of GCM-SIV: AES and POLYVAL together. Each message has keys of its own, derived from the
// nonce (RFC 8452 §4).
struct GcmSivKernel {
  std::string_view name;
  cpu::Features required;
  // The key-generating key: 16 or 32 bytes.
  void (*expand)(AesSchedule& schedule, Bytes key);
  void (*seal)(const AesSchedule& schedule, const GcmSivCall& call, std::uint8_t tag[16]);
  // Decrypts under `tag` and computes the tag that the plaintext should have. The caller compares and
  // wipes.
  void (*open)(const AesSchedule& schedule, const GcmSivCall& call, const std::uint8_t tag[16],
               std::uint8_t expected_tag[16]);
};

// All implementations, best first; the last is portable.
std::span<const GcmSivKernel> gcm_siv_kernels();

class AesGcmSivKey {  // one key of AES-GCM-SIV
 public:
  // key: 16 or 32 bytes, else bad_key_size. kernel: a row that this CPU can run (else kernel_unavailable), or
  // null for the best.
  static Result<AesGcmSivKey> create(Bytes key, const GcmSivKernel* kernel = nullptr);

  // As Aead::seal and Aead::open, but the nonce may be repeated, at the price stated above. nonce: 12 bytes,
  // else bad_nonce_size. At most 2^36 bytes of plaintext and of additional data (message_too_long; RFC 8452
  // §6). Output and input of different sizes: invalid_argument; forbidden overlap of output or tag:
  // partial_overlap.
  Result<void> seal(Bytes nonce, std::span<const Bytes> aad, Bytes plaintext, MutBytes ciphertext,
                    MutBytesOf<16> tag) const;
  Result<void> open(Bytes nonce, std::span<const Bytes> aad, Bytes ciphertext, BytesOf<16> tag,
                    MutBytes plaintext) const;

 private:
  AesGcmSivKey() = default;
  static Result<AesGcmSivKey> set_up(Bytes key, const GcmSivKernel& kernel);

  const GcmSivKernel* kernel_ = nullptr;
  AesSchedule schedule_;
};

}  // namespace ashlar::crypto
