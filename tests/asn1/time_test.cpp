// SPDX-License-Identifier: Apache-2.0
#include <ashlar/asn1/der.hpp>
#include <ashlar/asn1/der_writer.hpp>
#include <ashlar/asn1/time.hpp>

#include "catch.hpp"
#include "support/bytes.hpp"

using namespace ashlar;
using namespace ashlar::asn1;

namespace {

std::string shown(Result<Time> time) {
  if (!time) {
    return "refused";
  }
  char text[20];
  return std::string(format(*time, text));
}
std::string utc(std::string_view text) {
  return shown(Time::parse_utc_time(bytes_of(text)));
}
std::string general(std::string_view text) {
  return shown(Time::parse_generalized_time(bytes_of(text)));
}

}  // namespace

TEST_CASE("A12 times: one form each, calendar dates only", "[asn1]") {
  CHECK(utc("261121030000Z") == "2026-11-21T03:00:00Z");
  CHECK(utc("491231235959Z") == "2049-12-31T23:59:59Z");
  CHECK(utc("500101000000Z") == "1950-01-01T00:00:00Z");
  CHECK(utc("000229120000Z") == "2000-02-29T12:00:00Z");
  CHECK(general("20500101000000Z") == "2050-01-01T00:00:00Z");
  CHECK(general("99991231235959Z") == "9999-12-31T23:59:59Z");
  CHECK(general("21000228000000Z") == "2100-02-28T00:00:00Z");
  for (const char* bad :
       {"2611210300Z", "261121030000", "261121030000+0000", "26112103000Z0", "261121030000z", "260021030000Z",
        "261321030000Z", "261100030000Z", "261131030000Z", "010229000000Z", "261121240000Z", "261121036000Z",
        "261121030060Z", " 61121030000Z", "2 1121030000Z", "261121030000.5Z", "", "+61121030000Z"}) {
    INFO(bad);
    CHECK(utc(bad) == "refused");
  }
  for (const char* bad : {"205001010000Z", "20500101000000", "20500101000000.0Z", "20500101000000+0100",
                          "21000229000000Z", "2050010100000 Z"}) {
    INFO(bad);
    CHECK(general(bad) == "refused");
  }
}

TEST_CASE("times: a GeneralizedTime says years from 0 on", "[asn1]") {
  CHECK(general("19491231235959Z") == "1949-12-31T23:59:59Z");
  CHECK(general("00000101000000Z") == "0000-01-01T00:00:00Z");
  CHECK(general("00000301000000Z") == "0000-03-01T00:00:00Z");
  CHECK(general("00000229000000Z") == "0000-02-29T00:00:00Z");
  CHECK(general("19000229000000Z") == "refused");
  std::uint8_t out[32];
  DerWriter writer(out);
  writer.time(Time{kFirstTime.seconds - 1});
  const auto written = writer.finish();
  REQUIRE(written);
  CHECK(test::hex(*written) == "180f" + test::hex(bytes_of("19491231235959Z")));
}

TEST_CASE("A12 times: a certificate's year decides the type", "[asn1]") {
  const auto read = [](std::uint8_t tag, std::string_view text) {
    test::Buffer der = {tag, static_cast<std::uint8_t>(text.size())};
    der.insert(der.end(), text.begin(), text.end());
    auto time = DerReader(der).time();
    return time ? ErrorCode{} : time.error().code;
  };
  CHECK(read(0x17, "491231235959Z") == ErrorCode{});
  CHECK(read(0x18, "20500101000000Z") == ErrorCode{});
  CHECK(read(0x18, "20491231235959Z") == ErrorCode::der_wrong_time_type);
  CHECK(read(0x18, "19500101000000Z") == ErrorCode::der_wrong_time_type);
  CHECK(read(0x18, "19491231235959Z") == ErrorCode::der_time_before_1950);
  CHECK(read(0x17, "20500101000000Z") == ErrorCode::der_bad_time);
  CHECK(read(0x18, "500101000000Z") == ErrorCode::der_bad_time);
  CHECK(read(0x16, "491231235959Z") == ErrorCode::der_unexpected_tag);
}

TEST_CASE("times: every day from 1950 to 2150 follows the one before it", "[asn1]") {
  Calendar last = calendar(kFirstTime);
  CHECK(last.year == 1950);
  for (std::int64_t at = kFirstTime.seconds + 86400; at < 5680281600; at += 86400) {
    const Calendar c = calendar(Time{at + 3723});
    REQUIRE(c.hour == 1);
    REQUIRE(c.minute == 2);
    REQUIRE(c.second == 3);
    const bool next_day = c.year == last.year && c.month == last.month && c.day == last.day + 1;
    const bool next_month = c.year == last.year && c.month == last.month + 1 && c.day == 1 && last.day >= 28;
    const bool next_year =
        c.year == last.year + 1 && c.month == 1 && c.day == 1 && last.month == 12 && last.day == 31;
    REQUIRE((next_day || next_month || next_year));
    char text[20];
    std::string digits(format(Time{at + 3723}, text));
    std::string general;
    for (const char d : digits) {
      if (d >= '0' && d <= '9') {
        general += d;
      }
    }
    REQUIRE(Time::parse_generalized_time(bytes_of(general + "Z"))->seconds == at + 3723);
    last = c;
  }
}

TEST_CASE("times: what no certificate can hold is said, not shown", "[asn1]") {
  char text[20];
  CHECK(format(Time{kLastTime.seconds + 1}, text) == "year out of range");
  CHECK(format(Time{kEarliestTime.seconds - 1}, text) == "year out of range");
}
