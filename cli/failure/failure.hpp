// SPDX-License-Identifier: Apache-2.0
// How the tool gives up: an exception with the sentence for the person and the exit status for the program.
#pragma once

#include "failure/exit_code.hpp"

#include <ashlar/base/result.hpp>

#include <stdexcept>
#include <string>

namespace ashlar::cli {

class Failure : public std::runtime_error {
 public:
  explicit Failure(const std::string& text, ExitCode code = ExitCode::failed)
      : std::runtime_error(text), code_(code) {}
  // about: the file or host that the error is about.
  Failure(const std::string& about, const Error& error, ExitCode code = ExitCode::failed);

  ExitCode code() const { return code_; }

 private:
  ExitCode code_;
};

// The error as describe() has it, errno in words, and where more is told:
// "a record was forged or damaged: its authentication failed [RFC 5246 §6.2.3] (more: ashlar explain …)".
std::string sentence(const Error& error);

// The value, or a Failure about `about`.
template <class T>
T value_of(Result<T> result, const std::string& about, ExitCode code = ExitCode::failed) {
  if (!result) {
    throw Failure(about, result.error(), code);
  }
  return std::move(*result);
}
inline void check(const Result<void>& result, const std::string& about, ExitCode code = ExitCode::failed) {
  if (!result) {
    throw Failure(about, result.error(), code);
  }
}

}  // namespace ashlar::cli
