// SPDX-License-Identifier: Apache-2.0
#include "certificates/describe.hpp"

#include "catch.hpp"
#include "failure/failure.hpp"

using namespace ashlar;
using namespace ashlar::cli;

TEST_CASE("times: dates, times and seconds are read, others refused", "[cli]") {
  CHECK(parse_time("1795228200").seconds == 1795228200);
  CHECK(parse_time("2026-11-21").seconds == 1795219200);
  CHECK(parse_time("2026-11-21T03:30:00Z").seconds == 1795231800);
  CHECK(parse_time("2026-11-21 03:30:00").seconds == 1795231800);
  for (const char* const bad :
       {"", "yesterday", "2026-13-01", "2026-02-30", "2026-11-21T25:00:00Z", "2026"}) {
    INFO(bad);
    if (std::string(bad) == "2026") {
      CHECK(parse_time(bad).seconds == 2026);
    } else {
      CHECK_THROWS_AS(parse_time(bad), Failure);
    }
  }
}

TEST_CASE("validity: days left, days past, days to come", "[cli]") {
  const x509::Validity validity{{1'000'000}, {1'000'000 + 10 * 86'400}};
  CHECK(validity_state(validity, {1'000'000 + 86'400}) == "9 days left");
  CHECK(validity_state(validity, {1'000'000 - 2 * 86'400}) == "begins in 2 days");
  CHECK(validity_state(validity, {1'000'000 + 13 * 86'400}) == "expired 3 days ago");
}
