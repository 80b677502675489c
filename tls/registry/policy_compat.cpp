// SPDX-License-Identifier: Apache-2.0
#include "registry/policy_rows.hpp"

#include <array>

namespace ashlar::tls::policy {
namespace {

// Best first: forward secrecy before none, authenticated encryption before CBC, long tags before short ones.
constexpr const tls12::Suite* kMore[] = {
    &kEcdheEcdsaAes128Ccm,
    &kEcdheEcdsaAes256Ccm,
    &kEcdheEcdsaAes128CbcSha256,
    &kEcdheRsaAes128CbcSha256,
    &kEcdheEcdsaAes128CbcSha,
    &kEcdheRsaAes128CbcSha,
    &kEcdheEcdsaAes256CbcSha384,
    &kEcdheRsaAes256CbcSha384,
    &kEcdheEcdsaAes256CbcSha,
    &kEcdheRsaAes256CbcSha,
    &kEcdheEcdsaAes128Ccm8,
    &kEcdheEcdsaAes256Ccm8,
    &kDheRsaAes128GcmSha256,
    &kDheRsaAes256GcmSha384,
    &kDheRsaChaCha20Poly1305,
    &kDheRsaAes128Ccm,
    &kDheRsaAes256Ccm,
    &kDheRsaAes128CbcSha256,
    &kDheRsaAes128CbcSha,
    &kDheRsaAes256CbcSha256,
    &kDheRsaAes256CbcSha,
    &kDheRsaAes128Ccm8,
    &kDheRsaAes256Ccm8,
    &kRsaAes128GcmSha256,
    &kRsaAes256GcmSha384,
    &kRsaAes128Ccm,
    &kRsaAes256Ccm,
    &kRsaAes128CbcSha256,
    &kRsaAes128CbcSha,
    &kRsaAes256CbcSha256,
    &kRsaAes256CbcSha,
    &kRsaAes128Ccm8,
    &kRsaAes256Ccm8,
};

constexpr auto kSuites = [] {
  constexpr std::size_t kModern = std::size(kModernSuites);
  std::array<const tls12::Suite*, kModern + std::size(kMore)> suites{};
  for (std::size_t i = 0; i < suites.size(); ++i) {
    suites[i] = i < kModern ? kModernSuites[i] : kMore[i - kModern];
  }
  return suites;
}();

constexpr const Group* kMoreGroups[] = {&kSecp256r1MlKem768,
                                        &kSecp384r1MlKem1024,  // TLS 1.3 alone
                                        &kX448,
                                        &kFfdhe2048,
                                        &kFfdhe3072,
                                        &kFfdhe4096};

constexpr auto kGroups = [] {
  constexpr std::size_t kModern = std::size(kModernGroups);
  std::array<const Group*, kModern + std::size(kMoreGroups)> groups{};
  for (std::size_t i = 0; i < groups.size(); ++i) {
    groups[i] = i < kModern ? kModernGroups[i] : kMoreGroups[i - kModern];
  }
  return groups;
}();

constexpr const Scheme* kMoreSchemes[] = {&kRsaPssPssSha256, &kRsaPssPssSha384, &kRsaPssPssSha512};

constexpr auto kSchemes = [] {
  constexpr std::size_t kModern = std::size(kModernSchemes);
  std::array<const Scheme*, kModern + std::size(kMoreSchemes)> schemes{};
  for (std::size_t i = 0; i < schemes.size(); ++i) {
    schemes[i] = i < kModern ? kModernSchemes[i] : kMoreSchemes[i - kModern];
  }
  return schemes;
}();

}  // namespace

constinit const Policy compat = {"compat", kSuites,           kGroups,      kSchemes,
                                 false,    &x509::kUsualKeys, kAllVersions, kTls13Suites};

}  // namespace ashlar::tls::policy
