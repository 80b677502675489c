// SPDX-License-Identifier: Apache-2.0
// The calendar is the proleptic Gregorian one. Days are counted in eras of 400 years that start on 1 March,
// so that the leap day is the last day of its year.
#include <ashlar/asn1/time.hpp>

namespace ashlar::asn1 {
namespace {

constexpr std::int64_t kDaysPerEra = 146097;
constexpr std::int64_t kDaysBeforeEpoch = 719468;  // from 0000-03-01 to 1970-01-01
constexpr std::int64_t kSecondsPerDay = 86400;

constexpr bool is_leap_year(int year) {
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

constexpr int days_in_month(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap_year(year) ? 29 : kDays[month - 1];
}

// Days from 1970-01-01; year at least 0.
constexpr std::int64_t days_since_epoch(int year, int month, int day) {
  const std::int64_t y = month <= 2 ? year - 1 : year;
  const std::int64_t month_from_march = (month + 9) % 12;
  const std::int64_t day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
  const std::int64_t era = (y < 0 ? y - 399 : y) / 400, year_of_era = y - era * 400;
  const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * kDaysPerEra + day_of_era - kDaysBeforeEpoch;
}
static_assert(days_since_epoch(1970, 1, 1) == 0);
static_assert(days_since_epoch(2050, 1, 1) * kSecondsPerDay == kFirstGeneralizedTime.seconds);
static_assert(days_since_epoch(1950, 1, 1) * kSecondsPerDay == kFirstTime.seconds);
static_assert(days_since_epoch(0, 1, 1) * kSecondsPerDay == kEarliestTime.seconds);
static_assert(days_since_epoch(10000, 1, 1) * kSecondsPerDay - 1 == kLastTime.seconds);

// Two decimal digits, or -1.
int two_digits(Bytes text, std::size_t at) {
  int value = 0;
  for (const std::uint8_t c : text.subspan(at, 2)) {
    if (c < '0' || c > '9') {
      return -1;
    }
    value = value * 10 + (c - '0');
  }
  return value;
}

// MMDDHHMMSSZ after the year.
Result<Time> parse_rest(int year, Bytes rest) {
  const int month = two_digits(rest, 0), day = two_digits(rest, 2), hour = two_digits(rest, 4);
  const int minute = two_digits(rest, 6), second = two_digits(rest, 8);
  if (rest[10] != 'Z' || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month) || hour < 0 ||
      hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
    return ErrorCode::der_bad_time;
  }
  return Time{days_since_epoch(year, month, day) * kSecondsPerDay + hour * 3600 + minute * 60 + second};
}

}  // namespace

Result<Time> Time::parse_utc_time(Bytes content) {
  if (content.size() != 13) {
    return ErrorCode::der_bad_time;
  }
  const int year = two_digits(content, 0);
  if (year < 0) {
    return ErrorCode::der_bad_time;
  }
  return parse_rest(year < 50 ? 2000 + year : 1900 + year, content.subspan(2));
}

Result<Time> Time::parse_generalized_time(Bytes content) {
  if (content.size() != 15) {
    return ErrorCode::der_bad_time;
  }
  const int century = two_digits(content, 0), year = two_digits(content, 2);
  if (century < 0 || year < 0) {
    return ErrorCode::der_bad_time;
  }
  return parse_rest(100 * century + year, content.subspan(4));
}

Calendar calendar(Time time) {
  std::int64_t days = time.seconds / kSecondsPerDay, second = time.seconds % kSecondsPerDay;
  if (second < 0) {
    second += kSecondsPerDay;
    days--;
  }
  days += kDaysBeforeEpoch;
  const std::int64_t era = (days >= 0 ? days : days - kDaysPerEra + 1) / kDaysPerEra;
  const std::int64_t day_of_era = days - era * kDaysPerEra;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
  const int month = static_cast<int>(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
  return {static_cast<int>(era * 400 + year_of_era) + (month <= 2 ? 1 : 0),
          month,
          static_cast<int>(day_of_year - (153 * month_from_march + 2) / 5 + 1),
          static_cast<int>(second / 3600),
          static_cast<int>(second / 60 % 60),
          static_cast<int>(second % 60)};
}

std::string_view format(Time time, std::span<char> out) {
  if (time < kEarliestTime || time > kLastTime) {
    constexpr std::string_view kOutside = "year out of range";
    const std::size_t size = out.size() < kOutside.size() ? out.size() : kOutside.size();
    std::memcpy(out.data(), kOutside.data(), size);
    return {out.data(), size};
  }
  const Calendar c = calendar(time);
  char text[] = "0000-00-00T00:00:00Z";
  const auto put = [&text](std::size_t end, int value) {
    for (std::size_t at = end; value != 0; value /= 10) {
      text[at--] = static_cast<char>('0' + value % 10);
    }
  };
  put(3, c.year);
  put(6, c.month);
  put(9, c.day);
  put(12, c.hour);
  put(15, c.minute);
  put(18, c.second);
  const std::size_t size = out.size() < 20 ? out.size() : 20;
  std::memcpy(out.data(), text, size);
  return {out.data(), size};
}

}  // namespace ashlar::asn1
