// SPDX-License-Identifier: Apache-2.0
// Memory of a connection, all of it from Memory {allocate, free, context}, which may fail at any call.
#pragma once

#include <ashlar/tls/config.hpp>

#include <new>

namespace ashlar::tls {

// A queue of bytes: appended at the end, consumed from the start. It grows only when asked to. What it gives
// back is wiped as far as it was written: most handshakes fill a small part of the room for a record.
class Buffer {
 public:
  // memory: outlives the buffer, and what is moved out of it.
  explicit Buffer(const Memory& memory) : memory_(&memory) {}
  explicit Buffer(const Memory&&) = delete;
  Buffer(Buffer&& other) noexcept;
  Buffer& operator=(Buffer&& other) noexcept;
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() { release(); }

  const Memory& memory() const { return *memory_; }
  bool empty() const { return begin_ == end_; }
  std::size_t size() const { return end_ - begin_; }
  std::size_t capacity() const { return capacity_; }
  Bytes bytes() const { return {storage_ + begin_, size()}; }
  MutBytes bytes_mut() { return {storage_ + begin_, size()}; }

  // Makes room for `count` more bytes, by moving what it holds to the front or into a larger allocation.
  // Spans into the buffer end here. out_of_memory leaves everything as it was.
  Result<void> reserve(std::size_t count);
  // The room behind the last byte, and how much of it has been filled. Until commit() says how much, all of
  // it counts as written.
  MutBytes room() {
    handed_out_ = true;
    return {storage_ + end_, std::size_t{capacity_} - end_};
  }
  void commit(std::size_t count);
  Result<void> append(Bytes bytes);
  // Makes the capacity at least this, and no larger if it has to grow.
  Result<void> ensure_capacity(std::size_t capacity);
  // Moves what the buffer holds to its front, so that room() is as large as it can be.
  void compact();

  void consume(std::size_t count);
  // Wipes the content and keeps the memory.
  void clear();
  // Wipes the content and gives the memory back.
  void release();

  // Moves what the buffer holds into `storage`, which has room for it and belongs to somebody else, and works
  // there until return_lent().
  void lend(MutBytes storage);
  bool lent() const { return lent_; }
  // Ends that: what the buffer holds moves into memory of its own, just as large. Where there is none, the
  // buffer is left empty.
  Result<void> return_lent();

 private:
  // Puts what the buffer holds at the start of `storage`.
  void move_to(std::uint8_t* storage, std::size_t capacity);

  // An idle connection has seven of these: sizes are no larger than they must be.
  using Size = std::uint32_t;
  static constexpr std::size_t kLargest = ~Size{0};

  const Memory* memory_;
  std::uint8_t* storage_ = nullptr;
  Size capacity_ = 0;
  Size begin_ = 0;
  Size end_ = 0;
  Size written_ = 0;  // nothing was ever committed behind this
  bool lent_ = false;
  bool handed_out_ = false;  // room() was called, and commit() was not
};

// Secret bytes in connection memory, as many as a row of a registry says. Wiped when they are given back.
class SecretMemory {
 public:
  explicit SecretMemory(const Memory& memory) : buffer_(memory) {}
  // For once: `size` bytes of unspecified value. out_of_memory.
  Result<void> allocate(std::size_t size) {
    ASHLAR_CHECK(buffer_.reserve(size));
    buffer_.commit(size);
    return {};
  }
  Bytes reveal() const { return buffer_.bytes(); }
  MutBytes reveal_mut() { return buffer_.bytes_mut(); }

 private:
  Buffer buffer_;
};

// An object of type T in connection memory, aligned as T asks, or null. T begins its life knowing where its
// allocation starts: T(allocation, arguments...).
struct Allocation {
  Memory memory;
  void* start;
  std::size_t size;
};

// What is allocated for it.
template <class T>
constexpr std::size_t size_with_room() {
  return sizeof(T) + alignof(T);
}

template <class T, class... Arguments>
T* make_in(const Memory& memory, Arguments&&... arguments) {
  const std::size_t size = size_with_room<T>();
  void* start = memory.allocate(memory.context, size);
  if (start == nullptr) {
    return nullptr;
  }
  const auto address = reinterpret_cast<std::uintptr_t>(start);
  const std::size_t skip = (alignof(T) - address % alignof(T)) % alignof(T);
  return new (static_cast<std::uint8_t*>(start) + skip)
      T(Allocation{memory, start, size}, std::forward<Arguments>(arguments)...);
}

// Ends the life of what make_in made, wipes its place and gives it back.
template <class T>
void destroy_in(T* object, const Allocation& allocation) {
  object->~T();
  wipe(allocation.start, allocation.size);
  allocation.memory.free(allocation.memory.context, allocation.start, allocation.size);
}
template <class T>
void destroy_in(T* object) {
  const Allocation allocation = object->allocation();
  destroy_in(object, allocation);
}

}  // namespace ashlar::tls
