// SPDX-License-Identifier: Apache-2.0
#include "failure/other_names.hpp"

#include <ashlar/base/alert.hpp>
#include <ashlar/tls/registry.hpp>

#include <cctype>
#include <string>

namespace ashlar::cli {
namespace {

// How a number of these programs is written, in words as searched() makes them.
struct Numbers {
  std::string_view whose;
  std::string_view before;
};
constexpr Numbers kNumbers[] = {
    {kOpenSsl, "num"},    {kOpenSsl, "return_code"}, {kCurl, "curl"},           {kCurl, "curl_error"},
    {kCurl, "curl_exit"}, {kCurl, "curl_exit_code"}, {kGnuTls, "gnutls_error"}, {kGnuTls, "gnutls"},
};

// Small letters and digits, with one underscore for all between them, and one at both ends.
std::string searched(std::string_view words) {
  std::string out = "_";
  for (const char c : words) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    } else if (out.back() != '_') {
      out += '_';
    }
  }
  return out.back() == '_' ? out : out + '_';
}

bool occurs(const std::string& words, std::string_view name) {
  const std::string part = searched(name);
  return part.size() > 2 && words.find(part) != std::string::npos;
}

bool names(const Other& row, const std::string& words) {
  for (std::string_view rest = row.names; !rest.empty();) {
    const std::size_t bar = rest.find('|');
    if (occurs(words, rest.substr(0, bar))) {
      return true;
    }
    rest.remove_prefix(bar == std::string_view::npos ? rest.size() : bar + 1);
  }
  for (const Numbers& numbers : kNumbers) {
    if (row.number != 0 && numbers.whose == row.whose &&
        occurs(words, std::string(numbers.before) + "_" + std::to_string(row.number))) {
      return true;
    }
  }
  return false;
}

// How those write it who say that an alert came.
constexpr std::string_view kAlertCame[] = {"alert", "remote error", "AlertReceived"};

}  // namespace

std::optional<Meaning> meaning_of(std::string_view words) {
  const std::string asked = searched(words);
  for (const std::string_view came : kAlertCame) {
    if (asked.find(searched(came).substr(1, came.size())) == std::string::npos) {
      continue;
    }
    for (unsigned number = 0; number < 256; ++number) {
      const std::string_view name = tls::name(static_cast<Alert>(number));
      if (name != "unknown" && occurs(asked, name)) {
        return Meaning{"Another program", name};
      }
    }
  }
  for (const Other& row : kOthers) {
    if (names(row, asked)) {
      return Meaning{row.whose, row.ours};
    }
  }
  return std::nullopt;
}

}  // namespace ashlar::cli
