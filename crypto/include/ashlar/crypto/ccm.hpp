// SPDX-License-Identifier: Apache-2.0
// AES-CCM (SP 800-38C, RFC 3610; in TLS RFC 6655). No table is indexed by a secret: constant time in key,
// data and tag.
#pragma once

#include <ashlar/crypto/aead.hpp>
#include <ashlar/crypto/aes.hpp>

namespace ashlar::crypto {

// As an Aead: 12-byte nonces only (else bad_nonce_size), and therefore at most 2^24 - 1 bytes of plaintext
// (else message_too_long). Tags of 16 bytes; 8 with CCM-8 (RFC 6655 §4).
extern const AeadAlgorithm kAes128Ccm;
extern const AeadAlgorithm kAes256Ccm;
extern const AeadAlgorithm kAes128Ccm8;
extern const AeadAlgorithm kAes256Ccm8;

// One message as a kernel takes it.
struct CcmCall {
  // The first block of the CBC-MAC (SP 800-38C §A.2.1) and the block of counter 0 (§A.3), each as two
  // big-endian numbers. The counter lies in the lowest bits and has room for all blocks of the text.
  std::uint64_t first_high, first_low;
  std::uint64_t counter_high, counter_low;
  // CBC-MAC of the first block and all additional data except its last blocks; null: nothing was chained yet.
  const std::uint8_t* mac;
  // The last blocks of the additional data (§A.2.2), at least one if `mac` is not null.
  const std::uint8_t* aad;
  std::size_t aad_blocks;
  const std::uint8_t* in;
  std::uint8_t* out;  // the same buffer or separate
  std::size_t size;
};

// One implementation of CCM. Tags have 16 bytes; the caller cuts them.
struct CcmKernel {
  std::string_view name;
  cpu::Features required;
  void (*expand)(AesSchedule& schedule, Bytes key);
  // Chains whole blocks into a CBC-MAC.
  void (*mac)(const AesSchedule&, std::uint8_t state[16], const std::uint8_t* in, std::size_t blocks);
  void (*seal)(const AesSchedule&, const CcmCall& call, std::uint8_t tag[16]);
  // Computes the expected tag while decrypting; the caller compares and wipes.
  void (*open)(const AesSchedule&, const CcmCall& call, std::uint8_t expected_tag[16]);
};

// All implementations, best first; the last is portable.
std::span<const CcmKernel> ccm_kernels();

class AesCcmKey {  // one key of AES-CCM
 public:
  // key: 16, 24 or 32 bytes, else bad_key_size. tag_size: 4, 6, 8, 10, 12, 14 or 16 bytes, the same for all
  // messages of a key (§5.3), else invalid_argument. kernel: a row that this CPU can run, or null for the
  // best.
  static Result<AesCcmKey> create(Bytes key, std::size_t tag_size, const CcmKernel* kernel = nullptr);

  std::size_t tag_size() const { return tag_size_; }

  // As Aead::seal and Aead::open, with tags of tag_size() bytes. nonce: 7 to 13 bytes, else bad_nonce_size. A
  // nonce of n bytes leaves 15 - n for the length, so the plaintext must be shorter than 2^(8 (15 - n)) bytes
  // (else message_too_long): 64 KiB for 13, 16 MiB for 12. Output and input of different sizes:
  // invalid_argument; forbidden overlap of output or tag: partial_overlap.
  Result<void> seal(Bytes nonce, std::span<const Bytes> aad, Bytes plaintext, MutBytes ciphertext,
                    MutBytes tag) const;
  Result<void> open(Bytes nonce, std::span<const Bytes> aad, Bytes ciphertext, Bytes tag,
                    MutBytes plaintext) const;

 private:
  struct Prelude;
  AesCcmKey() = default;
  static Result<AesCcmKey> set_up(Bytes key, std::size_t tag_size, const CcmKernel& kernel);
  Result<void> prepare(CcmCall& call, Prelude& prelude, Bytes nonce, std::span<const Bytes> aad,
                       const std::uint8_t* in, std::uint8_t* out, std::size_t size) const;

  AesSchedule schedule_;
  const CcmKernel* kernel_ = nullptr;
  std::size_t tag_size_ = 0;
};

}  // namespace ashlar::crypto
