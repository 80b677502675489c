// SPDX-License-Identifier: Apache-2.0
// AES-GCM (SP 800-38D) with 128-bit tags. No secret indexes a table: constant time in key, data and tag.
#pragma once

#include <ashlar/crypto/aead.hpp>

#include <new>

namespace ashlar::crypto {

// As an Aead: 12-byte nonces only (RFC 5116 §5.1), else bad_nonce_size.
extern const AeadAlgorithm kAes128Gcm;
extern const AeadAlgorithm kAes256Gcm;

struct GcmKernel;

// A key. The data of its row lies behind it. The row says how many bytes that is and what they mean.
struct alignas(16) GcmKeyData {
  // As AesGcmKey::seal and open.
  Result<void> seal(Bytes nonce, std::span<const Bytes> aad, Bytes plaintext, MutBytes ciphertext,
                    MutBytesOf<16> tag) const;
  Result<void> open(Bytes nonce, std::span<const Bytes> aad, Bytes ciphertext, BytesOf<16> tag,
                    MutBytes plaintext) const;

  const GcmKernel* kernel = nullptr;  // the row; null: there is no key
  std::uint32_t rounds = 0;           // of AES
  std::uint32_t size = 0;             // bytes behind this

  // The row's data, behind this object.
  std::uint8_t* bytes() { return reinterpret_cast<std::uint8_t*>(this + 1); }
  const std::uint8_t* bytes() const { return reinterpret_cast<const std::uint8_t*>(this + 1); }
};

// Room for a key of any row.
struct GcmKeyRoom {
  static constexpr std::size_t kSize = sizeof(GcmKeyData) + 1008;  // bytes

  GcmKeyRoom() { new (room) GcmKeyData; }
  // The key at its start.
  GcmKeyData& data() { return *reinterpret_cast<GcmKeyData*>(room); }
  const GcmKeyData& data() const { return *reinterpret_cast<const GcmKeyData*>(room); }

  alignas(16) std::uint8_t room[kSize];  // the key, and what lies behind it
};

// One message as a kernel takes it.
struct GcmCall {
  const std::uint8_t* counter;  // J0 (SP 800-38D §7.1 step 2), or the nonce of 12 bytes that starts it
  bool counter_is_nonce;
  const std::uint8_t* hash;  // GHASH state of all additional data before its last piece; null: there is none
  const std::uint8_t* aad;   // the last piece, 0 to 16 bytes
  std::size_t aad_size;
  std::uint64_t aad_total;  // bytes of all additional data
  const std::uint8_t* in;
  std::uint8_t* out;  // the same buffer or separate
  std::size_t size;
};

// One implementation of GCM: AES and GHASH together.
struct GcmKernel {
  std::string_view name;
  cpu::Features required;
  // Size of the row's data for a key of 16, 24 or 32 bytes: a multiple of 16.
  std::size_t (*data_size)(std::size_t key_size);
  // Sets `rounds` and the row's data.
  void (*init)(GcmKeyData& data, Bytes key);
  void (*seal)(const GcmKeyData& data, const GcmCall& call, std::uint8_t tag[16]);
  // Computes the expected tag while decrypting; the caller compares and wipes.
  void (*open)(const GcmKeyData& data, const GcmCall& call, std::uint8_t expected_tag[16]);
  // Absorbs whole blocks into a GHASH state (SP 800-38D §6.4).
  void (*ghash)(const GcmKeyData& data, std::uint8_t state[16], const std::uint8_t* in, std::size_t blocks);
  cpu::Cores behind_on{};  // cores on which a row further down is faster
};

// All implementations, best first; the last is portable.
std::span<const GcmKernel> gcm_kernels();

class AesGcmKey {  // one key of AES-GCM
 public:
  // key: 16, 24 or 32 bytes, else bad_key_size. kernel: a row that this CPU can run, or null for the best.
  static Result<AesGcmKey> create(Bytes key, const GcmKernel* kernel = nullptr);
  AesGcmKey(AesGcmKey&&) noexcept;
  AesGcmKey& operator=(AesGcmKey&&) noexcept;
  ~AesGcmKey();

  // As Aead::seal and Aead::open. nonce: 12 bytes in protocols; any length from 1 byte on works (SP 800-38D
  // §8.2 says when), an empty one is bad_nonce_size. At most 2^36 - 32 bytes of plaintext and 2^61 - 1 of
  // additional data (message_too_long). Output and input of different sizes: invalid_argument; forbidden
  // overlap of output or tag: partial_overlap.
  Result<void> seal(Bytes nonce, std::span<const Bytes> aad, Bytes plaintext, MutBytes ciphertext,
                    MutBytesOf<16> tag) const {
    return room_.data().seal(nonce, aad, plaintext, ciphertext, tag);
  }
  Result<void> open(Bytes nonce, std::span<const Bytes> aad, Bytes ciphertext, BytesOf<16> tag,
                    MutBytes plaintext) const {
    return room_.data().open(nonce, aad, ciphertext, tag, plaintext);
  }

 private:
  friend class AesGmac;
  AesGcmKey() = default;
  static Result<AesGcmKey> set_up(Bytes key, const GcmKernel& kernel);

  GcmKeyRoom room_;
};

}  // namespace ashlar::crypto
