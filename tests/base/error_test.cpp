// SPDX-License-Identifier: Apache-2.0
#include <ashlar/base/describe.hpp>
#include <ashlar/base/result.hpp>

#include <set>
#include <string>

#include "catch.hpp"

using namespace ashlar;

TEST_CASE("errors: every row has a number, a name and a text of its own, ascending", "[base]") {
  std::set<std::string> names, texts;
  unsigned last = 0;
  for (const ErrorRow& row : kErrorTable) {
    INFO(row.name);
    CHECK(static_cast<unsigned>(row.code) > last);
    last = static_cast<unsigned>(row.code);
    CHECK(!row.text.empty());
    CHECK(names.insert(std::string(row.name)).second);
    CHECK(texts.insert(std::string(row.text)).second);
    CHECK(alert_of(row.code) == row.alert);
    CHECK(error_row(row.code) == &row);
  }
}

TEST_CASE(
    "errors: H19 a number, a place and a value are all of an error, and no sentence is longer than "
    "kDescribeSize",
    "[base]") {
  // Of the peer's data, only a number fits.
  CHECK(sizeof(Error) == 8);
  CHECK(std::is_trivially_copyable_v<Error>);
  for (const ErrorRow& row : kErrorTable) {
    for (const PlaceRow& place : kPlaceTable) {
      char line[2 * kDescribeSize];
      const auto text = describe({row.code, place.place, 0xffffffff}, line);
      INFO(text);
      CHECK(text.size() <= kDescribeSize);
      CHECK(text.find_first_of("\n\r\t\x1b") == std::string_view::npos);
    }
  }
}

TEST_CASE("errors: places ascend and name a parent that stands before them", "[base]") {
  std::set<unsigned> seen;
  int last = -1;
  for (const PlaceRow& row : kPlaceTable) {
    INFO(row.text);
    CHECK(static_cast<int>(row.place) > last);
    last = static_cast<int>(row.place);
    if (row.place != Place::none) {
      CHECK((row.parent == Place::none || seen.count(static_cast<unsigned>(row.parent)) == 1));
    }
    seen.insert(static_cast<unsigned>(row.place));
  }
}

TEST_CASE("errors: describe tells what failed, the offset and the clause, and is cut to its buffer",
          "[base]") {
  char line[kDescribeSize];
  CHECK(describe({ErrorCode::truncated, Place::none, 12}, line) ==
        "the input ends before the value it announces (at byte 12)");
  CHECK(describe({ErrorCode::bad_tag}, line) ==
        "the authentication tag does not match [NIST SP 800-38D §7.2]");
  CHECK(describe({ErrorCode::not_tls, Place::none, 0x5353482d}, line) ==
        "what the peer sent is not TLS (it begins with \"SSH-\") [RFC 5246 §6.2.1]");
  CHECK(describe({ErrorCode::not_tls, Place::none, 0x4a00000a}, line) ==
        "what the peer sent is not TLS (it begins with 0x4a00000a) [RFC 5246 §6.2.1]");
  char small[9];
  CHECK(describe({ErrorCode::truncated}, small) == "the input");
}

TEST_CASE("result: holds a value or an error, moves, and places errors once", "[base]") {
  const auto half = [](int v) -> Result<int> {
    if (v % 2 != 0) {
      return ErrorCode::invalid_argument;
    }
    return v / 2;
  };
  const auto quarter = [&](int v) -> Result<int> {
    ASHLAR_TRY(const int h, half(v));
    ASHLAR_CHECK(half(h));
    return half(h);
  };
  CHECK(*quarter(8) == 2);
  CHECK(quarter(6).error() == ErrorCode::invalid_argument);
  Result<int> r = half(4);
  r = half(3);
  CHECK(!r);
  Result<void> ok;
  CHECK(ok);
}
