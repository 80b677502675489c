// SPDX-License-Identifier: Apache-2.0
// One object of one of several types: as much of std::variant as the libraries need. Some compilers emit the
// move of a std::variant as a symbol of libstdc++. The move of this type is in namespace ashlar.
#pragma once

#include <ashlar/base/needs_cxx20.hpp>

#include <cstdint>
#include <new>
#include <type_traits>
#include <utility>

namespace ashlar {

template <class... T>
class OneOf {  // one value, of one of these types
  template <class First, class...>
  struct FirstOf {
    using Type = First;
  };

 public:
  // An object of the first type.
  OneOf() : index_(0) { new (storage_) typename FirstOf<T...>::Type(); }
  template <class U, class V = std::remove_cv_t<std::remove_reference_t<U>>>
  requires(std::is_same_v<V, T> || ...) OneOf(U&& value) : index_(index_of<V>()) {
    new (storage_) V(std::forward<U>(value));
  }
  OneOf(OneOf&& other) noexcept { take(other); }
  OneOf& operator=(OneOf&& other) noexcept {
    if (this != &other) {
      destroy();
      take(other);
    }
    return *this;
  }
  ~OneOf() { destroy(); }

  // The place of the held type in the list of types.
  std::size_t index() const { return index_; }
  // What is held, or null if it is of another type.
  template <class U>
  U* get_if() {
    return index_ == index_of<U>() ? std::launder(reinterpret_cast<U*>(storage_)) : nullptr;
  }
  template <class U>
  const U* get_if() const {  // the value if it is a U, else null
    return const_cast<OneOf*>(this)->template get_if<U>();
  }

 private:
  template <class U>
  static constexpr std::uint8_t index_of() {
    std::uint8_t index = 0;
    (void)((std::is_same_v<U, T> || (++index, false)) || ...);
    return index;
  }
  static constexpr std::size_t size() {
    std::size_t most = 0;
    ((most = sizeof(T) > most ? sizeof(T) : most), ...);
    return most;
  }
  template <class U>
  bool take_one(OneOf& other) {
    if (U* const value = other.template get_if<U>()) {
      new (storage_) U(std::move(*value));
      return true;
    }
    return false;
  }
  // Not inline, because a state machine moves its states in many places.
  [[gnu::noinline]] void take(OneOf& other) {
    index_ = other.index_;
    (void)(take_one<T>(other) || ...);
  }
  template <class U>
  bool destroy_one() {
    if (U* const value = get_if<U>()) {
      value->~U();
      return true;
    }
    return false;
  }
  [[gnu::noinline]] void destroy() { (void)(destroy_one<T>() || ...); }

  std::uint8_t index_;
  alignas(T...) unsigned char storage_[size()];
};

}  // namespace ashlar
