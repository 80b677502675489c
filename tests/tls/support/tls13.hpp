// SPDX-License-Identifier: Apache-2.0
// A Setup whose connections speak TLS 1.3, with rows that a test may choose.
#pragma once

#include "tls/support/works.hpp"

namespace ashlar::test {

struct Tls13Setup : Setup {
  explicit Tls13Setup(std::uint64_t seed = 1) : Setup(seed) {
    client_policy = server_policy = tls::policy::compat;
    client.policy = &client_policy;
    server.policy = &server_policy;
  }
  void use_suite(const tls::tls13::Suite& suite) {
    suites13[0] = &suite;
    client_policy.tls13_suites = server_policy.tls13_suites = suites13;
  }
  // Client and server each have these groups.
  void use_groups(std::span<const tls::Group* const> of_client,
                  std::span<const tls::Group* const> of_server) {
    client_policy.groups = of_client;
    server_policy.groups = of_server;
  }

  tls::Policy client_policy, server_policy;
  const tls::tls13::Suite* suites13[1] = {};
};

}  // namespace ashlar::test
