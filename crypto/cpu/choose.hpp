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
  for (const Row& row : table) {
    if (row.name == name) {
      return choose(table, &row);
    }
  }
  return ErrorCode::kernel_unavailable;
}

}  // namespace ashlar::cpu
