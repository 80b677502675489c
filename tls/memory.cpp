// SPDX-License-Identifier: Apache-2.0
#include <ashlar/tls/memory.hpp>

#include <cstdlib>

namespace ashlar::tls {

Memory system_memory() {
  return {[](void*, std::size_t size) { return std::malloc(size); },
          [](void*, void* memory, std::size_t) { std::free(memory); }, nullptr};
}

}  // namespace ashlar::tls
