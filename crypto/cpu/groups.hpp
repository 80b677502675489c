// SPDX-License-Identifier: Apache-2.0
// Divides operations among lanes.
#pragma once

#include <cstddef>
#include <span>

namespace ashlar::crypto {

// Calls group(span of at most `lanes`) as long as at least `from` are left, and alone(one) for the rest.
template <class One, class Group, class Alone>
void in_groups(std::span<One> all, std::size_t lanes, std::size_t from, const Group& group,
               const Alone& alone) {
  while (lanes > 1 && all.size() >= from && !all.empty()) {
    const std::size_t count = all.size() < lanes ? all.size() : lanes;
    group(all.first(count));
    all = all.subspan(count);
  }
  for (One& one : all) {
    alone(one);
  }
}

}  // namespace ashlar::crypto
