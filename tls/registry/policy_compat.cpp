// SPDX-License-Identifier: Apache-2.0
#include "registry/policy_rows.hpp"

#include <array>

namespace ashlar::tls::policy {
namespace {

constexpr const tls12::Suite* kMore[] = {&kRsaAes128GcmSha256, &kRsaAes128CbcSha256};

constexpr auto kSuites = [] {
  constexpr std::size_t kModern = std::size(kModernSuites);
  std::array<const tls12::Suite*, kModern + std::size(kMore)> suites{};
  for (std::size_t i = 0; i < suites.size(); ++i) {
    suites[i] = i < kModern ? kModernSuites[i] : kMore[i - kModern];
  }
  return suites;
}();

}  // namespace

constinit const Policy compat = {"compat", kSuites, kModernGroups, kModernSchemes, false, &x509::kAllKeys};

}  // namespace ashlar::tls::policy
