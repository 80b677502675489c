// SPDX-License-Identifier: Apache-2.0
// Reports what went wrong. An error of Ashlar is shown by the name of its row, between colons, and
// config.json refers to it by that name.
#pragma once

#include <ashlar/base/describe.hpp>
#include <ashlar/tls/registry.hpp>

#include <stdexcept>
#include <string>

namespace bogo {

// A connection or its preparation failed.
struct Failed : std::runtime_error {
  Failed(ashlar::Error error, const std::string& what);
};

// The value, or Failed.
template <class T>
T need(ashlar::Result<T> result, const std::string& what) {
  if (!result) {
    throw Failed(result.error(), what);
  }
  return std::move(*result);
}
inline void need(ashlar::Result<void> result, const std::string& what) {
  if (!result) {
    throw Failed(result.error(), what);
  }
}

}  // namespace bogo
