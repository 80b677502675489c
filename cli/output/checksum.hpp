// SPDX-License-Identifier: Apache-2.0
// What hash and mac share: one line for each file, as sha256sum prints them.
#pragma once

#include <ashlar/base/bytes.hpp>

#include <functional>
#include <string>
#include <vector>

namespace ashlar::cli {

// The code in hex, two spaces and the name. Newlines and backslashes in it are escaped, as by sha256sum.
std::string checksum_line(Bytes code, const std::string& file);

// Calls `use` for each of `files` ("-" if there is none). An unreadable file is reported on standard error,
// with the name of the command. The others are still processed, and a Failure follows at the end.
void for_each_file(const std::string& command, const std::vector<std::string>& files,
                   const std::function<void(const std::string&)>& use);

}  // namespace ashlar::cli
