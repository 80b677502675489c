// SPDX-License-Identifier: Apache-2.0
#include "net/connect.hpp"

#include "failure/failure.hpp"

#include <algorithm>
#include <vector>

namespace ashlar::cli {

std::string address_text(const asio::ip::tcp::endpoint& endpoint) {
  const std::string address = endpoint.address().to_string();
  return (endpoint.address().is_v6() ? "[" + address + "]" : address) + ":" + std::to_string(endpoint.port());
}

namespace {

// RFC 6761 §6.3: names under "localhost" are this machine, even if no file or server says so. A name may end
// with the root's dot, and letters have no case.
bool is_localhost(std::string_view host) {
  constexpr std::string_view kName = "localhost";
  if (host.ends_with('.')) {
    host.remove_suffix(1);
  }
  if (host.size() < kName.size()) {
    return false;
  }
  const std::string_view end = host.substr(host.size() - kName.size());
  const bool same = std::equal(end.begin(), end.end(), kName.begin(), [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
  });
  return same && (host.size() == kName.size() || host[host.size() - kName.size() - 1] == '.');
}

}  // namespace

std::vector<asio::ip::tcp::endpoint> resolve(asio::io_context& io, const std::string& host,
                                             const std::string& port) {
  SystemError error;
  asio::ip::tcp::resolver resolver(io);
  std::vector<asio::ip::tcp::endpoint> endpoints;
  for (const auto& address : resolver.resolve(host, port, error)) {
    endpoints.push_back(address.endpoint());
  }
  if (is_localhost(host)) {
    // A server may listen on either address, whatever /etc/hosts says.
    for (const char* const loopback : {"::1", "127.0.0.1"}) {
      SystemError failed;
      for (const auto& address : resolver.resolve(loopback, port, failed)) {
        if (std::find(endpoints.begin(), endpoints.end(), address.endpoint()) == endpoints.end()) {
          endpoints.push_back(address.endpoint());
        }
      }
    }
  }
  if (const std::size_t zone = host.find('%'); endpoints.empty() && zone != std::string::npos) {
    throw Failure(Words{.cause = host + ": this system knows no such address (" + error.message() + ")",
                        .usual = "There is no such interface, or the address needs none.",
                        .found = "the zone \"" + host.substr(zone + 1) + "\" behind " + host.substr(0, zone),
                        .wanted = "the name of an interface behind an address of one link (fe80::…)",
                        .next = "see the interfaces: ip address; leave the zone out for other addresses"},
                  ExitCode::unreachable);
  }
  if (endpoints.empty()) {
    throw Failure(Words{.cause = host + ": the name has no address (" + error.message() + ")",
                        .usual = "The name is misspelled, or no name server answers.",
                        .found = "no address for \"" + host + "\"",
                        .wanted = "a name that this system resolves, or an IP address",
                        .next = "getent hosts " + quoted(host)},
                  ExitCode::unreachable);
  }
  return endpoints;
}

void listen_on(asio::ip::tcp::acceptor& acceptor, const asio::ip::tcp::endpoint& endpoint,
               const std::string& option) {
  try {
    acceptor.open(endpoint.protocol());
    acceptor.set_option(asio::ip::tcp::acceptor::reuse_address(true));
    acceptor.bind(endpoint);
    acceptor.listen();
  } catch (const boost::system::system_error& error) {
    Words words = system_words(address_text(endpoint), error.code().value());
    words.wanted = "an address and a port that this server may listen on";
    if (error.code() == asio::error::address_in_use) {
      words.found = "another program that listens there";
      words.next =
          "end that one (ss -ltnp shows it), or take another " + option + "; 0 takes one that is free";
    } else if (error.code() == asio::error::access_denied) {
      words.found = "a port below 1024, which is for root, most likely";
      words.next = "take a " + option + " of 1024 or more";
    } else {
      words.found = "an address that this machine does not have, most likely";
      words.next = "see the addresses: ip address; 0.0.0.0 or :: are all of them";
    }
    throw Failure(words);
  }
}

asio::ip::tcp::socket connect(asio::io_context& io, const std::string& host, const std::string& port,
                              std::chrono::milliseconds timeout, Trace* trace) {
  const std::vector<asio::ip::tcp::endpoint> endpoints = resolve(io, host, port);
  SystemError error;
  std::string reasons;
  for (const asio::ip::tcp::endpoint& endpoint : endpoints) {
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
  throw Failure(Words{.cause = host + ": no address answers",
                      .usual = "No server listens on this port, or a firewall drops what is sent.",
                      .found = reasons,
                      .wanted = "a server that takes connections on port " + port,
                      .next = "check host and port, and that the server runs (ss -ltn on its machine)"},
                ExitCode::unreachable);
}

}  // namespace ashlar::cli
