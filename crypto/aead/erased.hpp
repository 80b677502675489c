// SPDX-License-Identifier: Apache-2.0
// An AeadAlgorithm out of a key class that has create(key, row), seal and open with 16-byte tags.
#pragma once

#include <ashlar/crypto/aead.hpp>

#include <new>

namespace ashlar::crypto {

// Table: the function that gives the key class's rows.
template <class Key, auto Table, std::size_t NonceSize>
struct ErasedAead {
  static_assert(sizeof(Key) <= Aead::kCapacity && alignof(Key) <= 64);

  static Result<void> init(void* key_object, Bytes key, std::string_view kernel) {
    const auto rows = Table();
    auto* row = rows.data();
    if (kernel.empty()) {
      row = nullptr;
    } else {
      while (row != rows.data() + rows.size() && row->name != kernel) {
        ++row;
      }
      if (row == rows.data() + rows.size()) {
        return ErrorCode::kernel_unavailable;
      }
    }
    ASHLAR_TRY(Key made, Key::create(key, row));
    new (key_object) Key(std::move(made));
    return {};
  }
  static Error bad_nonce(Bytes nonce) {
    return {ErrorCode::bad_nonce_size, Place::none, static_cast<std::uint32_t>(nonce.size())};
  }
  static Result<void> seal(const void* key_object, Bytes nonce, std::span<const Bytes> aad, Bytes plaintext,
                           MutBytes ciphertext, MutBytes tag) {
    if (nonce.size() != NonceSize) {
      return bad_nonce(nonce);
    }
    if (tag.size() != 16) {
      return ErrorCode::invalid_argument;
    }
    return static_cast<const Key*>(key_object)
        ->seal(nonce, aad, plaintext, ciphertext, tag.template first<16>());
  }
  static Result<void> open(const void* key_object, Bytes nonce, std::span<const Bytes> aad, Bytes ciphertext,
                           Bytes tag, MutBytes plaintext) {
    if (nonce.size() != NonceSize) {
      return bad_nonce(nonce);
    }
    if (tag.size() != 16) {
      wipe(plaintext);
      return ErrorCode::bad_tag;
    }
    return static_cast<const Key*>(key_object)
        ->open(nonce, aad, ciphertext, tag.template first<16>(), plaintext);
  }
  static void move(void* to, void* from) {
    Key& source = *static_cast<Key*>(from);
    new (to) Key(std::move(source));
    source.~Key();
  }
  static void destroy(void* key_object) { static_cast<Key*>(key_object)->~Key(); }

  static constexpr AeadAlgorithm algorithm(std::string_view name, std::size_t key_size) {
    return {name, key_size, NonceSize, 16, init, seal, open, move, destroy};
  }
};

}  // namespace ashlar::crypto
