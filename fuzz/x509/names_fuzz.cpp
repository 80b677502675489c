// SPDX-License-Identifier: Apache-2.0
// DNS names, wildcards and IP addresses: as plain readings and inet_pton have them; a match is a match
//
// The input is two texts with a zero byte between them: what a certificate presents, and what is wanted.
#include "dns_name.hpp"

#include <ashlar/asn1/der_writer.hpp>
#include <ashlar/x509/verify.hpp>

#include <cctype>
#include <string>
#include <vector>

#include <arpa/inet.h>

#include "support/check.hpp"
#include "x509/mock.hpp"

using namespace ashlar;
using namespace ashlar::x509;

namespace {

std::vector<std::string> labels_of(const std::string& text) {
  std::vector<std::string> labels(1);
  for (const char c : text) {
    if (c == '.') {
      labels.emplace_back();
    } else {
      labels.back() += c;
    }
  }
  return labels;
}

std::string lower(std::string text) {
  for (char& c : text) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  return text;
}

bool plain_dns_name(const std::string& text) {
  if (text.empty() || text.size() > 253) {
    return false;
  }
  const auto labels = labels_of(lower(text));
  for (const std::string& label : labels) {
    if (label.empty() || label.size() > 63 || label[0] == '-' || label.back() == '-' ||
        label.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_") != std::string::npos) {
      return false;
    }
  }
  return labels.back().find_first_not_of("0123456789") != std::string::npos;
}

bool plain_wildcard(const std::string& text) {
  return text.size() <= 253 && text.starts_with("*.") && plain_dns_name(text.substr(2)) &&
         labels_of(text).size() >= 3;
}

// The bytes of an address; empty if the text is not an address. Like Ashlar, inet_pton takes no leading
// zeros.
std::string plain_address(const std::string& text) {
  char bytes[16];
  if (text.find('\0') != std::string::npos || text.find('%') != std::string::npos) {
    return {};
  }
  if (inet_pton(AF_INET, text.c_str(), bytes) == 1) {
    return {bytes, 4};
  }
  return inet_pton(AF_INET6, text.c_str(), bytes) == 1 ? std::string(bytes, 16) : std::string();
}

void check_text(const std::string& text) {
  FUZZ_CHECK(is_dns_name(text) == plain_dns_name(text));
  FUZZ_CHECK(is_wildcard_name(text) == plain_wildcard(text));
  const IpAddress address = parse_ip_address(text);
  const std::string expected = plain_address(text);
  FUZZ_CHECK(equal_public(address.bytes(), bytes_of(expected)));
}

// RFC 9525 §6.3, §6.4.
bool plain_match(const std::string& presented, std::string wanted) {
  if (!wanted.empty() && wanted.back() == '.') {
    wanted.pop_back();
  }
  if (plain_dns_name(presented)) {
    return lower(presented) == lower(wanted);
  }
  if (!plain_wildcard(presented)) {
    return false;
  }
  const auto theirs = labels_of(lower(presented)), ours = labels_of(lower(wanted));
  return theirs.size() == ours.size() &&
         std::vector(theirs.begin() + 1, theirs.end()) == std::vector(ours.begin() + 1, ours.end());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 600) {
    return -1;
  }
  const std::string all(reinterpret_cast<const char*>(data), size);
  const std::size_t zero = all.find('\0');
  const std::string presented = all.substr(0, zero),
                    wanted = zero == std::string::npos ? "" : all.substr(zero + 1);
  check_text(presented);
  check_text(wanted);
  FUZZ_CHECK(equal_ignoring_case(presented, wanted) == (lower(presented) == lower(wanted)));
  const bool below = presented.empty() || lower(wanted) == lower(presented) ||
                     lower(wanted).ends_with("." + lower(presented));
  FUZZ_CHECK(is_within_domain(presented, wanted) == below);

  // In a certificate: as a dNSName, and as an iPAddress if it is an address.
  fuzz::MockCertificate mock;
  const std::string address = plain_address(presented);
  mock.alt_names = {{0x82, {presented.begin(), presented.end()}}};
  if (!address.empty()) {
    mock.alt_names.push_back({0x87, {address.begin(), address.end()}});
  }
  const auto der = fuzz::make(mock);
  const auto parsed = Certificate::parse(der);
  if (!parsed) {
    fuzz::refused(parsed.error());
    return 0;
  }
  const auto matched = match_name(*parsed, wanted);
  const std::string reference =
      !wanted.empty() && wanted.back() == '.' ? wanted.substr(0, wanted.size() - 1) : wanted;
  const bool is_reference = !plain_address(wanted).empty() || plain_dns_name(reference);
  FUZZ_CHECK(check_reference_name(wanted).ok() == is_reference);
  if (!is_reference) {
    FUZZ_CHECK(!matched.ok() && matched.error() != ErrorCode::name_mismatch);
    fuzz::refused(matched.error());
    return 0;
  }
  const bool expected =
      plain_address(wanted).empty() ? plain_match(presented, wanted) : plain_address(wanted) == address;
  FUZZ_CHECK(matched.ok() == expected);
  // The same bytes in names of another form are no match.
  const std::string bytes = plain_address(wanted);
  fuzz::MockCertificate others;
  others.alt_names = {{0x81, {presented.begin(), presented.end()}},
                      {0x86, {presented.begin(), presented.end()}},
                      {0x82, {bytes.begin(), bytes.end()}},
                      {0x81, {bytes.begin(), bytes.end()}}};
  const auto others_der = fuzz::make(others);
  if (const auto other = Certificate::parse(others_der)) {
    FUZZ_CHECK(!match_name(*other, wanted).ok());
  }
  if (!matched) {
    FUZZ_CHECK(matched.error() == ErrorCode::name_mismatch);
    fuzz::refused(matched.error());
  } else {
    fuzz::accepted("matches");
  }
  return 0;
}
