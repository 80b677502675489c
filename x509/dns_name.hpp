// SPDX-License-Identifier: Apache-2.0
// DNS names and IP addresses as texts. They are checked and compared only here, both to match a peer's name
// and for name constraints (X06).
#pragma once

#include <ashlar/base/bounded.hpp>

namespace ashlar::x509 {

// Whether a text is a host name of letters, digits and hyphens (RFC 5890 §2.3.1): labels of 1 to 63
// characters, 253 in all, no dot at the end, the last label not a number. IDNs are A-labels. Underscores
// count as letters, because hosts have them and they mean no other name.
bool is_dns_name(std::string_view text);

// The same with "*" as the whole left-most label, and at least two labels after it (X08).
bool is_wildcard_name(std::string_view text);

// Equality of ASCII texts, ignoring letter case.
bool equal_ignoring_case(std::string_view a, std::string_view b);

// Whether `name` is `base` or ends in "." and `base`, ignoring letter case. An empty base holds every name.
bool is_within_domain(std::string_view base, std::string_view name);

// The 4 or 16 bytes of an IP address in text ("192.0.2.1", "2001:db8::1"); empty if it is not an address.
// Numbers with leading zeros, hexadecimal or missing parts are not, nor are IPv6 addresses with a zone.
using IpAddress = BoundedBuffer<16>;
IpAddress parse_ip_address(std::string_view text);

}  // namespace ashlar::x509
