// SPDX-License-Identifier: Apache-2.0
// Makes an AeadAlgorithm from a key class that has create(key, row), seal and open with 16-byte tags, or
// create(key, tag size, row), seal and open with tags of that size.
#pragma once

#include <ashlar/crypto/aead.hpp>

#include <new>

#include "cpu/choose.hpp"

namespace ashlar::crypto {

// A key object with one size for every row: the Result of create(), constructed in place. A key is large, and
// a move would also have to wipe the old place.
template <class Key, std::size_t TagSize>
struct WholeKey {
  using Object = Result<Key>;
  static_assert(sizeof(Object) <= Aead::kCapacity && alignof(Object) <= AeadAlgorithm::kKeyObjectAlignment);

  template <class Row>
  static std::size_t size(const Row&, std::size_t) {
    return sizeof(Object);
  }
  static const Key& of(const void* key_object) { return **static_cast<const Object*>(key_object); }

  template <class Row>
  static Object create(Bytes key, const Row* row) {
    if constexpr (requires { Key::create(key, TagSize, row); }) {
      return Key::create(key, TagSize, row);
    } else {
      static_assert(TagSize == 16);
      return Key::create(key, row);
    }
  }
  template <class Row>
  static Result<void> init(void* key_object, Bytes key, const Row& row) {
    const Object& made = *new (key_object) Object(create(key, &row));
    if (!made) {
      return made.error();
    }
    return {};
  }
  static void move(void* to, void* from) {
    Object& source = *static_cast<Object*>(from);
    new (to) Object(std::move(source));
    source.~Object();
  }
  static void destroy(void* key_object) { static_cast<Object*>(key_object)->~Object(); }
};

// Holder: makes, finds, moves and ends key objects, as WholeKey does. Table: the function that gives the
// rows.
template <class Holder, auto Table, std::size_t NonceSize, std::size_t TagSize = 16>
struct ErasedAead {
  template <std::size_t KeySize>
  static Result<std::size_t> size(std::string_view kernel) {
    ASHLAR_TRY(const auto* const row, cpu::choose_by_name(Table(), kernel));
    return Holder::size(*row, KeySize);
  }
  static Result<void> init(MutBytes room, Bytes key, std::string_view kernel) {
    ASHLAR_TRY(const auto* const row, cpu::choose_by_name(Table(), kernel));
    if (const std::size_t size = Holder::size(*row, key.size()); room.size() < size) {
      return Error{ErrorCode::buffer_too_small, Place::none, static_cast<std::uint32_t>(size)};
    }
    return Holder::init(room.data(), key, *row);
  }
  // The same span, with its halves loaded one by one. They were stored one by one. Compilers load all sixteen
  // bytes at once, and that load waits until both stores have left the core: some thirty cycles.
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
    return Holder::of(key_object)
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
    return Holder::of(key_object)
        .open(nonce, aad, in_halves(ciphertext), tag.template first<TagSize>(), in_halves(plaintext));
  }

  template <std::size_t KeySize>
  static constexpr AeadAlgorithm algorithm(std::string_view name) {
    return {name, KeySize, NonceSize, TagSize,      size<KeySize>,
            init, seal,    open,      Holder::move, Holder::destroy};
  }
};

template <class Key, auto Table, std::size_t NonceSize, std::size_t TagSize = 16>
using ErasedKey = ErasedAead<WholeKey<Key, TagSize>, Table, NonceSize, TagSize>;

}  // namespace ashlar::crypto
