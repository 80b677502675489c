// SPDX-License-Identifier: Apache-2.0
#include "algorithms/self_test.hpp"

#include "catch.hpp"

#include <algorithm>
#include <string_view>

using namespace ashlar;
using namespace ashlar::cli;

TEST_CASE("self-tests: every known answer is given", "[cli]") {
  const auto tests = run_self_tests();
  CHECK(tests.size() >= 10);
  for (const SelfTest& test : tests) {
    INFO(test.name << " " << test.implementation);
    CHECK(test.passed);
  }
  // What TLS 1.3 cannot do without is among them.
  for (const std::string_view name : {"HKDF-SHA-256", "ML-KEM-768", "X25519", "AES-128-GCM"}) {
    CHECK(std::any_of(tests.begin(), tests.end(), [&](const SelfTest& test) { return test.name == name; }));
  }
}
