// SPDX-License-Identifier: Apache-2.0
// Memory between two pages that may not be touched: a read or write one byte outside ends the test program.
#pragma once

#include <ashlar/base/bytes.hpp>

#include <sys/mman.h>
#include <unistd.h>
#include <stdexcept>

namespace ashlar::test {

class Guarded {
 public:
  // Room for at least `size` bytes.
  explicit Guarded(std::size_t size) : page_(static_cast<std::size_t>(sysconf(_SC_PAGESIZE))) {
    room_ = (size + page_ - 1) / page_ * page_;
    void* const all = mmap(nullptr, room_ + 2 * page_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (all == MAP_FAILED) {
      throw std::runtime_error("no memory for guard pages");
    }
    base_ = static_cast<std::uint8_t*>(all);
    if (mprotect(base_ + page_, room_, PROT_READ | PROT_WRITE) != 0) {
      throw std::runtime_error("no memory between guard pages");
    }
  }
  Guarded(const Guarded&) = delete;
  Guarded& operator=(const Guarded&) = delete;
  ~Guarded() { munmap(base_, room_ + 2 * page_); }

  // `size` bytes that end right before the upper guard page, or start right after the lower one.
  MutBytes at_end(std::size_t size) { return {base_ + page_ + room_ - check(size), size}; }
  MutBytes at_start(std::size_t size) { return {base_ + page_, check(size)}; }
  MutBytes at_end(Bytes content) { return fill(at_end(content.size()), content); }
  MutBytes at_start(Bytes content) { return fill(at_start(content.size()), content); }

 private:
  std::size_t check(std::size_t size) const {
    if (size > room_) {
      throw std::length_error("more than the guarded room");
    }
    return size;
  }
  static MutBytes fill(MutBytes to, Bytes content) {
    copy_bytes(to, content);
    return to;
  }

  std::size_t page_;
  std::size_t room_;
  std::uint8_t* base_;
};

}  // namespace ashlar::test
