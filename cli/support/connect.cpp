// SPDX-License-Identifier: Apache-2.0
#include "support/connect.hpp"

#include "support/failure.hpp"

namespace ashlar::cli {

std::string address_text(const asio::ip::tcp::endpoint& endpoint) {
  const std::string address = endpoint.address().to_string();
  return (endpoint.address().is_v6() ? "[" + address + "]" : address) + ":" + std::to_string(endpoint.port());
}

namespace {

// RFC 6761 §6.3: names under "localhost" are this machine, also where no file or server says so.
bool is_localhost(std::string_view host) {
  constexpr std::string_view kName = "localhost";
  return host == kName || (host.ends_with(kName) && host[host.size() - kName.size() - 1] == '.');
}

}  // namespace

asio::ip::tcp::socket connect(asio::io_context& io, const std::string& host, const std::string& port,
                              std::chrono::milliseconds timeout, Trace* trace) {
  std::error_code error;
  asio::ip::tcp::resolver resolver(io);
  auto addresses = resolver.resolve(host, port, error);
  if (error && is_localhost(host)) {
    addresses = resolver.resolve("127.0.0.1", port, error);
  }
  if (error) {
    throw Failure(host + ": " + error.message(), ExitCode::unreachable);
  }
  std::string reasons;
  for (const auto& address : addresses) {
    const asio::ip::tcp::endpoint endpoint = address.endpoint();
    if (trace != nullptr) {
      trace->connecting(address_text(endpoint));
    }
    asio::ip::tcp::socket socket(io);
    error = asio::error::timed_out;
    socket.async_connect(endpoint, [&error](std::error_code result) { error = result; });
    io.restart();
    io.run_for(timeout);
    if (!error) {
      if (trace != nullptr) {
        trace->connected(address_text(endpoint));
      }
      return socket;
    }
    const std::string reason = error.message();
    socket.close(error);
    io.restart();
    io.run();
    if (trace != nullptr) {
      trace->note(reason);
    }
    reasons += (reasons.empty() ? "" : "; ") + address_text(endpoint) + ": " + reason;
  }
  throw Failure(host + ": no address answers (" + reasons + ")", ExitCode::unreachable);
}

void add_policy(CLI::App& command, PolicyOptions& options) {
  command
      .add_option("--policy", options.name,
                  "modern: ECDHE with AES-GCM; compat: RSA key transport and AES-CBC too, for old peers")
      ->check(CLI::IsMember(std::vector<std::string>{"modern", "compat"}))
      ->capture_default_str();
  command.add_option(
      "--suites", options.suites,
      "Only these cipher suites of the policy, in this order: NAME,… (IANA's names or OpenSSL's)");
}

ChosenPolicy::ChosenPolicy(const PolicyOptions& options)
    : policy_(options.name == "compat" ? tls::policy::compat : tls::policy::modern) {
  for (const std::string_view name : split_list(options.suites)) {
    const tls::CipherSuite* found = nullptr;
    std::string all;
    for (const tls::CipherSuite* const suite : policy_.suites) {
      if (suite->name == name || suite->openssl_name == name) {
        found = suite;
      }
      all += (all.empty() ? "" : ", ") + std::string(suite->name);
    }
    if (found == nullptr) {
      throw Failure(
          "the policy " + options.name + " has no cipher suite \"" + std::string(name) + "\"; it has " + all,
          ExitCode::usage);
    }
    suites_.push_back(found);
  }
  if (!suites_.empty()) {
    policy_.suites = suites_;
  }
}

std::vector<std::string_view> split_list(std::string_view list) {
  std::vector<std::string_view> parts;
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    parts.push_back(list.substr(0, comma));
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
  }
  return parts;
}

void add_trace(CLI::App& command, std::string& trace) {
  command.add_flag("--trace{messages}", trace, kTraceHelp);
}

}  // namespace ashlar::cli
