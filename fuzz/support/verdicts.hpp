// SPDX-License-Identifier: Apache-2.0
// The verdicts on seeds, as corpus/<target>.verdicts lists them.
#pragma once

#include "support/check.hpp"

#include <fstream>
#include <map>
#include <string>

namespace ashlar::fuzz {

// The last verdict in the form of a list: the text, a number, the name of an error.
inline std::string verdict_text() {
  std::string text = last_verdict.text;
  if (last_verdict.has_number) {
    text += " " + std::to_string(last_verdict.number);
  }
  if (const ErrorRow* const row = error_row(last_verdict.error)) {
    text += " " + std::string(row->name);
  }
  return text;
}

// A list of verdicts: the name of a seed, a colon, a blank, and the verdict.
inline std::map<std::string, std::string> read_verdicts(const std::string& path) {
  std::map<std::string, std::string> verdicts;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (const std::size_t colon = line.find(": "); colon != std::string::npos) {
      verdicts[line.substr(0, colon)] = line.substr(colon + 2);
    }
  }
  return verdicts;
}

}  // namespace ashlar::fuzz
