// SPDX-License-Identifier: Apache-2.0
// Errors as sentences, for the messages of failing tests.
#pragma once

#include <ashlar/base/describe.hpp>
#include <ashlar/base/result.hpp>

#include <string>

namespace ashlar::test {

inline std::string sentence(const Error& error) {
  char line[kDescribeSize];
  return std::string(describe(error, line));
}

// The sentence of a result's error; "success" if it has none.
template <class T>
std::string sentence_of(const Result<T>& result) {
  return result ? "success" : sentence(result.error());
}

}  // namespace ashlar::test
