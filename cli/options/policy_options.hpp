// SPDX-License-Identifier: Apache-2.0
// The options that every command that speaks TLS has.
#pragma once

#include <ashlar/tls/policy.hpp>

#include <CLI/CLI.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace ashlar::cli {

// --policy, --suites, --groups, --schemes and --tls: which versions, suites, groups and schemes a connection
// may use.
struct PolicyOptions {
  std::string name = "modern";
  bool given = false;  // on the command line
  std::string suites;
  std::string schemes;
  std::string groups;
  std::string compressions;
  std::string version;  // "1.2", "1.3", or empty: what the policy says
};
void add_policy(CLI::App& command, PolicyOptions& options);

// --min-rsa: the smallest RSA key of a chain, in bits; 0: what is safe at all.
CLI::Option* add_minimum_rsa(CLI::App& command, std::uint32_t& bits);

// Keys as `from` has them, RSA keys from `minimum` bits on.
class ChosenKeys {
 public:
  ChosenKeys(const x509::KeySet& from, std::uint32_t minimum_rsa)
      : minimum_{{&x509::kRsa, minimum_rsa}, {&x509::kRsaPss, minimum_rsa}}, keys_(from) {
    if (minimum_rsa > 0) {
      keys_.minimum_sizes = minimum_;
    }
  }
  ChosenKeys(const ChosenKeys&) = delete;
  ChosenKeys& operator=(const ChosenKeys&) = delete;
  const x509::KeySet* keys() const { return &keys_; }

 private:
  x509::MinimumSize minimum_[2];
  x509::KeySet keys_;
};

// The policy that the options ask for.
class ChosenPolicy {
 public:
  // Failure for a suite, a group or a scheme that is not there to choose.
  explicit ChosenPolicy(const PolicyOptions& options);
  const tls::Policy* policy() const { return &policy_; }

 private:
  void take_suite(std::string_view name, const PolicyOptions& options);

  std::vector<const tls::tls12::Suite*> suites_;
  std::vector<const tls::tls13::Suite*> tls13_suites_;
  std::vector<const tls::Group*> groups_;
  std::vector<const tls::Scheme*> schemes_;
  std::vector<const tls::CertificateCompression*> compressions_;
  tls::Policy policy_;
};

// Splits "a,b,c".
std::vector<std::string_view> split_list(std::string_view list);

// The same for application protocols. A name that TLS cannot carry is a Failure (RFC 7301 §3.1).
std::vector<std::string_view> alpn_list(std::string_view list);

void add_trace(CLI::App& command, std::string& trace);

// --starttls. what: what the command does with it.
void add_starttls(CLI::App& command, std::string& name, const std::string& what);

}  // namespace ashlar::cli
