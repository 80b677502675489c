// SPDX-License-Identifier: Apache-2.0
// Matching a peer's name (RFC 9525 §6): DNS names against dNSName, and IP addresses against iPAddress.
// Nothing else is compared, and never the common name (X07).
#include <ashlar/x509/verify.hpp>

#include "dns_name.hpp"

namespace ashlar::x509 {
namespace {

// The wanted name, without the dot that may end a fully qualified name.
std::string_view without_final_dot(std::string_view name) {
  return !name.empty() && name.back() == '.' ? std::string_view(name.data(), name.size() - 1) : name;
}

bool matches_dns(std::string_view presented, std::string_view wanted) {
  if (is_dns_name(presented)) {
    return equal_ignoring_case(presented, wanted);
  }
  if (!is_wildcard_name(presented)) {
    return false;
  }
  // "*" stands for exactly one label.
  const std::size_t dot = wanted.find('.');
  if (dot == std::string_view::npos) {
    return false;
  }
  presented.remove_prefix(2);
  wanted.remove_prefix(dot + 1);
  return equal_ignoring_case(presented, wanted);
}

}  // namespace

Result<void> check_reference_name(std::string_view name) {
  if (name.empty()) {
    return ErrorCode::invalid_argument;
  }
  if (parse_ip_address(name).empty() && !is_dns_name(without_final_dot(name))) {
    return ErrorCode::bad_reference_name;
  }
  return {};
}

Result<void> match_name(const Certificate& certificate, std::string_view name) {
  ASHLAR_CHECK(check_reference_name(name));
  const IpAddress address = parse_ip_address(name);
  const std::string_view wanted = without_final_dot(name);
  GeneralNames names = certificate.subject_alt_names();
  while (const auto presented = names.next()) {
    const bool matches =
        address.empty()
            ? presented->type == GeneralName::Type::dns && matches_dns(text_of(presented->value), wanted)
            : presented->type == GeneralName::Type::ip && equal_public(presented->value, address.bytes());
    if (matches) {
      return {};
    }
  }
  return ErrorCode::name_mismatch;
}

}  // namespace ashlar::x509
