// SPDX-License-Identifier: Apache-2.0
#include "report.hpp"

namespace bogo {

using namespace ashlar;

namespace {

std::string told(Error error, const std::string& what) {
  const ErrorRow* const row = error_row(error.code);
  std::string text = what + ": :" + std::string(row->name) + ":";
  if (error == ErrorCode::peer_alert) {
    text += " " + std::string(tls::name(static_cast<Alert>(error.detail))) + " (" +
            std::to_string(error.detail) + ")";
  }
  char line[kDescribeSize];
  return text + "\n" + std::string(describe(error, line));
}

}  // namespace

Failed::Failed(Error error, const std::string& what) : runtime_error(told(error, what)) {}

}  // namespace bogo
