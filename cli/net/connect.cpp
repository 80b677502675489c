// SPDX-License-Identifier: Apache-2.0
#include "net/connect.hpp"

#include "failure/failure.hpp"

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
  SystemError error;
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
    socket.async_connect(endpoint, [&error](SystemError result) { error = result; });
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

}  // namespace ashlar::cli
