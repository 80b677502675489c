// SPDX-License-Identifier: Apache-2.0
// What hash and mac share: one line for each file, as sha256sum prints them.
#pragma once

#include <ashlar/base/bytes.hpp>

#include <functional>
#include <string>
#include <vector>

namespace ashlar::cli {

// The code in hex, two spaces and the name; a name with a newline or a backslash escaped, as sha256sum does.
std::string checksum_line(Bytes code, const std::string& file);

// Calls `use` for each of `files` ("-" where there is none). A file that cannot be read is told of on
// standard error, after the name of the command, and the rest goes on; a Failure at the end.
void for_each_file(const std::string& command, const std::vector<std::string>& files,
                   const std::function<void(const std::string&)>& use);

}  // namespace ashlar::cli
