// SPDX-License-Identifier: Apache-2.0
// Values of fields: dates, ranges, and hosts.
#include "http/http.hpp"
#include "http/text.hpp"

#include <array>
#include <charconv>
#include <ctime>

namespace ashlar::cli {
namespace {

constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// All of `text` as a number.
template <class Number>
std::optional<Number> number_of(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size() && is_digit(text[0]);
  return whole ? std::optional<Number>(value) : std::nullopt;
}

}  // namespace

std::string http_date(std::int64_t seconds) {
  const auto time = static_cast<std::time_t>(seconds);
  std::tm utc{};
  gmtime_r(&time, &utc);
  char text[64];
  std::snprintf(text, sizeof text, "%s, %02d %s %d %02d:%02d:%02d GMT",
                kDays[static_cast<std::size_t>(utc.tm_wday)].data(), utc.tm_mday,
                kMonths[static_cast<std::size_t>(utc.tm_mon)].data(), utc.tm_year + 1900, utc.tm_hour,
                utc.tm_min, utc.tm_sec);
  return text;
}

std::optional<std::int64_t> parse_http_date(std::string_view text) {
  // Sun, 06 Nov 1994 08:49:37 GMT
  if (text.size() != 29 || text.substr(3, 2) != ", " || text.substr(25) != " GMT") {
    return std::nullopt;
  }
  const auto day = number_of<int>(text.substr(5, 2)), year = number_of<int>(text.substr(12, 4)),
             hour = number_of<int>(text.substr(17, 2)), minute = number_of<int>(text.substr(20, 2)),
             second = number_of<int>(text.substr(23, 2));
  const auto* const month = std::find(kMonths.begin(), kMonths.end(), text.substr(8, 3));
  if (!day || !year || !hour || !minute || !second || month == kMonths.end()) {
    return std::nullopt;
  }
  std::tm utc{};
  utc.tm_mday = *day;
  utc.tm_mon = static_cast<int>(month - kMonths.begin());
  utc.tm_year = *year - 1900;
  utc.tm_hour = *hour;
  utc.tm_min = *minute;
  utc.tm_sec = *second;
  const std::time_t time = timegm(&utc);
  // If timegm had to normalise it, it was not a date.
  return http_date(time).substr(5) == text.substr(5) ? std::optional<std::int64_t>(time) : std::nullopt;
}

RangeKind parse_range(std::string_view field, std::uint64_t total, ByteRange& out) {
  constexpr std::string_view kBytes = "bytes=";
  if (!field.starts_with(kBytes)) {
    return RangeKind::whole;
  }
  field.remove_prefix(kBytes.size());
  const std::size_t dash = field.find('-');
  if (dash == std::string_view::npos) {
    return RangeKind::whole;
  }
  const std::string_view from = field.substr(0, dash), to = field.substr(dash + 1);
  const auto first = number_of<std::uint64_t>(from), last = number_of<std::uint64_t>(to);
  if (from.empty() && last) {
    // The last bytes of the body.
    out.size = std::min(*last, total);
    out.first = total - out.size;
    return out.size == 0 ? RangeKind::unsatisfiable : RangeKind::part;
  }
  if (!first || (!to.empty() && !last) || (last && *last < *first)) {
    return RangeKind::whole;
  }
  if (*first >= total) {
    return RangeKind::unsatisfiable;
  }
  out.first = *first;
  out.size = (last ? std::min(*last, total - 1) : total - 1) - *first + 1;
  return RangeKind::part;
}

std::string reference_name(std::string_view host) {
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  if (host.find(':') != std::string_view::npos) {
    host = host.substr(0, host.find('%'));
  }
  return std::string(host);
}

}  // namespace ashlar::cli
