// SPDX-License-Identifier: Apache-2.0
// What people do wrong, and what they are told: each message has its cause, what was found, what was wanted
// and what to do next.
#pragma once

#include "catch.hpp"
#include "cli/tool.hpp"

#include <sstream>
#include <string>

namespace ashlar::test {

// Phrases of each part. A part that is "" must be absent.
struct Told {
  std::string cause, found, wanted, next;
};

struct Misuse {
  std::string what;
  Arguments arguments;
  int status;
  Told told;
  std::string input = "";
};

// The line of a part, or nothing.
inline std::string part(const std::string& text, const std::string& label) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("  " + label)) {
      return line.substr(11);
    }
  }
  return "";
}

inline void check_told(const std::string& err, const Told& told) {
  INFO(err);
  // The message is the last output of the tool. Warnings and traces may come before it.
  const std::size_t start = err.rfind("\nashlar");
  const std::string message = start == std::string::npos ? err : err.substr(start + 1);
  const std::string cause = message.substr(0, message.find('\n'));
  CHECK(cause.starts_with("ashlar"));
  CHECK(cause.find(told.cause) != std::string::npos);
  for (const auto& [label, phrase] : {std::pair{"Found:   ", told.found}, std::pair{"Wanted:  ", told.wanted},
                                      std::pair{"Next:    ", told.next}}) {
    INFO(label << phrase);
    const std::string line = part(message, label);
    CHECK(line.empty() == phrase.empty());
    CHECK(line.find(phrase) != std::string::npos);
  }
  // No system error number replaces a reason, and no text is incomplete.
  CHECK(message.find("errno") == std::string::npos);
  CHECK(message.find(": :") == std::string::npos);
  CHECK(message.find("  \n") == std::string::npos);
}

inline void check_misuse(const Folder& folder, const Misuse& misuse) {
  const Finished done = run_tool(folder, misuse.arguments, misuse.input);
  INFO(misuse.what << done.out);
  CHECK(done.status == misuse.status);
  check_told(done.err, misuse.told);
}

}  // namespace ashlar::test
