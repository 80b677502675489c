// SPDX-License-Identifier: Apache-2.0
// What of a server's name goes into the server_name extension (RFC 6066 §3).
#pragma once

#include <string_view>

namespace ashlar::tls {

// The DNS name without a trailing dot; empty for the text of an IP address, which is not sent.
constexpr std::string_view host_name_of(std::string_view name) {
  bool digits_and_dots = true;
  for (const char c : name) {
    if (c == ':') {
      return {};
    }
    digits_and_dots = digits_and_dots && (c == '.' || (c >= '0' && c <= '9'));
  }
  if (digits_and_dots) {
    return {};
  }
  if (!name.empty() && name.back() == '.') {
    name.remove_suffix(1);
  }
  return name;
}

}  // namespace ashlar::tls
