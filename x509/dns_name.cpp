// SPDX-License-Identifier: Apache-2.0
#include "dns_name.hpp"

namespace ashlar::x509 {
namespace {

constexpr std::size_t kMaxName = 253;
constexpr std::size_t kMaxLabel = 63;

std::string_view part(std::string_view text, std::size_t from) {
  text.remove_prefix(from);
  return text;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_label(std::string_view label) {
  if (label.empty() || label.size() > kMaxLabel || label.front() == '-' || label.back() == '-') {
    return false;
  }
  for (const char c : label) {
    const char l = lower(c);
    if (!(l >= 'a' && l <= 'z') && !is_digit(c) && c != '-' && c != '_') {
      return false;
    }
  }
  return true;
}

bool is_number(std::string_view label) {
  for (const char c : label) {
    if (!is_digit(c)) {
      return false;
    }
  }
  return true;
}

// Reads decimal digits without leading zeros, at most 255; false if there are none.
bool read_octet(std::string_view& text, std::uint8_t& out) {
  unsigned value = 0;
  std::size_t size = 0;
  while (size < text.size() && size < 4 && is_digit(text[size])) {
    value = value * 10 + static_cast<unsigned>(text[size] - '0');
    size++;
  }
  if (size == 0 || size > 3 || value > 255 || (size > 1 && text[0] == '0')) {
    return false;
  }
  out = static_cast<std::uint8_t>(value);
  text.remove_prefix(size);
  return true;
}

bool read_ipv4(std::string_view text, std::uint8_t* out) {
  for (int i = 0; i < 4; i++) {
    if (i > 0) {
      if (text.empty() || text[0] != '.') {
        return false;
      }
      text.remove_prefix(1);
    }
    if (!read_octet(text, out[i])) {
      return false;
    }
  }
  return text.empty();
}

int hex_digit(char c) {
  const char l = lower(c);
  return is_digit(c) ? c - '0' : l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

// RFC 4291 §2.2: eight groups. One run of zero groups may be "::", and the last two groups may be an IPv4
// address.
bool read_ipv6(std::string_view text, std::uint8_t* out) {
  std::uint8_t groups[16] = {};
  std::size_t used = 0, gap = 17;  // gap: where "::" stands in `groups`
  if (text.size() >= 2 && text[0] == ':' && text[1] == ':') {
    gap = 0;
    text.remove_prefix(2);
  }
  while (!text.empty()) {
    if (used == 16) {
      return false;
    }
    if (used <= 12 && text.find('.') != std::string_view::npos && text.find(':') == std::string_view::npos) {
      if (!read_ipv4(text, groups + used)) {
        return false;
      }
      used += 4;
      break;
    }
    unsigned value = 0;
    std::size_t size = 0;
    while (size < text.size() && hex_digit(text[size]) >= 0) {
      if (size == 4) {
        return false;
      }
      value = value * 16 + static_cast<unsigned>(hex_digit(text[size]));
      size++;
    }
    if (size == 0) {
      return false;
    }
    groups[used++] = static_cast<std::uint8_t>(value >> 8);
    groups[used++] = static_cast<std::uint8_t>(value);
    text.remove_prefix(size);
    if (text.empty()) {
      break;
    }
    if (text[0] != ':' || text.size() == 1) {
      return false;
    }
    text.remove_prefix(1);
    if (text[0] == ':') {
      if (gap != 17) {
        return false;
      }
      gap = used;
      text.remove_prefix(1);
    }
  }
  if (gap == 17) {
    if (used != 16) {
      return false;
    }
    gap = 16;
  } else if (used == 16) {
    return false;
  }
  std::memset(out, 0, 16);
  std::memcpy(out, groups, gap);
  std::memcpy(out + 16 - (used - gap), groups + gap, used - gap);
  return true;
}

}  // namespace

bool is_dns_name(std::string_view text) {
  if (text.empty() || text.size() > kMaxName) {
    return false;
  }
  while (true) {
    const std::size_t dot = text.find('.');
    const bool last = dot == std::string_view::npos;
    const std::string_view label(text.data(), last ? text.size() : dot);
    if (!is_label(label)) {
      return false;
    }
    if (last) {
      return !is_number(label);
    }
    text.remove_prefix(dot + 1);
  }
}

bool is_wildcard_name(std::string_view text) {
  if (text.size() < 2 || text[0] != '*' || text[1] != '.' || text.size() > kMaxName) {
    return false;
  }
  const std::string_view parent = part(text, 2);
  return is_dns_name(parent) && parent.find('.') != std::string_view::npos;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) {
    return false;
  }
  for (std::size_t i = 0; i < a.size(); i++) {
    if (lower(a[i]) != lower(b[i])) {
      return false;
    }
  }
  return true;
}

bool is_within_domain(std::string_view base, std::string_view name) {
  if (base.empty() || name.size() <= base.size()) {
    return base.empty() || equal_ignoring_case(base, name);
  }
  const std::size_t start = name.size() - base.size();
  return name[start - 1] == '.' && equal_ignoring_case(base, part(name, start));
}

IpAddress parse_ip_address(std::string_view text) {
  IpAddress address;
  address.resize(4);
  if (read_ipv4(text, address.bytes_mut().data())) {
    return address;
  }
  address.resize(16);
  if (text.find(':') == std::string_view::npos || !read_ipv6(text, address.bytes_mut().data())) {
    address.clear();
  }
  return address;
}

}  // namespace ashlar::x509
