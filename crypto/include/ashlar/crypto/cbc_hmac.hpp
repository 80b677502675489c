// SPDX-License-Identifier: Apache-2.0
// AES-CBC with HMAC as in records of TLS 1.2: sealing in one pass.
#pragma once

#include <ashlar/crypto/aes.hpp>
#include <ashlar/crypto/hmac.hpp>

namespace ashlar::crypto {

// One implementation of AES-CBC encryption and a hash in one pass.
struct CbcHmacKernel {
  std::string_view name;
  cpu::Features required;
  // Absorbs `units` blocks of 64 bytes at `hashed` into `state` and encrypts as many bytes of `in` under
  // round keys of AesKernel's rows with the AES instructions; `iv` becomes the last ciphertext block. For
  // each unit `hashed` is read before `out` is written. By then the output of the units before it has been
  // written. Null: hash first, then encrypt, on the best rows of both.
  void (*pass)(void* state, const std::uint8_t* hashed, const AesSchedule& schedule, std::uint8_t iv[16],
               const std::uint8_t* in, std::uint8_t* out, std::size_t units);
};

// All implementations for a hash, best first; the last is portable.
std::span<const CbcHmacKernel> cbc_hmac_kernels(const HashAlgorithm& hash);

// Both keys of one direction. Constant time in keys and text; sizes are public. Opening is not here: its MAC
// must be checked before the padding can be trusted, which needs HmacKey::mac_secret_size.
class CbcHmacSealer {
 public:
  // key: 16, 24 or 32 bytes, else bad_key_size. mac_key: of any size. kernel: a row of
  // cbc_hmac_kernels(hash) that this CPU can run (else kernel_unavailable), or null for the best.
  static Result<CbcHmacSealer> create(const HashAlgorithm& hash, Bytes mac_key, Bytes key,
                                      const CbcHmacKernel* kernel = nullptr);

  std::size_t mac_size() const { return mac_.size(); }
  // The size with the shortest padding of TLS: up to the next whole block, at least one byte.
  static constexpr std::size_t padded_size(std::size_t size) {
    return (size / kAesBlockSize + 1) * kAesBlockSize;
  }

  // MAC-then-encrypt (RFC 5246 §6.2.3.2): encrypts text, HMAC(header || text) and padding. `out` has
  // padded_size(text.size() + mac_size()) bytes (else invalid_argument); text lies at its start or does not
  // overlap (else partial_overlap).
  Result<void> mac_then_encrypt(BytesOf<16> iv, Bytes header, Bytes text, MutBytes out) const;

  // Encrypt-then-MAC (RFC 7366 §3): encrypts text and padding, then appends HMAC(header || iv || ciphertext).
  // `out` has padded_size(text.size()) + mac_size() bytes. The rest is as above.
  Result<void> encrypt_then_mac(BytesOf<16> iv, Bytes header, Bytes text, MutBytes out) const;

 private:
  CbcHmacSealer(const HashAlgorithm& hash, Bytes mac_key) : mac_(hash, mac_key) {}
  void encrypt(std::uint8_t* chain, Bytes in, std::uint8_t* out) const;
  void encrypt_end(std::uint8_t* chain, Bytes text, Bytes mac, MutBytes out) const;

  AesKey key_;
  HmacKey mac_;
  const CbcHmacKernel* kernel_ = nullptr;
};

}  // namespace ashlar::crypto
