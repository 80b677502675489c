// SPDX-License-Identifier: Apache-2.0
// AES (FIPS 197) and its CBC and CTR modes (SP 800-38A). No table is indexed by a secret: constant time in
// keys and data; lengths are public.
#pragma once

#include <ashlar/base/bytes.hpp>
#include <ashlar/base/result.hpp>
#include <ashlar/crypto/cpu.hpp>

namespace ashlar::crypto {

inline constexpr std::size_t kAesBlockSize = 16;  // bytes

// Round keys for one key in one direction; the layout is the kernel's own. Moves, and is wiped when it dies.
struct AesSchedule {
  AesSchedule() = default;
  AesSchedule(AesSchedule&& other) noexcept { *this = static_cast<AesSchedule&&>(other); }
  AesSchedule& operator=(AesSchedule&& other) noexcept {
    if (this != &other && (rounds != 0 || other.rounds != 0)) {
      rounds = other.rounds;
      std::memcpy(round_keys, other.round_keys, sizeof round_keys);
      wipe(&other, sizeof other);
    }
    return *this;
  }
  ~AesSchedule() {
    if (rounds != 0) {
      wipe(this, sizeof *this);
    }
  }

  alignas(16) std::uint8_t round_keys[15 * 64];  // room for the bitsliced form
  std::uint32_t rounds = 0;                      // 0: there are none
};

// One implementation of AES. Input and output are the same buffer or do not overlap.
struct AesKernel {
  std::string_view name;
  cpu::Features required;
  // key: 16, 24 or 32 bytes. A schedule serves the functions of its direction; CTR encrypts.
  void (*expand_encrypt)(AesSchedule& schedule, Bytes key);
  void (*expand_decrypt)(AesSchedule& schedule, Bytes key);
  void (*encrypt_blocks)(const AesSchedule&, const std::uint8_t* in, std::uint8_t* out, std::size_t blocks);
  void (*decrypt_blocks)(const AesSchedule&, const std::uint8_t* in, std::uint8_t* out, std::size_t blocks);
  // `iv` becomes the last ciphertext block.
  void (*cbc_encrypt)(const AesSchedule&, std::uint8_t iv[16], const std::uint8_t* in, std::uint8_t* out,
                      std::size_t blocks);
  void (*cbc_decrypt)(const AesSchedule&, std::uint8_t iv[16], const std::uint8_t* in, std::uint8_t* out,
                      std::size_t blocks);
  // XORs whole blocks with the key stream of a 128-bit big-endian counter, which advances by one per block.
  void (*ctr)(const AesSchedule&, std::uint8_t counter[16], const std::uint8_t* in, std::uint8_t* out,
              std::size_t blocks);
};

// All implementations, best first; the last is portable.
std::span<const AesKernel> aes_kernels();

// One key in one direction, expanded by the row that uses it. Modes keep this.
class AesKey {
 public:
  // key: 16, 24 or 32 bytes, else bad_key_size. kernel: a row that this CPU can run (else
  // kernel_unavailable), or null for the best.
  Result<void> expand_encrypt(Bytes key, const AesKernel* kernel);
  Result<void> expand_decrypt(Bytes key, const AesKernel* kernel);

  const AesKernel& kernel() const { return *kernel_; }
  const AesSchedule& schedule() const { return schedule_; }

 private:
  const AesKernel* kernel_ = nullptr;
  AesSchedule schedule_;
};

// CBC with one key in one direction. The caller pads.
class AesCbcEncryptor {
 public:
  // Errors as for AesKey.
  static Result<AesCbcEncryptor> create(Bytes key, const AesKernel* kernel = nullptr);

  // Whole blocks (else not_block_multiple), in place or into `out` of the same size (else invalid_argument),
  // without partial overlap (else partial_overlap).
  // `iv` becomes the last ciphertext block, so a message may come in pieces.
  Result<void> encrypt(MutBytesOf<16> iv, Bytes in, MutBytes out) const;

 private:
  friend class AesCbcScheduler;  // of aes_cbc_many.hpp
  AesCbcEncryptor() = default;
  AesKey key_;
};

class AesCbcDecryptor {  // one key of AES-CBC, to decrypt with
 public:
  // As for AesCbcEncryptor.
  static Result<AesCbcDecryptor> create(Bytes key, const AesKernel* kernel = nullptr);

  // As AesCbcEncryptor::encrypt: `iv` becomes the last ciphertext block.
  Result<void> decrypt(MutBytesOf<16> iv, Bytes in, MutBytes out) const;

 private:
  AesCbcDecryptor() = default;
  AesKey key_;
};

// CTR key stream with a 128-bit big-endian counter block (SP 800-38A §6.5).
class AesCtr {
 public:
  // Errors as above.
  static Result<AesCtr> create(Bytes key, BytesOf<16> initial_counter, const AesKernel* kernel = nullptr);
  AesCtr(AesCtr&&) noexcept;
  AesCtr& operator=(AesCtr&&) noexcept;
  ~AesCtr();

  // XORs the next in.size() bytes of key stream into `out` of the same size; any split of a message gives the
  // same bytes. Errors as above.
  Result<void> apply(Bytes in, MutBytes out);

 private:
  AesCtr() = default;
  AesKey key_;
  std::uint8_t counter_[16];
  std::uint8_t key_stream_[16];
  std::size_t used_ = 16;  // bytes of key_stream_ already used
};

}  // namespace ashlar::crypto
