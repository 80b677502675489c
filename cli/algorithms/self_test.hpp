// SPDX-License-Identifier: Apache-2.0
// Known answers that this build must give on this machine: one per primitive, for each implementation that
// the CPU can run.
#pragma once

#include <string>
#include <vector>

namespace ashlar::cli {

struct SelfTest {
  std::string name;
  std::string implementation;  // a row of the primitive's table; empty if there is only one
  std::string source;          // where the known answer comes from
  bool passed;
};
std::vector<SelfTest> run_self_tests();

}  // namespace ashlar::cli
