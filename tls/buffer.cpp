// SPDX-License-Identifier: Apache-2.0
#include "buffer.hpp"

namespace ashlar::tls {

namespace {

constexpr std::size_t kFirstCapacity = 1280;
// Doubling stops here. A buffer that grows further (for a large Certificate message) gets its largest size at
// once. So old and new memory together stay below the bound of threats §2.10, and below four times the bytes
// that have come (A03).
constexpr std::size_t kLargestDoubling = 32 * kFirstCapacity;
constexpr std::size_t kLargestCapacity = 144 * 1024 + 64;

std::size_t capacity_for(std::size_t needed) {
  if (needed > kLargestDoubling) {
    return needed > kLargestCapacity ? needed : kLargestCapacity;
  }
  std::size_t capacity = kFirstCapacity;
  while (capacity < needed) {
    capacity *= 2;
  }
  return capacity;
}

}  // namespace

Buffer::Buffer(Buffer&& other) noexcept : memory_(other.memory_) {
  *this = std::move(other);
}

Buffer& Buffer::operator=(Buffer&& other) noexcept {
  if (this != &other) {
    release();
    memory_ = other.memory_;
    storage_ = other.storage_;
    capacity_ = other.capacity_;
    begin_ = other.begin_;
    end_ = other.end_;
    lent_ = other.lent_;
    handed_out_ = other.handed_out_;
    set_written(other.written_);
    other.storage_ = nullptr;
    other.lent_ = other.handed_out_ = false;
    other.capacity_ = other.begin_ = other.end_ = 0;
    other.written_ = 0;
  }
  return *this;
}

void Buffer::compact() {
  if (begin_ != 0) {
    std::memmove(storage_, storage_ + begin_, size());
    end_ -= begin_;
    begin_ = 0;
  }
}

Result<void> Buffer::reserve(std::size_t count) {
  if (count <= std::size_t{capacity_} - end_) {
    return {};
  }
  if (count <= capacity_ - size()) {
    compact();
    return {};
  }
  return ensure_capacity(capacity_ == 0 ? count : capacity_for(size() + count));
}

Result<void> Buffer::ensure_capacity(std::size_t capacity) {
  if (capacity <= capacity_) {
    return {};
  }
  auto* storage = capacity <= kLargest
                      ? static_cast<std::uint8_t*>(memory_->allocate(memory_->context, capacity))
                      : nullptr;
  if (storage == nullptr) {
    return Error{ErrorCode::out_of_memory, Place::none, static_cast<std::uint32_t>(capacity)};
  }
  move_to(storage, capacity);
  return {};
}

void Buffer::move_to(std::uint8_t* storage, std::size_t capacity) {
  const std::size_t held = size();
  if (held != 0) {
    std::memcpy(storage, storage_ + begin_, held);
  }
  release();
  storage_ = storage;
  capacity_ = static_cast<Size>(capacity);
  end_ = static_cast<Size>(held);
  set_written(end_);
}

void Buffer::lend(MutBytes storage) {
  move_to(storage.data(), storage.size() < kLargest ? storage.size() : kLargest);
  lent_ = true;
}

Result<void> Buffer::return_lent() {
  if (!lent_) {
    return {};
  }
  const std::size_t held = size();
  auto* own = held != 0 ? static_cast<std::uint8_t*>(memory_->allocate(memory_->context, held)) : nullptr;
  if (own != nullptr) {
    move_to(own, held);
    return {};
  }
  release();
  return held == 0 ? Result<void>{}
                   : Error{ErrorCode::out_of_memory, Place::none, static_cast<std::uint32_t>(held)};
}

void Buffer::commit(std::size_t count) {
  if (count > std::size_t{capacity_} - end_) {
    __builtin_trap();
  }
  end_ += static_cast<Size>(count);
  set_written(written_ < end_ ? end_ : written_);
  handed_out_ = false;
}

Result<void> Buffer::append(Bytes bytes) {
  ASHLAR_CHECK(reserve(bytes.size()));
  copy_bytes(room(), bytes);
  commit(bytes.size());
  return {};
}

void Buffer::consume(std::size_t count) {
  if (count > size()) {
    __builtin_trap();
  }
  begin_ += static_cast<Size>(count);
  if (begin_ == end_) {
    begin_ = end_ = 0;
  }
}

void Buffer::clear() {
  wipe(storage_, handed_out_ ? capacity_ : written_);
  begin_ = end_ = 0;
  written_ = 0;
}

void Buffer::release() {
  if (storage_ != nullptr && !lent_) {
    clear();
    memory_->free(memory_->context, storage_, capacity_);
  }
  storage_ = nullptr;
  lent_ = handed_out_ = false;
  capacity_ = begin_ = end_ = 0;
  written_ = 0;
}

}  // namespace ashlar::tls
