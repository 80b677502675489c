// SPDX-License-Identifier: Apache-2.0
// Errors are values of eight bytes. One table (error_table.inc) gives each error its text, its alert and its
// clause.
#pragma once

#include <ashlar/base/alert.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace ashlar {

enum class ErrorCode : std::uint16_t {  // what went wrong: a row of error_table.inc
#define ASHLAR_ERROR(number, name, alert, detail, clause, text) name = number,
#include <ashlar/base/error_table.inc>
#undef ASHLAR_ERROR
};

// Where in the input: a row of place_table.inc.
enum class Place : std::uint16_t {
#define ASHLAR_PLACE(number, name, parent, text) name = number,
#include <ashlar/base/place_table.inc>
#undef ASHLAR_PLACE
};

// What Error::detail means. Each error's row names one of these.
enum class Detail : std::uint8_t {
  none,
  offset,
  length,
  number,
  alert,
  message,
  extension,
  version,
  suite,
  group,
  scheme,
  index,
  tag,
  sizes,
  bytes,
};

// Detail::tag holds the tag found in its upper 8 bits and the offset (below 16 MiB) in its lower 24.
constexpr std::uint32_t tag_detail(std::uint8_t tag, std::uint32_t offset) {
  return (std::uint32_t{tag} << 24) | (offset & 0xffffff);
}

// Detail::sizes holds the bits found in its upper and the bits wanted in its lower 16 bits.
constexpr std::uint32_t sizes_detail(std::size_t found, std::size_t wanted) {
  return static_cast<std::uint32_t>((found & 0xffff) << 16 | (wanted & 0xffff));
}

// Detail::bytes holds the first four bytes of what came, the first of them uppermost.

struct [[nodiscard]] Error {  // an error, where in the input, and one number
  ErrorCode code;
  Place place = Place::none;
  std::uint32_t detail = 0;

  // The same error, placed at `where` unless it has a more precise place already.
  constexpr Error at(Place where) const { return place == Place::none ? Error{code, where, detail} : *this; }
  // Compares the code alone, as tests and callers want it.
  friend constexpr bool operator==(const Error& error, ErrorCode wanted) { return error.code == wanted; }
};
static_assert(sizeof(Error) == 8);

struct ErrorRow {  // a row of the table of errors
  ErrorCode code;
  Alert alert;
  Detail detail;
  std::string_view name;
  std::string_view clause;
  std::string_view text;
};

struct PlaceRow {  // a row of the table of places
  Place place;
  Place parent;
  std::string_view text;
};

// The table as data, ascending by number: for `explain`, documentation and tests. Code that only needs an
// alert calls alert_of: it does not pull the texts in.
inline constexpr ErrorRow kErrorTable[] = {
#define ASHLAR_ERROR(number, name, alert, detail, clause, text) \
  {ErrorCode::name, Alert::alert, Detail::detail, #name, clause, text},
#include <ashlar/base/error_table.inc>
#undef ASHLAR_ERROR
};
// The places in inputs, ascending by number.
inline constexpr PlaceRow kPlaceTable[] = {
#define ASHLAR_PLACE(number, name, parent, text) {Place::name, Place::parent, text},
#include <ashlar/base/place_table.inc>
#undef ASHLAR_PLACE
};

// The alert that ends a connection on this error.
constexpr Alert alert_of(ErrorCode code) {
  struct Row {
    ErrorCode code;
    Alert alert;
  };
  constexpr Row kRows[] = {
#define ASHLAR_ERROR(number, name, alert, detail, clause, text) {ErrorCode::name, Alert::alert},
#include <ashlar/base/error_table.inc>
#undef ASHLAR_ERROR
  };
  for (const Row& row : kRows) {
    if (row.code == code) {
      return row.alert;
    }
  }
  return Alert::internal_error;
}

// The same, by code and place. A fault inside a certificate gives bad_certificate (RFC 5246 §7.2.2). The same
// fault in a message of TLS gives decode_error.
constexpr Alert alert_of(const Error& error) {
  constexpr Place kFirstOfTls = Place::record;
  const Alert alert = alert_of(error.code);
  const bool in_certificate = error.place != Place::none && error.place < kFirstOfTls;
  return alert == Alert::decode_error && in_certificate ? Alert::bad_certificate : alert;
}

// The row of an error; never null for a code that the table holds.
constexpr const ErrorRow* error_row(ErrorCode code) {
  for (const ErrorRow& row : kErrorTable) {
    if (row.code == code) {
      return &row;
    }
  }
  return nullptr;
}

}  // namespace ashlar
