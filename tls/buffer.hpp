// SPDX-License-Identifier: Apache-2.0
// The memory of a connection. All of it comes from Memory {allocate, free, context}; any call may fail.
#pragma once

#include <ashlar/tls/config.hpp>

#include <new>

namespace ashlar::tls {

// A queue of bytes: appended at the end, consumed from the start. It grows only when asked to. When it gives
// memory back, it wipes the part that was written: most handshakes fill little of the room for a record.
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

  // Makes room for `count` more bytes: moves its content to the front or into a larger allocation. Spans into
  // the buffer are no longer valid. out_of_memory leaves everything as it was.
  Result<void> reserve(std::size_t count);
  // room() is the space behind the last byte. commit() says how much of it was filled. Until then all of it
  // counts as written.
  MutBytes room() {
    handed_out_ = true;
    return {storage_ + end_, std::size_t{capacity_} - end_};
  }
  void commit(std::size_t count);
  Result<void> append(Bytes bytes);
  // Makes the capacity at least this. If it has to grow, it grows to exactly this.
  Result<void> ensure_capacity(std::size_t capacity);
  // Moves what the buffer holds to its front, so that room() is as large as it can be.
  void compact();

  void consume(std::size_t count);
  // Wipes the content and keeps the memory.
  void clear();
  // Wipes the content and gives the memory back.
  void release();

  // Moves the content into `storage`, and works there until return_lent(). `storage` belongs to somebody else
  // and has room for the content.
  void lend(MutBytes storage);
  bool lent() const { return lent_; }
  // Ends the loan: the content moves into memory of the buffer's own, of exactly its size. If there is no
  // memory, the buffer is left empty.
  Result<void> return_lent();

 private:
  // Moves the content to the start of `storage`.
  void move_to(std::uint8_t* storage, std::size_t capacity);

  // An idle connection has eight buffers, so the sizes are kept small.
  using Size = std::uint32_t;
  static constexpr Size kLargest = (Size{1} << 30) - 1;
  // The mask says what is so: no size is larger.
  void set_written(Size size) { written_ = size & kLargest; }

  const Memory* memory_;
  std::uint8_t* storage_ = nullptr;
  Size capacity_ = 0;
  Size begin_ = 0;
  Size end_ = 0;
  Size written_ : 30 = 0;  // nothing was ever committed behind this
  bool lent_ : 1 = false;
  bool handed_out_ : 1 = false;  // room() was called, and commit() was not
};

// Secret bytes in connection memory. A row of a registry says how many. They are wiped when given back.
class SecretMemory {
 public:
  explicit SecretMemory(const Memory& memory) : buffer_(memory) {}
  // May be called once: `size` bytes of unspecified value. out_of_memory.
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

// Makes an object of type T in connection memory, aligned as T needs, or returns null. The constructor is
// told its allocation: T(allocation, arguments...).
struct Allocation {
  Memory memory;
  void* start;
  std::size_t size;
};

// How many bytes are allocated for it.
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

// Destroys what make_in made, wipes its memory and gives it back.
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
