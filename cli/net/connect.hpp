// SPDX-License-Identifier: Apache-2.0
// TCP connections to names.
#pragma once

#include "net/asio.hpp"
#include "trace/trace.hpp"

#include <chrono>
#include <string>

namespace ashlar::cli {

// Connects: tries every address of the name in turn. Failure unreachable, with the reason for each.
asio::ip::tcp::socket connect(asio::io_context& io, const std::string& host, const std::string& port,
                              std::chrono::milliseconds timeout, Trace* trace);

// "127.0.0.1:443", "[::1]:443".
std::string address_text(const asio::ip::tcp::endpoint& endpoint);

}  // namespace ashlar::cli
