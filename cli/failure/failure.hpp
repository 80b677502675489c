// SPDX-License-Identifier: Apache-2.0
// How the tool fails: an exception with words for the user and an exit status for programs.
#pragma once

#include "failure/exit_code.hpp"

#include <ashlar/base/result.hpp>

#include <stdexcept>
#include <string>

namespace ashlar::cli {

// A message in parts. The cause is always present; empty parts are left out.
struct Words {
  std::string cause;        // what failed: one line, without a full stop
  std::string usual = {};   // the usual cause, if it is not obvious
  std::string found = {};   // what was found
  std::string wanted = {};  // what was expected
  std::string next = {};    // what to do now
};
// The cause, and each other part on its own line.
std::string lines_of(const Words& words);

// What the error table and the advice say about an error. about: the file or host that it concerns.
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

// For a system call that failed with `number` (errno).
Words system_words(const std::string& about, int number, const std::string& wanted = {});

// The error as in describe(), errno in words, and where to read more: "a record was forged or damaged: its
// authentication failed [RFC 5246 §6.2.3] (more: ashlar explain …)".
std::string sentence(const Error& error);

// A word for a shell, with quotes if it needs them.
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
