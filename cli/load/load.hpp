// SPDX-License-Identifier: Apache-2.0
// Measures a server: many handshakes or requests on several connections at once, for a bounded time and
// number.
#pragma once

#include "net/driver.hpp"
#include "options/client_setup.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace ashlar::cli {

enum class LoadWork { full, resumed, data };

struct LoadOptions {
  std::string about;   // "HOST:PORT"
  std::string name;    // the server's, as the certificate must have it
  std::string host;    // of the request
  std::string target;  // of the request
  asio::ip::tcp::endpoint endpoint;
  unsigned connections = 8;
  std::uint64_t count = 10'000;  // handshakes or requests, at most
  std::chrono::milliseconds time{3000};
  std::chrono::milliseconds patience{30'000};  // for each
};

struct LoadResult {
  std::uint64_t done = 0, failed = 0, not_resumed = 0, bytes = 0;
  std::chrono::nanoseconds elapsed{};
  std::vector<float> latencies;  // ms, sorted: TCP and TLS, or from a request to the end of its response
  std::string failure;           // the first one's words
  double busy = 0;               // this process's share of a core

  double per_second() const;
  // 0 to 100; 0 without any.
  double percentile(double percent) const;
};

// One handshake: what was agreed, and its session, for which it waits a little. Throws Failure.
struct LoadSample {
  std::string agreed;
  std::optional<tls::Session> session;
};
LoadSample sample(const LoadOptions& options, const tls::ClientConfig& config, const ClientSetup& setup);

// session: what `resumed` resumes. Throws Failure if not even one succeeds, not_http if what answers a
// request is no HTTP.
LoadResult measure(const LoadOptions& options, LoadWork work, const tls::ClientConfig& config,
                   const ClientSetup& setup, const tls::Session* session);

}  // namespace ashlar::cli
