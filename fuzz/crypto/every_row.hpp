// SPDX-License-Identifier: Apache-2.0
// check(row) for every row of a primitive's table that this CPU can run.
#pragma once

#include <ashlar/crypto/cpu.hpp>

#include <span>

namespace ashlar::fuzz {

template <class Row, class Check>
void on_every_row(std::span<const Row> table, Check check) {
  for (const Row& row : table) {
    if (cpu::features().contains(row.required)) {
      check(row);
    }
  }
}

}  // namespace ashlar::fuzz
