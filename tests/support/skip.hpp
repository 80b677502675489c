// SPDX-License-Identifier: Apache-2.0
// Lets a test case that cannot run here say so and count as skipped, with Catch2 2 (which has no SKIP) and
// with 3:
//
//   if (!have_vectors) {
//     SKIP_CASE("no vectors");   // leaves the case
//   }
//
// Earlier assertions of the case still count: a failed one makes the case failed.
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
