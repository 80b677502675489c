// SPDX-License-Identifier: Apache-2.0
// Sorting in place. std::sort would leave functions of its own in every object file that uses it.
#pragma once

#include <ashlar/base/needs_cxx20.hpp>

#include <cstddef>
#include <span>
#include <utility>

namespace ashlar {

// Heap sort: about n log n calls of stands_before(a, b), which says whether a comes before b. Equal values
// come out in any order. Variable time.
template <class T, class StandsBefore>
void heap_sort(std::span<T> values, const StandsBefore& stands_before) {
  const auto sink = [&](std::size_t at, std::size_t count) {
    for (std::size_t child = 2 * at + 1; child < count; at = child, child = 2 * at + 1) {
      if (child + 1 < count && stands_before(values[child], values[child + 1])) {
        child++;
      }
      if (!stands_before(values[at], values[child])) {
        return;
      }
      std::swap(values[at], values[child]);
    }
  };
  for (std::size_t at = values.size() / 2; at-- > 0;) {
    sink(at, values.size());
  }
  for (std::size_t count = values.size(); count > 1; count--) {
    std::swap(values[0], values[count - 1]);
    sink(0, count - 1);
  }
}

}  // namespace ashlar
