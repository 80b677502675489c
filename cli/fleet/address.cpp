// SPDX-License-Identifier: Apache-2.0
#include "failure/failure.hpp"
#include "fleet/redis.hpp"
#include "output/terminal.hpp"

namespace ashlar::cli {

RedisAddress redis_address(const std::string& url) {
  constexpr std::string_view kScheme = "redis://";
  const auto refuse = [&](const std::string& found) {
    return Failure(Words{.cause = "--session-cache does not take this address of Redis",
                         .found = found,
                         .wanted = "redis://HOST, redis://HOST:PORT or redis://HOST:PORT/DATABASE",
                         .next = "write --session-cache redis://127.0.0.1:6379"},
                   ExitCode::usage);
  };
#ifndef ASHLAR_REDIS
  throw Failure(Words{.cause = "this ashlar was built without Redis",
                      .found = "--session-cache " + escape(std::string_view(url)),
                      .wanted = "a build with hiredis, which speaks to Redis",
                      .next = "install libhiredis-dev and build again with -Dredis=enabled, or share tickets "
                              "alone: --session-cache off --ticket-keys FILE"},
                ExitCode::usage);
#endif
  RedisAddress address;
  std::string rest = url.substr(kScheme.size());
  if (rest.find('@') != std::string::npos) {
    throw refuse(
        "a user or a password in the address, which everyone on this machine can read; give "
        "--redis-password-file FILE");
  }
  const std::string shown = "\"" + escape(std::string_view(url)) + "\"";
  const auto number = [&](const std::string& text, int most) {
    const bool digits =
        !text.empty() && text.size() <= 5 && text.find_first_not_of("0123456789") == text.npos;
    if (!digits || std::stoi(text) > most) {
      throw refuse(shown);
    }
    return std::stoi(text);
  };
  if (const std::size_t slash = rest.find('/'); slash != rest.npos) {
    if (slash + 1 < rest.size()) {
      address.database = number(rest.substr(slash + 1), 65535);
    }
    rest.resize(slash);
  }
  // A colon in brackets is part of an IPv6 address.
  const std::size_t bracket = rest.find(']');
  const std::size_t colon = rest.find(':', bracket == rest.npos ? 0 : bracket);
  if (colon != rest.npos) {
    address.port = std::to_string(number(rest.substr(colon + 1), 65535));
    rest.resize(colon);
  }
  if (!rest.empty() && rest.front() == '[' && rest.back() == ']') {
    rest = rest.substr(1, rest.size() - 2);
  }
  if (rest.empty() || address.port == "0") {
    throw refuse(shown);
  }
  address.host = rest;
  return address;
}

}  // namespace ashlar::cli
