// SPDX-License-Identifier: Apache-2.0
// CMAC with AES (SP 800-38B, RFC 4493): codes of 16 bytes, by itself and as a Mac. No table is indexed by a
// secret: constant time in key and message; their lengths are public.
#pragma once

#include <ashlar/crypto/aes.hpp>
#include <ashlar/crypto/mac.hpp>

namespace ashlar::crypto {

inline constexpr std::size_t kCmacSize = 16;  // bytes

// One implementation of CMAC.
struct CmacKernel {
  std::string_view name;
  cpu::Features required;
  void (*expand)(AesSchedule& schedule, Bytes key);
  // Chains whole blocks into `state`, which starts as zeros (SP 800-38B §6.2 step 6).
  void (*update)(const AesSchedule&, std::uint8_t state[16], const std::uint8_t* in, std::size_t blocks);
  // The code of what `state` has absorbed (null: nothing), followed by `in`. `in` holds the message's last
  // block, so it is empty for the empty message only. subkeys: K1 and K2 (§6.1).
  void (*finish)(const AesSchedule&, const std::uint8_t subkeys[32], const std::uint8_t* state,
                 const std::uint8_t* in, std::size_t size, std::uint8_t mac[16]);
};

// All implementations, best first; the last is portable.
std::span<const CmacKernel> cmac_kernels();

class AesCmacKey {  // one key of AES-CMAC
 public:
  // key: 16, 24 or 32 bytes, else bad_key_size. kernel: a row that this CPU can run (else
  // kernel_unavailable), or null for the best.
  static Result<AesCmacKey> create(Bytes key, const CmacKernel* kernel = nullptr);
  AesCmacKey(AesCmacKey&&) noexcept;
  AesCmacKey& operator=(AesCmacKey&&) noexcept;
  ~AesCmacKey();

  // The code of one message given in parts, into the first 16 bytes of `mac`, which must have room. Returns
  // those bytes. A code may be cut to its first bytes (§6.2 step 7). Compare codes with ct::equal, or let the
  // type-erased MacKey do it.
  MutBytes mac(std::span<const Bytes> message, MutBytes mac) const;
  MutBytes mac(Bytes message, MutBytes mac) const { return this->mac({&message, 1}, mac); }

 private:
  friend class AesCmac;
  AesCmacKey() = default;
  static Result<AesCmacKey> set_up(Bytes key, const CmacKernel& kernel);
  void take(AesCmacKey& other);

  AesSchedule schedule_;
  std::uint8_t subkeys_[32];
  const CmacKernel* kernel_ = nullptr;
};

// A code being computed. The key must outlive it and must not move.
class AesCmac {
 public:
  explicit AesCmac(const AesCmacKey& key) : key_(&key) {}
  ~AesCmac() { restart(); }

  // Any split of a message gives the same code.
  AesCmac& update(Bytes data);
  // Writes 16 bytes, returns them, and starts again.
  MutBytes finish(MutBytes mac);

 private:
  void restart();

  const AesCmacKey* key_;
  std::uint8_t state_[16] = {};
  std::uint8_t held_[16];  // the last block so far, complete or not
  std::size_t held_size_ = 0;
};

// As a Mac. Each takes a key of its size.
extern const MacAlgorithm kAes128Cmac;
extern const MacAlgorithm kAes192Cmac;
extern const MacAlgorithm kAes256Cmac;

}  // namespace ashlar::crypto
