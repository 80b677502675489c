// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace ashlar::tls {

// Where a connection's memory comes from. `allocate` may fail with null.
struct Memory {
  void* (*allocate)(void* context, std::size_t size);
  void (*free)(void* context, void* memory, std::size_t size);
  void* context;
};
// malloc and free of libc.
Memory system_memory();

}  // namespace ashlar::tls
