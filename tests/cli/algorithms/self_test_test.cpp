// SPDX-License-Identifier: Apache-2.0
#include "algorithms/self_test.hpp"

#include "catch.hpp"

using namespace ashlar;
using namespace ashlar::cli;

TEST_CASE("self-tests: every known answer is given", "[cli]") {
  const auto tests = run_self_tests();
  CHECK(tests.size() >= 10);
  for (const SelfTest& test : tests) {
    INFO(test.name << " " << test.implementation);
    CHECK(test.passed);
  }
}
