// SPDX-License-Identifier: Apache-2.0
// Where connections and their keys take memory from.
#pragma once

#include <ashlar/base/bytes.hpp>

namespace ashlar::tls {

// Where a connection's memory comes from. `allocate` may fail with null. Each of its results is given to
// `free` once, with its size. The functions may be called from any thread that drives a connection. `context`
// must outlive all users.
struct Memory {
  void* (*allocate)(void* context, std::size_t size);
  void (*free)(void* context, void* memory, std::size_t size);
  void* context;
};
// malloc and free of libc.
Memory system_memory();

}  // namespace ashlar::tls
