// SPDX-License-Identifier: Apache-2.0
// UTCTime, GeneralizedTime and the calendar: as days counted one by one, and what is read writes back
//
// The first byte says which: 0 a UTCTime's content, 1 a GeneralizedTime's, 2 a number of seconds.
#include <ashlar/asn1/der_writer.hpp>

#include <string>

#include "support/check.hpp"
#include "support/choices.hpp"

using namespace ashlar;

namespace {

bool is_leap(int year) {
  return year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);
}
int days_of(int year, int month) {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return kDays[month - 1] + (month == 2 && is_leap(year) ? 1 : 0);
}

// Seconds since 1970 by counting years and months.
std::int64_t seconds_of(int year, int month, int day, int hour, int minute, int second) {
  std::int64_t days = day - 1;
  for (int y = 1970; y < year; ++y) {
    days += is_leap(y) ? 366 : 365;
  }
  for (int y = year; y < 1970; ++y) {
    days -= is_leap(y) ? 366 : 365;
  }
  for (int m = 1; m < month; ++m) {
    days += days_of(year, m);
  }
  return ((days * 24 + hour) * 60 + minute) * 60 + second;
}

// The time that a content gives, by a plain reading; false if it is not a time.
bool plain_time(Bytes content, bool general, std::int64_t& out) {
  const std::size_t year_digits = general ? 4 : 2;
  if (content.size() != year_digits + 11 || content.back() != 'Z') {
    return false;
  }
  int values[6] = {};
  std::size_t at = 0;
  for (int field = 0; field < 6; ++field) {
    for (std::size_t i = 0; i < (field == 0 ? year_digits : 2); ++i, ++at) {
      if (content[at] < '0' || content[at] > '9') {
        return false;
      }
      values[field] = values[field] * 10 + content[at] - '0';
    }
  }
  if (!general) {
    values[0] += values[0] < 50 ? 2000 : 1900;
  }
  if (values[1] < 1 || values[1] > 12 || values[2] < 1 || values[2] > days_of(values[0], values[1]) ||
      values[3] > 23 || values[4] > 59 || values[5] > 59) {
    return false;
  }
  out = seconds_of(values[0], values[1], values[2], values[3], values[4], values[5]);
  return true;
}

void check_content(Bytes content, bool general) {
  std::int64_t expected = 0;
  const bool good = plain_time(content, general, expected);
  const auto parsed =
      general ? asn1::Time::parse_generalized_time(content) : asn1::Time::parse_utc_time(content);
  FUZZ_CHECK(parsed.ok() == good);
  // As an element: a year outside the type's range is refused, or noted.
  std::uint8_t element[20] = {static_cast<std::uint8_t>(general ? 0x18 : 0x17),
                              static_cast<std::uint8_t>(content.size())};
  copy_bytes(MutBytes(element).subspan(2), content);
  const Bytes der = Bytes(element).first(2 + content.size());
  asn1::TimeFault fault = asn1::TimeFault::none;
  asn1::DerReader strict(der), lenient(der);
  const auto read = strict.time();
  FUZZ_CHECK(lenient.time(&fault).ok() == good);
  if (!good) {
    FUZZ_CHECK(!read.ok());
    return fuzz::refused(parsed.error());
  }
  FUZZ_CHECK(parsed->seconds == expected);
  const bool early = general && expected < 2524608000;
  FUZZ_CHECK(read.ok() == !early);
  FUZZ_CHECK((fault != asn1::TimeFault::none) == early);
  FUZZ_CHECK((fault == asn1::TimeFault::before_1950) == (early && expected < -631152000));
  fuzz::accepted(early ? "odd" : "a time");
  if (read) {
    std::uint8_t again[20];
    asn1::DerWriter writer(again);
    writer.time(*read);
    FUZZ_CHECK(writer.ok() && equal_public(Bytes(again).first(writer.size()), der));
  } else {
    fuzz::refused(read.error(), "odd");
  }
}

void check_seconds(std::int64_t seconds) {
  const asn1::Time time{seconds};
  char room[40];
  const std::string text(asn1::format(time, room));
  if (time < asn1::kEarliestTime || time > asn1::kLastTime) {
    FUZZ_CHECK(text == "year out of range");
    return fuzz::accepted("outside");
  }
  const asn1::Calendar c = asn1::calendar(time);
  FUZZ_CHECK(c.month >= 1 && c.month <= 12 && c.day >= 1 && c.day <= days_of(c.year, c.month));
  FUZZ_CHECK(c.hour >= 0 && c.hour < 24 && c.minute >= 0 && c.minute < 60 && c.second >= 0 && c.second < 60);
  FUZZ_CHECK(seconds_of(c.year, c.month, c.day, c.hour, c.minute, c.second) == seconds);
  char expected[96];
  std::snprintf(expected, sizeof expected, "%04d-%02d-%02dT%02d:%02d:%02dZ", c.year, c.month, c.day, c.hour,
                c.minute, c.second);
  FUZZ_CHECK(text == expected);
  fuzz::accepted("a date");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1 || size > 19) {
    return -1;
  }
  fuzz::Choices choices(data, size);
  const std::size_t which = choices.below(3);
  if (which < 2) {
    check_content(choices.rest(), which == 1);
  } else {
    // Most numbers lie within the calendar.
    const auto number = static_cast<std::int64_t>(choices.number(8));
    check_seconds(number);
    check_seconds(number % 400000000000);
  }
  return 0;
}
