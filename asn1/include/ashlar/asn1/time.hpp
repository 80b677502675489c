// SPDX-License-Identifier: Apache-2.0
// Points in time as X.509 has them: whole seconds of UTC.
#pragma once

#include <ashlar/base/bytes.hpp>
#include <ashlar/base/result.hpp>

#include <compare>

namespace ashlar::asn1 {

// Seconds since 1970-01-01T00:00:00Z, without leap seconds. Years 1950 to 9999.
struct Time {
  std::int64_t seconds = 0;

  friend constexpr auto operator<=>(const Time&, const Time&) = default;

  // Content bytes of a UTCTime (YYMMDDHHMMSSZ) or GeneralizedTime (YYYYMMDDHHMMSSZ) as RFC 5280 §4.1.2.5
  // allows them: no fraction, no offset, a real calendar date.
  static Result<Time> parse_utc_time(Bytes content);
  static Result<Time> parse_generalized_time(Bytes content);
};

// Writes "2026-11-21T03:00:00Z" (20 characters) to the start of `out`, which must hold it.
std::string_view format(Time time, std::span<char> out);

}  // namespace ashlar::asn1
