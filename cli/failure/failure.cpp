// SPDX-License-Identifier: Apache-2.0
#include "failure/failure.hpp"

#include <ashlar/base/describe.hpp>
#include <ashlar/tls/registry.hpp>

#include <cstring>

namespace ashlar::cli {

std::string sentence(const Error& error) {
  if (error == ErrorCode::system_call_failed) {
    return std::strerror(static_cast<int>(error.detail));
  }
  char line[kDescribeSize];
  std::string text(describe(error, line));
  if (error == ErrorCode::peer_alert) {
    const std::string_view name = tls::name(static_cast<Alert>(error.detail));
    return text + ": " + std::string(name) + " (more: ashlar explain " + std::to_string(error.detail) + ")";
  }
  if (const ErrorRow* const row = error_row(error.code)) {
    text += " (more: ashlar explain " + std::string(row->name) + ")";
  }
  return text;
}

Failure::Failure(const std::string& about, const Error& error, ExitCode code)
    : Failure(about + ": " + sentence(error), code) {}

}  // namespace ashlar::cli
