// SPDX-License-Identifier: Apache-2.0
// How the tool gives up: an exception with the words for the person and the exit status for the program.
#pragma once

#include "failure/exit_code.hpp"

#include <ashlar/base/result.hpp>

#include <stdexcept>
#include <string>

namespace ashlar::cli {

// A message in its parts. The cause is always there; a part that is empty is left out.
struct Words {
  std::string cause;        // what failed: one line, without a full stop
  std::string usual = {};   // what usually causes it, where that is not plain
  std::string found = {};   // what is there
  std::string wanted = {};  // what should be there
  std::string next = {};    // what to do now
};
// The cause, and each other part on a line of its own.
std::string lines_of(const Words& words);

// What the error table and the advice know of an error. about: the file or host that it is about.
Words words_of(const std::string& about, const Error& error);

class Failure : public std::runtime_error {
 public:
  explicit Failure(const std::string& text, ExitCode code = ExitCode::failed)
      : std::runtime_error(text), code_(code) {}
  explicit Failure(const Words& words, ExitCode code = ExitCode::failed) : Failure(lines_of(words), code) {}
  Failure(const std::string& about, const Error& error, ExitCode code = ExitCode::failed)
      : Failure(words_of(about, error), code) {}

  ExitCode code() const { return code_; }

 private:
  ExitCode code_;
};

// A call to the system that failed for the reason `number` (errno).
Words system_words(const std::string& about, int number, const std::string& wanted = {});

// The error as describe() has it, errno in words, and where more is told:
// "a record was forged or damaged: its authentication failed [RFC 5246 §6.2.3] (more: ashlar explain …)".
std::string sentence(const Error& error);

// A word as a shell takes it: with quotes where it needs them.
std::string quoted(const std::string& word);

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
