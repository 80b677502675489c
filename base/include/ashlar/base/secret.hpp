// SPDX-License-Identifier: Apache-2.0
// Secrets have a type: they move, do not copy, cannot be compared or printed, and are wiped when they die.
#pragma once

#include <ashlar/base/bytes.hpp>

#include <type_traits>

namespace ashlar {

// N secret bytes. Their value is reached only through reveal() and reveal_mut(), which one can grep for.
template <std::size_t N>
class Secret {
 public:
  static constexpr std::size_t kSize = N;

  Secret() = default;
  explicit Secret(BytesOf<N> value) { std::memcpy(bytes_, value.data(), N); }
  Secret(Secret&& other) noexcept { take(other); }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) {
      take(other);
    }
    return *this;
  }
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret() { wipe(bytes_, N); }

  bool operator==(const Secret&) const = delete;

  static constexpr std::size_t size() { return N; }
  BytesOf<N> reveal() const { return BytesOf<N>(bytes_, N); }
  MutBytesOf<N> reveal_mut() { return MutBytesOf<N>(bytes_, N); }  // the bytes, to be written

 private:
  void take(Secret& other) {
    std::memcpy(bytes_, other.bytes_, N);
    wipe(other.bytes_, N);
  }

  std::uint8_t bytes_[N] = {};
};

// Up to Capacity secret bytes. Their number is public.
template <std::size_t Capacity>
class SecretBuffer {
 public:
  SecretBuffer() = default;
  // Stops the program if value is longer than Capacity: check lengths that come from outside first.
  explicit SecretBuffer(Bytes value) { assign(value); }
  SecretBuffer(SecretBuffer&& other) noexcept { take(other); }
  SecretBuffer& operator=(SecretBuffer&& other) noexcept {
    if (this != &other) {
      take(other);
    }
    return *this;
  }
  SecretBuffer(const SecretBuffer&) = delete;
  SecretBuffer& operator=(const SecretBuffer&) = delete;
  ~SecretBuffer() { clear(); }

  bool operator==(const SecretBuffer&) const = delete;

  static constexpr std::size_t capacity() { return Capacity; }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  Bytes reveal() const { return {bytes_, size_}; }
  MutBytes reveal_mut() { return {bytes_, size_}; }  // the bytes, to be written

  void assign(Bytes value) {  // a copy of these; more than its capacity stops the program
    resize(value.size());
    copy_bytes(reveal_mut(), value);
  }
  // New bytes are zero, cut ones are wiped.
  void resize(std::size_t size) {
    if (size > Capacity) {
      __builtin_trap();
    }
    if (size < size_) {
      wipe(bytes_ + size, size_ - size);
    }
    size_ = static_cast<Size>(size);
  }
  void clear() {
    wipe(bytes_, Capacity);
    size_ = 0;
  }

 private:
  void take(SecretBuffer& other) {
    std::memcpy(bytes_, other.bytes_, Capacity);
    size_ = other.size_;
    other.clear();
  }

  // An idle connection has several.
  using Size = std::conditional_t<(Capacity < 0x10000), std::uint16_t, std::uint32_t>;
  std::uint8_t bytes_[Capacity] = {};
  Size size_ = 0;
};

}  // namespace ashlar
