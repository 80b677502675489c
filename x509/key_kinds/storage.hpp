// SPDX-License-Identifier: Apache-2.0
// How a row reaches the key in a PublicKey or a PrivateKey.
#pragma once

#include <ashlar/x509/keys.hpp>

#include <new>
#include <type_traits>

namespace ashlar::x509 {

struct KeyStorage {
  template <class Key>
  static PublicKey make(const KeyKind& kind, const Key& key) {
    static_assert(sizeof(Key) <= PublicKey::kCapacity && alignof(Key) <= 8);
    static_assert(std::is_trivially_copyable_v<Key>);
    PublicKey made;
    made.kind_ = &kind;
    new (made.storage_) Key(key);
    return made;
  }
  template <class Key>
  static PrivateKey make(const PrivateKeyKind& kind, Key&& key) {
    static_assert(sizeof(Key) <= PrivateKey::kCapacity && alignof(Key) <= 8);
    static_assert(!std::is_reference_v<Key>);
    PrivateKey made;
    made.kind_ = &kind;
    new (made.storage_) Key(std::move(key));
    return made;
  }
  // Only rows call this, and only for keys of their own kind.
  template <class Key>
  static const Key& get(const PublicKey& key) {
    return *std::launder(reinterpret_cast<const Key*>(key.storage_));
  }
  template <class Key>
  static Key& get(PublicKey& key) {
    return *std::launder(reinterpret_cast<Key*>(key.storage_));
  }
  template <class Key>
  static Key& get(PrivateKey& key) {
    return *std::launder(reinterpret_cast<Key*>(key.storage_));
  }
  template <class Key>
  static const Key& get(const PrivateKey& key) {
    return *std::launder(reinterpret_cast<const Key*>(key.storage_));
  }

  template <class Key>
  static void relocate(void* to, void* from) {
    Key* const old = std::launder(static_cast<Key*>(from));
    new (to) Key(std::move(*old));
    old->~Key();
  }
  template <class Key>
  static void destroy(void* key) {
    std::launder(static_cast<Key*>(key))->~Key();
  }
};

}  // namespace ashlar::x509
