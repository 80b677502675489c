// SPDX-License-Identifier: Apache-2.0
// Values of fields: ranges, dates, and hosts.
#include "catch.hpp"
#include "http/http.hpp"

using namespace ashlar::cli;

TEST_CASE("http: one range of bytes is a part, whatever else is the whole", "[cli]") {
  struct Row {
    const char* field;
    RangeKind kind;
    std::uint64_t first, size;
  };
  for (const Row& row :
       {Row{"bytes=0-0", RangeKind::part, 0, 1}, Row{"bytes=2-4", RangeKind::part, 2, 3},
        Row{"bytes=7-", RangeKind::part, 7, 3}, Row{"bytes=-3", RangeKind::part, 7, 3},
        Row{"bytes=-99", RangeKind::part, 0, 10}, Row{"bytes=5-99", RangeKind::part, 5, 5},
        Row{"bytes=10-", RangeKind::unsatisfiable, 0, 0}, Row{"bytes=-0", RangeKind::unsatisfiable, 0, 0},
        Row{"", RangeKind::whole, 0, 0}, Row{"bytes=", RangeKind::whole, 0, 0},
        Row{"bytes=-", RangeKind::whole, 0, 0}, Row{"bytes=4-2", RangeKind::whole, 0, 0},
        Row{"bytes=0-1,4-5", RangeKind::whole, 0, 0}, Row{"bytes=a-b", RangeKind::whole, 0, 0},
        Row{"lines=0-1", RangeKind::whole, 0, 0}, Row{"bytes=+1-2", RangeKind::whole, 0, 0},
        Row{"bytes=99999999999999999999-", RangeKind::whole, 0, 0}}) {
    INFO(row.field);
    ByteRange range;
    REQUIRE(parse_range(row.field, 10, range) == row.kind);
    if (row.kind == RangeKind::part) {
      CHECK(range.first == row.first);
      CHECK(range.size == row.size);
    }
  }
  ByteRange range;
  CHECK(parse_range("bytes=0-", 0, range) == RangeKind::unsatisfiable);
}

TEST_CASE("http: dates are read as they are written, and others are none", "[cli]") {
  CHECK(http_date(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT") == 784111777);
  for (const char* const other :
       {"", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET"}) {
    INFO(other);
    CHECK(!parse_http_date(other));
  }
}

TEST_CASE("http: brackets and zones are for finding a host, not for its name", "[cli]") {
  CHECK(reference_name("[::1]") == "::1");
  CHECK(reference_name("fe80::1%eth0") == "fe80::1");
  CHECK(reference_name("[fe80::1%eth0]") == "fe80::1");
  CHECK(reference_name("example.com") == "example.com");
  const Url url = Url::parse("https://[fe80::1%25eth0]:8443/x");
  CHECK(url.host == "fe80::1%eth0");
  CHECK(url.authority() == "[fe80::1]:8443");
}
