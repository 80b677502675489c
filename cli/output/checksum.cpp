// SPDX-License-Identifier: Apache-2.0
#include "output/checksum.hpp"

#include "failure/failure.hpp"
#include "output/terminal.hpp"

#include <cstdio>

namespace ashlar::cli {

std::string checksum_line(Bytes code, const std::string& file) {
  std::string line = hex(code) + "  ";
  bool escaped = false;
  for (const char c : file) {
    const char* const spelled = c == '\n' ? "\\n" : c == '\r' ? "\\r" : c == '\\' ? "\\\\" : nullptr;
    escaped |= spelled != nullptr;
    line += spelled != nullptr ? std::string(spelled) : std::string(1, c);
  }
  return (escaped ? "\\" : "") + line + "\n";
}

void for_each_file(const std::string& command, const std::vector<std::string>& files,
                   const std::function<void(const std::string&)>& use) {
  bool failed = false;
  for (const std::string& file : files.empty() ? std::vector<std::string>{"-"} : files) {
    try {
      use(file);
      std::fflush(stdout);
    } catch (const Failure& failure) {
      std::fprintf(stderr, "ashlar %s: %s\n", command.c_str(), failure.what());
      failed = true;
    }
  }
  if (failed) {
    throw Failure(Words{.cause = "not every file went well",
                        .found = "at least one file that could not be read",
                        .wanted = "files that can all be read",
                        .next = "see the messages above: each names its file"});
  }
}

}  // namespace ashlar::cli
