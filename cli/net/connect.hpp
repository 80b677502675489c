// SPDX-License-Identifier: Apache-2.0
// TCP connections to names.
#pragma once

#include "net/asio.hpp"
#include "trace/trace.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace ashlar::cli {

// Every address of the name. Failure unreachable if it has none.
std::vector<asio::ip::tcp::endpoint> resolve(asio::io_context& io, const std::string& host,
                                             const std::string& port);

// Opens, binds and listens. option: the one that named the endpoint, for messages.
void listen_on(asio::ip::tcp::acceptor& acceptor, const asio::ip::tcp::endpoint& endpoint,
               const std::string& option);

// Connects: tries every address of the name in turn. Failure unreachable, with the reason for each.
asio::ip::tcp::socket connect(asio::io_context& io, const std::string& host, const std::string& port,
                              std::chrono::milliseconds timeout, Trace* trace);

// "127.0.0.1:443", "[::1]:443".
std::string address_text(const asio::ip::tcp::endpoint& endpoint);

}  // namespace ashlar::cli
