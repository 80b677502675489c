// SPDX-License-Identifier: Apache-2.0
// Runs another program and reads its output, for tests that compare Ashlar with peers.
#pragma once

#include <cstdio>
#include <stdexcept>
#include <string>

namespace ashlar::test {

// Whether the shell finds a program of this name.
inline bool has_program(const std::string& name) {
  return std::system(("command -v " + name + " >/dev/null 2>&1").c_str()) == 0;
}

// What a shell command prints to its standard output. Throws if it fails.
inline std::string output_of(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) {
    throw std::runtime_error("cannot run: " + command);
  }
  std::string text;
  char chunk[4096];
  for (std::size_t size; (size = fread(chunk, 1, sizeof chunk, pipe)) > 0;) {
    text.append(chunk, size);
  }
  if (pclose(pipe) != 0) {
    throw std::runtime_error("failed: " + command);
  }
  return text;
}

}  // namespace ashlar::test
