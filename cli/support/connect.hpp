// SPDX-License-Identifier: Apache-2.0
// TCP connections to names, and the options that every command that speaks TLS has.
#pragma once

#include "support/trace.hpp"

#include <ashlar/tls/policy.hpp>

#include <CLI/CLI.hpp>
#include <asio.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace ashlar::cli {

// Connects; every address of the name is tried in turn. Failure unreachable, with the reason of each.
asio::ip::tcp::socket connect(asio::io_context& io, const std::string& host, const std::string& port,
                              std::chrono::milliseconds timeout, Trace* trace);

// "127.0.0.1:443", "[::1]:443".
std::string address_text(const asio::ip::tcp::endpoint& endpoint);

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
  std::vector<const tls::CipherSuite*> suites_;
  tls::Policy policy_;
};

// "a,b,c" in parts.
std::vector<std::string_view> split_list(std::string_view list);

void add_trace(CLI::App& command, std::string& trace);

}  // namespace ashlar::cli
