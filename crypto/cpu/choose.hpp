// SPDX-License-Identifier: Apache-2.0
// The row of a table that a key set-up asked for.
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

}  // namespace ashlar::cpu
