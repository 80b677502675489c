// SPDX-License-Identifier: Apache-2.0
// The options that every command that speaks TLS has.
#pragma once

#include <ashlar/tls/policy.hpp>

#include <CLI/CLI.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace ashlar::cli {

// --policy and --suites: which suites, groups and schemes a connection may use.
struct PolicyOptions {
  std::string name = "modern";
  std::string suites;
};
void add_policy(CLI::App& command, PolicyOptions& options);

// The policy that the options ask for.
class ChosenPolicy {
 public:
  // Failure for a suite that no policy has.
  explicit ChosenPolicy(const PolicyOptions& options);
  const tls::Policy* policy() const { return &policy_; }

 private:
  std::vector<const tls::tls12::Suite*> suites_;
  tls::Policy policy_;
};

// Splits "a,b,c".
std::vector<std::string_view> split_list(std::string_view list);

// The same for application protocols. A name that TLS cannot carry is a Failure (RFC 7301 §3.1).
std::vector<std::string_view> alpn_list(std::string_view list);

void add_trace(CLI::App& command, std::string& trace);

}  // namespace ashlar::cli
