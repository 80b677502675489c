// SPDX-License-Identifier: Apache-2.0
// Makes a MacAlgorithm from a key class with mac(parts, out) and a class for a running computation. The
// latter is made from the key and has update(data) and finish(out).
#pragma once

#include <ashlar/crypto/mac.hpp>

#include <new>

namespace ashlar::crypto {

template <class Key, class Computation>
struct ErasedMac {
  // The result of Create, constructed in place.
  using Object = Result<Key>;
  static_assert(sizeof(Object) <= MacKey::kCapacity && alignof(Object) <= 64);
  static_assert(sizeof(Computation) <= Mac::kCapacity && alignof(Computation) <= 64);

  // Create: Result<Key> (Bytes key, std::string_view kernel), the kernel as in MacAlgorithm::init.
  template <auto Create>
  static Result<void> init(void* key_object, Bytes key, std::string_view kernel) {
    const Object& made = *new (key_object) Object(Create(key, kernel));
    if (!made) {
      return made.error();
    }
    return {};
  }
  static const Key& key_of(const void* key_object) { return **static_cast<const Object*>(key_object); }
  static void mac(const void* key_object, std::span<const Bytes> message, MutBytes mac) {
    key_of(key_object).mac(message, mac);
  }
  static void start(void* computation, const void* key_object) {
    new (computation) Computation(key_of(key_object));
  }
  static void update(void* computation, Bytes data) { static_cast<Computation*>(computation)->update(data); }
  static void finish(void* computation, MutBytes mac) { static_cast<Computation*>(computation)->finish(mac); }
  static void end(void* computation) { static_cast<Computation*>(computation)->~Computation(); }
  static void move(void* to, void* from) {
    Object& source = *static_cast<Object*>(from);
    new (to) Object(std::move(source));
    source.~Object();
  }
  static void destroy(void* key_object) { static_cast<Object*>(key_object)->~Object(); }

  template <auto Create>
  static constexpr MacAlgorithm algorithm(std::string_view name, std::size_t key_size, std::size_t size) {
    return {name, key_size, size, init<Create>, mac, start, update, finish, end, move, destroy};
  }
};

}  // namespace ashlar::crypto
