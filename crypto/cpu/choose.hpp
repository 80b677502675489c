// SPDX-License-Identifier: Apache-2.0
// Finds the row of a table that a key set-up asks for.
#pragma once

#include <ashlar/base/result.hpp>
#include <ashlar/crypto/cpu.hpp>

namespace ashlar::cpu {

// `row`, if this CPU can run it, else kernel_unavailable; the best row of the table when `row` is null.
template <class Row>
Result<const Row*> choose(std::span<const Row> table, const Row* row) {
  if (row == nullptr) {
    return &best(table);
  }
  if (!features().contains(row->required)) {
    return ErrorCode::kernel_unavailable;
  }
  return row;
}

// The row of that name, if there is one and this CPU can run it, else kernel_unavailable; the best row of the
// table when `name` is empty.
template <class Row>
Result<const Row*> choose_by_name(std::span<const Row> table, std::string_view name) {
  if (name.empty()) {
    return &best(table);
  }
  // Character by character: no comparison of libc is to be in a library whose calls to it are watched.
  const auto same = [&](std::string_view other) {
    bool equal = other.size() == name.size();
    for (std::size_t i = 0; equal && i < name.size(); ++i) {
      equal = other[i] == name[i];
    }
    return equal;
  };
  for (const Row& row : table) {
    if (same(row.name)) {
      return choose(table, &row);
    }
  }
  return ErrorCode::kernel_unavailable;
}

}  // namespace ashlar::cpu
