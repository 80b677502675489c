// SPDX-License-Identifier: Apache-2.0
// Runs one vector on every row that this CPU can run. If rows disagree, the vector fails.
#pragma once

#include "crypto/rows.hpp"
#include "support/wycheproof.hpp"

namespace ashlar::test::wycheproof {

template <class Row, class Check>
Outcome on_rows(std::span<const Row> table, Check check) {
  Outcome outcome = Outcome::wrong;
  bool first = true;
  for (const Row& row : table) {
    if (!runs_here(row)) {
      continue;
    }
    const Outcome now = check(row);
    if (!first && now != outcome) {
      throw std::runtime_error("row " + std::string(row.name) + " says " + name(now) + ", another " +
                               name(outcome));
    }
    outcome = now;
    first = false;
  }
  return outcome;
}

}  // namespace ashlar::test::wycheproof
