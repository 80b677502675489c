// SPDX-License-Identifier: Apache-2.0
// An AeadAlgorithm out of a key class that has create(key, row), seal and open with 16-byte tags, or
// create(key, tag size, row), seal and open with tags of that size.
#pragma once

#include <ashlar/crypto/aead.hpp>

#include <new>

#include "cpu/choose.hpp"

namespace ashlar::crypto {

// Table: the function that gives the key class's rows. The key object is the Result that create() gave, made
// in its place: a key is large, and a move would also wipe where it was.
template <class Key, auto Table, std::size_t NonceSize, std::size_t TagSize = 16>
struct ErasedAead {
  using Object = Result<Key>;
  static_assert(sizeof(Object) <= Aead::kCapacity && alignof(Object) <= 64);

  static const Key& key_of(const void* key_object) { return **static_cast<const Object*>(key_object); }

  template <class Row>
  static Object create(Bytes key, const Row* row) {
    if constexpr (requires { Key::create(key, TagSize, row); }) {
      return Key::create(key, TagSize, row);
    } else {
      static_assert(TagSize == 16);
      return Key::create(key, row);
    }
  }
  static Result<void> init(void* key_object, Bytes key, std::string_view kernel) {
    ASHLAR_TRY(const auto* const row, cpu::choose_by_name(Table(), kernel));
    const Object& made = *new (key_object) Object(create(key, row));
    if (!made) {
      return made.error();
    }
    return {};
  }
  // The same span, its halves loaded one by one. They come in memory, written one by one, and compilers copy
  // all sixteen bytes at once, which has to wait for both stores to leave the core: some thirty cycles.
  template <class Span>
  static Span in_halves(Span span) {
    auto* data = span.data();
    auto size = span.size();
    __asm__("" : "+r"(data), "+r"(size));
    return {data, size};
  }
  static Error bad_nonce(Bytes nonce) {
    return {ErrorCode::bad_nonce_size, Place::none, static_cast<std::uint32_t>(nonce.size())};
  }
  static Result<void> seal(const void* key_object, Bytes nonce, std::span<const Bytes> aad, Bytes plaintext,
                           MutBytes ciphertext, MutBytes tag) {
    if (nonce.size() != NonceSize) {
      return bad_nonce(nonce);
    }
    if (tag.size() != TagSize) {
      return ErrorCode::invalid_argument;
    }
    return key_of(key_object)
        .seal(nonce, aad, in_halves(plaintext), in_halves(ciphertext), tag.template first<TagSize>());
  }
  static Result<void> open(const void* key_object, Bytes nonce, std::span<const Bytes> aad, Bytes ciphertext,
                           Bytes tag, MutBytes plaintext) {
    if (nonce.size() != NonceSize) {
      return bad_nonce(nonce);
    }
    if (tag.size() != TagSize) {
      wipe(plaintext);
      return ErrorCode::bad_tag;
    }
    return key_of(key_object)
        .open(nonce, aad, in_halves(ciphertext), tag.template first<TagSize>(), in_halves(plaintext));
  }
  static void move(void* to, void* from) {
    Object& source = *static_cast<Object*>(from);
    new (to) Object(std::move(source));
    source.~Object();
  }
  static void destroy(void* key_object) { static_cast<Object*>(key_object)->~Object(); }

  static constexpr AeadAlgorithm algorithm(std::string_view name, std::size_t key_size) {
    return {name, key_size, NonceSize, TagSize, sizeof(Object), init, seal, open, move, destroy};
  }
};

}  // namespace ashlar::crypto
