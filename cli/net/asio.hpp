// SPDX-License-Identifier: Apache-2.0
// The parts of Boost.Asio that the tool uses, under a short name.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

namespace ashlar::cli {

namespace asio = boost::asio;
// The system's error: errno or a resolver's code, with its text.
using SystemError = boost::system::error_code;

}  // namespace ashlar::cli
