// SPDX-License-Identifier: Apache-2.0
// A test case that cannot run here says so and counts as skipped, with Catch2 2 (which has no SKIP) and 3
// alike:
//
//   if (!have_vectors) {
//     SKIP_CASE("no vectors");   // leaves the case
//   }
//
// What a case asserted before still counts: a failed assertion makes it failed.
#pragma once

#include <string>

namespace ashlar::test {

// Why the running case was skipped; empty while it was not. Read and cleared by main.cpp.
inline std::string& skipped_because() {
  static std::string why;
  return why;
}

}  // namespace ashlar::test

#define SKIP_CASE(why)                         \
  do {                                         \
    ::ashlar::test::skipped_because() = (why); \
    return;                                    \
  } while (false)
