// SPDX-License-Identifier: Apache-2.0
// Authenticated encryption with associated data (RFC 5116): one type for every AEAD, chosen by a constexpr
// object (kAes128Gcm in gcm.hpp), without heap.
#pragma once

#include <ashlar/base/bytes.hpp>
#include <ashlar/base/result.hpp>
#include <ashlar/crypto/cpu.hpp>

namespace ashlar::crypto {

// An AEAD as data. Sizes in bytes. The functions work on a key object, aligned to kKeyObjectAlignment.
struct AeadAlgorithm {
  static constexpr std::size_t kKeyObjectAlignment = 16;  // bytes

  std::string_view name;
  std::size_t key_size;
  std::size_t nonce_size;
  std::size_t tag_size;
  // kernel, here and below: the name of an implementation, or empty for the best one this CPU can run.
  // The size of its key objects, at most Aead::kCapacity; kernel_unavailable.
  Result<std::size_t> (*key_object_size)(std::string_view kernel);
  // Makes a key object at the start of `room`. After an error there is none: bad_key_size,
  // kernel_unavailable, buffer_too_small.
  Result<void> (*init)(MutBytes room, Bytes key, std::string_view kernel);
  Result<void> (*seal)(const void* key_object, Bytes nonce, std::span<const Bytes> aad, Bytes plaintext,
                       MutBytes ciphertext, MutBytes tag);
  Result<void> (*open)(const void* key_object, Bytes nonce, std::span<const Bytes> aad, Bytes ciphertext,
                       Bytes tag, MutBytes plaintext);
  // Moves a key object to memory that holds none yet. The old place then holds none.
  void (*move)(void* to, void* from);
  void (*destroy)(void* key_object);
};

// One key of one AEAD.
class Aead {
 public:
  static constexpr std::size_t kCapacity = 1152;

  // bad_key_size; kernel_unavailable when no implementation has that name or this CPU cannot run it.
  static Result<Aead> create(const AeadAlgorithm& algorithm, Bytes key, std::string_view kernel = {});
  Aead(Aead&& other) noexcept;
  Aead& operator=(Aead&& other) noexcept;
  ~Aead();

  const AeadAlgorithm& algorithm() const { return *algorithm_; }

  // Encrypts plaintext into `ciphertext` (same size; in place or separate, partial overlap is refused) and
  // writes the tag (tag_size bytes, else invalid_argument). The additional data is the concatenation of
  // `aad`. The caller must never repeat a nonce under one key.
  Result<void> seal(Bytes nonce, std::span<const Bytes> aad, Bytes plaintext, MutBytes ciphertext,
                    MutBytes tag) const {
    return algorithm_->seal(storage_, nonce, aad, plaintext, ciphertext, tag);
  }
  // Decrypts, or returns bad_tag with `plaintext` wiped. Constant time in everything except the sizes and the
  // verdict.
  Result<void> open(Bytes nonce, std::span<const Bytes> aad, Bytes ciphertext, Bytes tag,
                    MutBytes plaintext) const {
    return algorithm_->open(storage_, nonce, aad, ciphertext, tag, plaintext);
  }

 private:
  Aead() = default;
  static Result<Aead> set_up(const AeadAlgorithm& algorithm, Bytes key, std::string_view kernel);
  const AeadAlgorithm* algorithm_ = nullptr;
  alignas(AeadAlgorithm::kKeyObjectAlignment) std::uint8_t storage_[kCapacity];
};

}  // namespace ashlar::crypto
