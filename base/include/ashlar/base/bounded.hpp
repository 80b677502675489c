// SPDX-License-Identifier: Apache-2.0
// Containers that hold at most a stated number of elements, in place, without heap.
#pragma once

#include <ashlar/base/bytes.hpp>
#include <ashlar/base/result.hpp>

#include <type_traits>

namespace ashlar {

// Up to Capacity values of a trivially destructible type.
template <class T, std::size_t Capacity>
class BoundedVector {
 public:
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  static constexpr std::size_t capacity() { return Capacity; }

  // capacity_exceeded when full.
  Result<void> push(const T& value) {
    if (size_ == Capacity) {
      return Error{ErrorCode::capacity_exceeded, Place::none, static_cast<std::uint32_t>(Capacity)};
    }
    values_[size_++] = value;
    return {};
  }
  void pop() { --size_; }
  void clear() { size_ = 0; }

  T& operator[](std::size_t i) { return values_[check(i)]; }
  const T& operator[](std::size_t i) const { return values_[check(i)]; }
  T* begin() { return values_; }
  T* end() { return values_ + size_; }
  const T* begin() const { return values_; }
  const T* end() const { return values_ + size_; }
  std::span<const T> span() const { return {values_, size_}; }
  std::span<T> span() { return {values_, size_}; }

 private:
  std::size_t check(std::size_t i) const {
    if (i >= size_) {
      __builtin_trap();
    }
    return i;
  }

  T values_[Capacity] = {};
  std::size_t size_ = 0;
};

// Up to Capacity bytes that are public. Secret ones belong in SecretBuffer.
template <std::size_t Capacity>
class BoundedBuffer {
 public:
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  static constexpr std::size_t capacity() { return Capacity; }
  Bytes bytes() const { return {bytes_, size_}; }
  MutBytes bytes_mut() { return {bytes_, size_}; }  // what it holds, to be changed
  void clear() { size_ = 0; }

  // capacity_exceeded, and no change, when value does not fit.
  Result<void> assign(Bytes value) {
    if (value.size() <= Capacity) {
      size_ = 0;
    }
    return append(value);
  }
  Result<void> append(Bytes value) {  // capacity_exceeded, and no change, if it does not fit
    if (value.size() > Capacity - size_) {
      return Error{ErrorCode::capacity_exceeded, Place::none, static_cast<std::uint32_t>(Capacity)};
    }
    copy_bytes({bytes_ + size_, Capacity - size_}, value);
    size_ = static_cast<Size>(size_ + value.size());
    return {};
  }
  // Shrinks, or grows by bytes of unspecified value up to the capacity.
  void resize(std::size_t size) {
    if (size > Capacity) {
      __builtin_trap();
    }
    size_ = static_cast<Size>(size);
  }

 private:
  using Size = std::conditional_t<(Capacity < 0x10000), std::uint16_t, std::uint32_t>;
  std::uint8_t bytes_[Capacity] = {};
  Size size_ = 0;
};

}  // namespace ashlar
