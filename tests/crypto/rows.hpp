// SPDX-License-Identifier: Apache-2.0
// Runs a test on every row of a primitive's table of implementations that this CPU can run, and prints which
// rows ran.
#pragma once

#include <ashlar/crypto/cpu.hpp>

#include "catch.hpp"
#include "cpu/mask.hpp"

#include <iostream>
#include <set>
#include <string>

namespace ashlar::test {

// The primitives whose rows were printed already.
inline std::set<std::string>& told_rows() {
  static std::set<std::string> told;
  return told;
}

template <class Row>
bool runs_here(const Row& row) {
  return cpu::unmasked_features().contains(row.required);
}

// A section per row: check(row).
template <class Row, class Check>
void on_every_row(const std::string& primitive, std::span<const Row> table, Check check) {
  std::string names;
  std::string absent;
  for (const Row& row : table) {
    const std::string row_name(row.name);
    if (!runs_here(row)) {
      absent += " " + row_name;
      continue;
    }
    INFO(primitive << ", row " << row_name);
    check(row);
    names += " " + row_name;
  }
  // The last row requires no feature, so at least one ran.
  CHECK(table.back().required.bits == 0);
  if (told_rows().insert(primitive).second) {
    std::cout << primitive << " rows that ran:" << names;
    if (!absent.empty()) {
      std::cout << "; not on this CPU:" << absent;
    }
    std::cout << std::endl;
  }
}

}  // namespace ashlar::test
