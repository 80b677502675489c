// SPDX-License-Identifier: Apache-2.0
// Symmetric keys from files.
#pragma once

#include "files/files.hpp"

#include <string>
#include <string_view>

namespace ashlar::cli {

// The bytes of hex digits. Spaces and newlines around them are ignored. about: what a Failure names.
FileBytes unhex_key(std::string_view text, const std::string& about);

// A key of `size` bytes from a file: the bytes themselves, or twice as many hex digits.
FileBytes read_key(const std::string& path, std::size_t size);

}  // namespace ashlar::cli
