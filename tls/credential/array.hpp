// SPDX-License-Identifier: Apache-2.0
// An array in the caller's memory, whose length is known at run time only.
#pragma once

#include "buffer.hpp"

#include <utility>

namespace ashlar::tls {

template <class T>
class Array {
 public:
  explicit Array(const Memory& memory) : memory_(memory) {}
  Array(const Array&) = delete;
  Array& operator=(const Array&) = delete;
  ~Array() {
    for (std::size_t i = 0; i < size_; ++i) {
      values_[i].~T();
    }
    if (start_ != nullptr) {
      memory_.free(memory_.context, start_, bytes_);
    }
  }

  // May be called once: room for `capacity` values. out_of_memory.
  Result<void> reserve(std::size_t capacity) {
    bytes_ = capacity * sizeof(T) + alignof(T);
    start_ = memory_.allocate(memory_.context, bytes_);
    if (start_ == nullptr) {
      return Error{ErrorCode::out_of_memory, Place::none, static_cast<std::uint32_t>(bytes_)};
    }
    const auto address = reinterpret_cast<std::uintptr_t>(start_);
    const std::size_t skip = (alignof(T) - address % alignof(T)) % alignof(T);
    values_ = reinterpret_cast<T*>(static_cast<std::uint8_t*>(start_) + skip);
    capacity_ = capacity;
    return {};
  }
  // Must stay within the room.
  template <class Value>
  void push(Value&& value) {
    if (size_ == capacity_) {
      __builtin_trap();
    }
    new (values_ + size_++) T(std::forward<Value>(value));
  }
  // Keeps the first `size` values, which must be trivial.
  void shorten(std::size_t size) { size_ = size; }

  std::span<T> span() { return {values_, size_}; }
  std::span<const T> span() const { return {values_, size_}; }

 private:
  Memory memory_;
  void* start_ = nullptr;
  std::size_t bytes_ = 0;
  T* values_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace ashlar::tls
