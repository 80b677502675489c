// SPDX-License-Identifier: Apache-2.0
// Points in time as in X.509: whole seconds of UTC.
#pragma once

#include <ashlar/base/bytes.hpp>
#include <ashlar/base/result.hpp>

#include <compare>

namespace ashlar::asn1 {

// Seconds since 1970-01-01T00:00:00Z, without leap seconds. Years 0 to 9999.
struct Time {
  std::int64_t seconds = 0;

  friend constexpr auto operator<=>(const Time&, const Time&) = default;

  // Content bytes of a UTCTime (YYMMDDHHMMSSZ) or GeneralizedTime (YYYYMMDDHHMMSSZ) in the form of RFC 5280
  // §4.1.2.5: no fraction, no offset, a real calendar date.
  static Result<Time> parse_utc_time(Bytes content);
  static Result<Time> parse_generalized_time(Bytes content);
};

// 2050-01-01T00:00:00Z: times before it are written as UTCTime, from it on as GeneralizedTime.
inline constexpr Time kFirstGeneralizedTime{2524608000};
// 0000-01-01T00:00:00Z, the first time of a GeneralizedTime; 1950-01-01T00:00:00Z, the first of a UTCTime;
// and 9999-12-31T23:59:59Z.
inline constexpr Time kEarliestTime{-62167219200};
inline constexpr Time kFirstTime{-631152000};
inline constexpr Time kLastTime{253402300799};

// A point in time as a calendar date and a time of day.
struct Calendar {
  int year, month, day, hour, minute, second;
};
Calendar calendar(Time time);  // the date and the time of day, UTC

// Writes "2026-11-21T03:00:00Z" (20 characters) to the start of `out`, which must hold it.
std::string_view format(Time time, std::span<char> out);

}  // namespace ashlar::asn1
